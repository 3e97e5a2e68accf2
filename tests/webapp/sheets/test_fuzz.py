"""A few spoilt files each time; two thousand by hand (tests/fuzz/sheets.py)."""

from tests.fuzz.sheets import fuzz


def test_spoilt_files_are_read_or_refused_in_time_and_memory():
    found = fuzz(60, 7)
    assert (found["crashes"], found["over_5_s"], found["over_300_mib"]) == (0, 0, 0), found
    assert found["read"] and found["refused"]


def test_the_watch_notices_a_crash_a_hang_and_a_hog():
    """The negative control: the watch itself must be able to fail."""

    def crash(content: bytes):
        raise ValueError("spoilt")

    assert fuzz(3, 7, crash)["crashes"] == 3
    assert fuzz(3, 7, lambda content: ("read", 400 * 1024))["over_300_mib"] == 3
