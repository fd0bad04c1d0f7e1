from __future__ import annotations

import sys
import tracemalloc
from dataclasses import dataclass

import msgspec
import pytest

from steward.runtime.cache import approximate_size


@dataclass(slots=True)
class Slotted:
    name: str
    numbers: list[int]


class Packed(msgspec.Struct):
    name: str
    numbers: list[int]


@dataclass
class Open:
    name: str
    numbers: list[int]


def texts(count):
    return [f"a text of some length, number {number}" for number in range(count)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: texts(500),
        lambda: texts(100_000),
        lambda: {text: [text.upper()] for text in texts(20_000)},
        lambda: [Slotted(text, [1000 + number]) for number, text in enumerate(texts(20_000))],
        lambda: [Packed(text, [1000 + number]) for number, text in enumerate(texts(20_000))],
        lambda: [Open(text, [1000 + number]) for number, text in enumerate(texts(5000))],
        lambda: bytes(1_000_000),
    ],
)
def test_the_estimate_is_close_to_the_real_size(make):
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    value = make()
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert approximate_size(value) == pytest.approx(taken, rel=0.35)


def test_a_cycle_is_counted_once():
    value: list[object] = [1, 2]
    value.append(value)
    assert approximate_size(value) < 200


def test_types_modules_and_functions_are_not_counted():
    assert approximate_size([sys, test_types_modules_and_functions_are_not_counted, Slotted]) < 200


def test_a_deeply_nested_value_is_measured():
    value = []
    for _ in range(100_000):
        value = [value]
    assert approximate_size(value) > 1000
