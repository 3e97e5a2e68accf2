"""Broken and hostile files by the thousand, run by hand: ``python -m tests.fuzz.sheets --n 2000 --seed 1``."""
