"""Tests of the law: no database, no clock, a stand-in for the facts."""
