"""Lists as files: taken in sealed, read by the killable child, judged against the stored lists, and deleted when their time is over.

Everything slow happens before the write lock: reading, judging, indexing. What is stored is what was shown, named by a digest.
"""

from .judging import Dry, judge
from .readings import reading_of
from .storing import Ready, drop, faulty_rows, masked_text, prepare, put_on_lists, sweep
from .taking import LARGEST, TOO_LARGE, ask_again, receive, take_in, wishes_of
from .waiting import progress_of, read_waiting

__all__ = [
    "LARGEST", "TOO_LARGE", "Dry", "Ready", "ask_again", "drop", "faulty_rows", "judge", "masked_text", "prepare", "progress_of", "put_on_lists",
    "read_waiting", "reading_of", "receive", "sweep", "take_in", "wishes_of",
]  # fmt: skip
