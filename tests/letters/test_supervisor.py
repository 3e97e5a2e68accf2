"""The printing child: what hangs is killed, what crashes is told, and the next job works."""

import sys
import threading
from pathlib import Path

import pytest

from letters import PressStopped, kind
from letters.frozen import dump
from letters.press import Press, Preview
from letters.supervisor import CHILD

FACTS = dump(kind("surat_pernyataan").SAMPLE)
HANGING = """
import sys, time
from pathlib import Path
flag = Path({flag!r})
if not flag.exists():
    flag.touch()
    {first}
from letters import child
child.main()
"""


def press_whose_first_child(tmp_path: Path, does: str, **limits):
    program = HANGING.format(flag=str(tmp_path / "flag"), first=does)
    return Press(command=(sys.executable, "-c", program), **limits)


def test_the_child_prints_the_same_bytes_as_this_process(press_room):
    with Press() as press:
        assert press.print("surat_pernyataan", FACTS, press_room.issued) == press_room.sample("surat_pernyataan", True)
        assert press.print("surat_pernyataan", FACTS, Preview()) == press_room.sample("surat_pernyataan", False)


def test_the_child_assembles_a_package(press_room):
    from letters.pack import assemble

    its = kind("paket_desa").SAMPLE
    drafts = tuple(press_room.sample(slug, False) for slug in ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran"))
    with Press() as press:
        assert press.assemble("paket_desa", dump(its), drafts, Preview()) == assemble(its, drafts, Preview())


def test_a_hung_child_is_killed_and_the_next_job_works(tmp_path, press_room):
    with press_whose_first_child(tmp_path, "time.sleep(600)", seconds=3) as press:
        with pytest.raises(PressStopped, match="melewati 3 detik"):
            press.print("surat_pernyataan", FACTS, Preview())
        assert press._child is None
        press.seconds = 60
        assert press.print("surat_pernyataan", FACTS, Preview()) == press_room.sample("surat_pernyataan", False)


def test_a_crash_is_a_sentence_and_the_next_job_works(tmp_path, press_room):
    with press_whose_first_child(tmp_path, "import os; os.kill(os.getpid(), 9)") as press:
        with pytest.raises(PressStopped, match="berhenti mendadak"):
            press.print("surat_pernyataan", FACTS, Preview())
        assert press.print("surat_pernyataan", FACTS, Preview()) == press_room.sample("surat_pernyataan", False)


def test_a_refusal_in_the_child_is_the_same_sentence_here():
    with Press() as press, pytest.raises(PressStopped, match="kosong"):
        press.print("surat_pernyataan", FACTS | {"place": ""}, Preview())


def test_broken_facts_are_told_without_their_values():
    with Press() as press, pytest.raises(PressStopped) as stopped:
        press.print("surat_pernyataan", FACTS | {"people": "7302990101709001"}, Preview())
    assert "7302990101709001" not in stopped.value.sentence


def test_the_child_is_renewed_after_so_many_documents_and_when_it_has_grown():
    with Press(documents=1) as press:
        press.print("surat_pernyataan", FACTS, Preview())
        assert press._child is None
    with Press(memory=1) as press:
        press.print("surat_pernyataan", FACTS, Preview())
        assert press._child is None


def test_the_child_knows_no_secret_of_its_parent(monkeypatch):
    monkeypatch.setenv("SINERGI_SECRET_KEY", "rahasia")
    with Press() as press:
        press.print("surat_pernyataan", FACTS, Preview())
        assert b"rahasia" not in Path(f"/proc/{press._child.pid}/environ").read_bytes()


def test_too_much_memory_is_a_sentence(tmp_path):
    program = "from letters import child; child.MEMORY = 300 * 2**20; child.main()"
    with Press(command=(sys.executable, "-c", program)) as press, pytest.raises(PressStopped):
        big = dump(kind("lampiran_peserta").SAMPLE)
        group = big["groups"][0]
        press.print("lampiran_peserta", big | {"groups": [{**group, "people": group["people"] * 8000}], "people": 8000}, Preview())


def test_threads_may_share_one_press(press_room):
    found = []
    with Press() as press:
        def work():
            found.append(press.print("surat_pernyataan", FACTS, Preview()))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert found == [press_room.sample("surat_pernyataan", False)] * 4


def test_the_child_is_started_by_name():
    assert CHILD[1:] == ("-m", "letters.child")
