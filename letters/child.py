"""The printing child: jobs in on stdin, papers or sentences out on stdout, under limits of memory and time (T12)."""

import gc
import json
import os
import resource
import struct
import sys
from base64 import b64decode
from typing import Any, BinaryIO

MEMORY = 1536 * 2**20  # address space; a paper of 300 rows needs a tenth of it
SECONDS = 110  # CPU time of one job
COLLECT_EVERY = 8


def main() -> None:
    """Serve jobs until stdin ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that prints by accident may land between two answers
    served = 0
    while (job := receive(sys.stdin.buffer)) is not None:
        allow(SECONDS)
        ok, body = answer(job)
        send(answers, {"ok": ok, "rss": resident()}, body)
        served += 1
        if served == 1:
            gc.disable()
            gc.freeze()
        elif served % COLLECT_EVERY == 0:
            gc.collect()


def answer(job: bytes) -> tuple[bool, bytes]:
    """The paper's bytes, or the sentence that says why there are none."""
    from letters.stopped import PressStopped

    try:
        return True, printed(json.loads(job))
    except PressStopped as stopped:
        return False, stopped.sentence.encode("utf-8", "backslashreplace")
    except MemoryError:
        return False, b"Naskah ini terlalu besar untuk dicetak sekaligus; bagi daftarnya atau hubungi pengelola."
    except Exception as error:  # no values in the sentence: facts hold personal data
        place = error.__traceback__
        while place and place.tb_next:
            place = place.tb_next
        where = f"{os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}" if place else "?"
        return False, f"Pencetakan gagal di {where} ({type(error).__name__}).".encode()


def printed(job: dict[str, Any]) -> bytes:
    """The job's paper, or its package when it brings parts; finished papers joined when it names no kind."""
    from letters.frozen import load
    from letters.marks import NAMED
    from letters.pack import assemble
    from letters.press import to_pdf
    from letters.print_set import joined

    if job["slug"] is None:
        return joined(((title, b64decode(each)) for title, each in job["parts"]), job["duplex"])
    letter = load(job["slug"], job["facts"])
    marks = NAMED[job["marks"]](**job["told"])
    if job["parts"] is not None:
        return assemble(letter, tuple(b64decode(each) for each in job["parts"]), marks)
    return to_pdf(letter, marks)


def allow(seconds: int) -> None:
    """CPU time is counted over the process's life: move the fence before each job."""
    use = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(use.ru_utime + use.ru_stime) + seconds, hard))


def resident() -> int:
    """Bytes of memory this child holds now."""
    with open("/proc/self/statm") as numbers:
        return int(numbers.read().split()[1]) * resource.getpagesize()


def receive(stream: BinaryIO) -> bytes | None:
    """One job; None when the parent has closed the pipe."""
    head = stream.read(4)
    return stream.read(struct.unpack(">I", head)[0]) if len(head) == 4 else None


def send(stream: BinaryIO, head: dict[str, Any], body: bytes) -> None:
    """One answer: two lengths, a small JSON head, the body."""
    first = json.dumps(head).encode()
    stream.write(struct.pack(">II", len(first), len(body)) + first + body)
    stream.flush()


if __name__ == "__main__":
    main()
