"""Worked cases of an independent program, each a test of its own: `@pytest.mark.parametrize("case", cases("clv"))`."""

import json
from functools import cache
from pathlib import Path

import pytest

from tests.shared import shared_folder

FILE = Path("bets") / "settlement-cases.json"


@cache
def oracle(path):
    return json.loads(path.read_text())


def cases(key):
    """Return where the cases of a key are, for the fixture `case`; one that is skipped where there is no file."""
    path = shared_folder() / "data" / FILE
    found = oracle(path)[key] if path.is_file() else [{"id": "absent"}]
    return [pytest.param((key, at), id=_name(case, at)) for at, case in enumerate(found)]


def _name(case, at):
    if "season" in case:
        return f"{case['file'].split('-')[0]} {case['season']}"
    return case.get("id") or case.get("note") or case.get("input") or f"empty {at}"
