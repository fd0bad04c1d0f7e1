"""Deterministic names for the users of crowds."""

from __future__ import annotations

_FIRST = (
    "amber", "brave", "calm", "dusty", "eager", "fuzzy", "gentle", "happy", "icy", "jolly", "keen", "lucky",
    "mellow", "nimble", "odd", "proud", "quiet", "rusty", "sunny", "tidy", "urban", "vivid", "witty", "young",
)  # fmt: skip
_SECOND = (
    "otter", "penguin", "heron", "lynx", "marmot", "newt", "owl", "pika", "quail", "raven", "seal", "tapir",
    "urchin", "vole", "walrus", "yak", "zebra", "badger", "crane", "dingo", "egret", "ferret", "gecko", "hare",
)  # fmt: skip
_STRIDE = 347  # coprime to the number of pairs: neighbours get different names, and each pair occurs once


def invented_name(number: int) -> str:
    """Return a user name such as `calm.otter12`, unique to its number."""
    pairs = len(_FIRST) * len(_SECOND)
    turn, place = divmod(number, pairs)
    pair = place * _STRIDE % pairs
    first, second = _FIRST[pair % len(_FIRST)], _SECOND[pair // len(_FIRST)]
    return f"{first}.{second}{turn or ''}"
