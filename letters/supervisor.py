"""Keeps one printing child: starts it lazily, kills it when it hangs, renews it when it has grown."""

import json
import os
import select
import struct
import subprocess
import sys
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import RLock
from time import monotonic
from types import TracebackType
from typing import Any

from letters.marks import Marks, Printout
from letters.stopped import PressStopped

ROOT = Path(__file__).parent.parent
CHILD = (sys.executable, "-m", "letters.child")


class Press:
    """Prints in a child process; one job at a time, safe to share between threads."""

    def __init__(self, seconds: float = 120, documents: int = 200, memory: int = 400 * 2**20,
                 command: tuple[str, ...] = CHILD) -> None:
        self.seconds, self.documents, self.memory, self.command = seconds, documents, memory, command
        self._child: subprocess.Popen[bytes] | None = None
        self._served, self._parent = 0, os.getpid()
        self._one_at_a_time = RLock()

    def print(self, slug: str, facts: dict[str, Any], marks: Marks) -> bytes:
        """One paper from its frozen facts (frozen.dump)."""
        return self._done({"slug": slug, "facts": facts, "parts": None}, marks)

    def assemble(self, slug: str, facts: dict[str, Any], parts: tuple[bytes, ...], marks: Marks) -> bytes:
        """A package: cover and contents from its facts, then the parts' own finished bytes."""
        return self._done({"slug": slug, "facts": facts, "parts": [b64encode(each).decode() for each in parts]}, marks)

    def join(self, documents: Sequence[tuple[str, bytes]], duplex: bool) -> bytes:
        """Finished papers one after the other, unchanged; each with its title as a bookmark."""
        parts = [[title, b64encode(content).decode()] for title, content in documents]
        return self._done({"slug": None, "parts": parts, "duplex": duplex}, Printout())

    def close(self) -> None:
        """End the child, if there is one."""
        with self._one_at_a_time:
            child, self._child, self._served = self._child, None, 0
            if child is None:
                return
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    pipe.close()

    def __del__(self) -> None:
        with suppress(Exception):
            if self._parent == os.getpid():
                self.close()

    def __enter__(self) -> "Press":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def _done(self, job: dict[str, Any], marks: Marks) -> bytes:
        job |= {"marks": type(marks).__name__, "told": asdict(marks)}
        message = json.dumps(job).encode()
        with self._one_at_a_time:
            try:
                head, body = self._exchanged(struct.pack(">I", len(message)) + message)
            except BaseException:
                self.close()
                raise
            self._served += 1
            if self._served >= self.documents or head["rss"] > self.memory:
                self.close()
        if not head["ok"]:
            raise PressStopped(body.decode())
        return body

    def _exchanged(self, message: bytes) -> tuple[dict[str, Any], bytes]:
        until = monotonic() + self.seconds
        child = self._running()
        assert child.stdin and child.stdout
        rest, read = memoryview(message), _Reader(child.stdout.fileno(), until, self.seconds)
        os.set_blocking(child.stdin.fileno(), False)
        while rest:
            if not select.select([], [child.stdin], [], max(0, until - monotonic()))[1]:
                raise _late(self.seconds)
            try:
                rest = rest[os.write(child.stdin.fileno(), rest[:65536]):]
            except BrokenPipeError as error:
                raise _crashed(child) from error
        try:
            first, second = struct.unpack(">II", read.exactly(8))
            return json.loads(read.exactly(first)), read.exactly(second)
        except EOFError as error:
            raise _crashed(child) from error

    def _running(self) -> subprocess.Popen[bytes]:
        if self._parent != os.getpid():  # after a fork the child is the other process's
            self._child, self._parent = None, os.getpid()
        if self._child is None or self._child.poll() is not None:
            self.close()
            # A bare environment: the child holds no key and no address of a database.
            bare = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            self._child = subprocess.Popen(
                self.command, cwd=ROOT, env=bare, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, bufsize=0)
        return self._child


class _Reader:
    def __init__(self, pipe: int, until: float, seconds: float) -> None:
        self.pipe, self.until, self.seconds = pipe, until, seconds

    def exactly(self, size: int) -> bytes:
        got = bytearray()
        while len(got) < size:
            if not select.select([self.pipe], [], [], max(0, self.until - monotonic()))[0]:
                raise _late(self.seconds)
            more = os.read(self.pipe, min(size - len(got), 2**20))
            if not more:
                raise EOFError
            got += more
        return bytes(got)


def _late(seconds: float) -> PressStopped:
    return PressStopped(f"Pencetakan dihentikan karena melewati {seconds:g} detik; coba lagi atau perkecil naskahnya.")


def _crashed(child: subprocess.Popen[bytes]) -> PressStopped:
    try:
        code = child.wait(5)
    except subprocess.TimeoutExpired:
        code = -1
    why = f"sinyal {-code}" if code < 0 else f"status {code}"
    return PressStopped(f"Proses pencetak berhenti mendadak ({why}); naskah ini belum tercetak, coba lagi.")
