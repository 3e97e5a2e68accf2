"""Experiments: what the service promises, tried against haste, crashes, forgers and hostile words.

Each module is one experiment, ``python -m tests.experiments.e3 --n 8000 --seed 1 --database sqlite``: one JSON line with n, failures and the
bound that they leave (no failure in n trials bounds the rate below 3/n at 95 %). Each holds a control, a variant that is broken on
purpose; an experiment that does not catch it proves nothing and fails. Small n in ``test_small.py``, the full n by ``make experiments``.
"""
