"""Another process, another time zone, another hash seed, another order: the same bytes."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import hashlib
from letters import all_kinds
from letters.press import Issued, to_pdf
marks = Issued("Zk3nq7cXb1TtYp0aLmQvRw", "https://sinergi.contoh.invalid", 1, 1)
for slug in reversed(sorted(all_kinds())):
    print(slug, hashlib.sha256(to_pdf(all_kinds()[slug].SAMPLE, marks)).hexdigest())
"""


def test_another_process_prints_the_same_bytes(press_room):
    env = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "4711", "LANG": "C", "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    told = subprocess.run([sys.executable, "-c", PROGRAM], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    there = dict(line.split() for line in told.stdout.splitlines())
    here = {slug: hashlib.sha256(press_room.sample(slug, True)).hexdigest() for slug in there}
    assert there == here and here
