"""Reduces a long series to what is visible, keeping its peaks and breaks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from steward.charts.chart import Value

Reading = tuple[float, Value]  # time and value


def thinned(readings: Sequence[Reading], columns: int) -> list[Reading]:
    """
    Return at most five readings for each of `columns` equal spans: first, last, lowest, highest, and one break.

    A series no longer than `columns` is returned unchanged.
    """
    if len(readings) <= columns:
        return list(readings)
    begin, end = readings[0][0], readings[-1][0]
    spans = groupby(enumerate(readings), lambda item: int((item[1][0] - begin) / (end - begin) * columns))
    kept: list[int] = []
    for _, members in spans:
        kept += sorted(_telling(list(members)))
    return [readings[index] for index in kept]


def _telling(members: list[tuple[int, Reading]]) -> set[int]:
    values = [(value, index) for index, (_, value) in members if value is not None]
    kept = {members[0][0], members[-1][0]}
    if values:
        kept |= {min(values)[1], max(values)[1]}
    broken = next((index for index, (_, value) in members if value is None), None)
    if broken is not None:
        kept.add(broken)
    return kept
