"""Dataclasses are read back as written by this or an earlier version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

from steward.store.json_values import from_json, to_json

UTC = ZoneInfo("UTC")


class Fruit(StrEnum):
    """A dish."""

    APPLE = "apple"
    PEAR = "pear"


@dataclass(frozen=True)
class Bite:
    """A course of a meal."""

    fruit: Fruit
    grams: int = 10


@dataclass(frozen=True)
class Meal:
    """A dataclass with every kind of field."""

    at: datetime
    zone: ZoneInfo = UTC
    daily: time = time(9)
    first: Bite | None = None
    bites: tuple[Bite, ...] = ()
    pair: tuple[str, int] = ("a", 1)
    kinds: frozenset[Fruit] = frozenset()
    names: Mapping[str, Bite] = field(default_factory=dict)


AT = datetime(2026, 11, 27, 20)  # noqa: DTZ001 - a wall time
MEAL = Meal(
    AT, ZoneInfo("Europe/Berlin"), time(20, 15), Bite(Fruit.PEAR), (Bite(Fruit.APPLE, 3),), ("b", 2),
    frozenset(Fruit), {"x": Bite(Fruit.PEAR)},
)  # fmt: skip


def test_written_values_are_read_back():
    assert from_json(Meal, to_json(MEAL)) == MEAL
    assert from_json(Meal, to_json(Meal(AT))) == Meal(AT)


def test_missing_fields_get_their_default_and_unknown_ones_are_ignored():
    assert from_json(Meal, '{"at": "2026-11-27T20:00", "sauce": "mint"}') == Meal(AT)


def test_a_dataclass_may_be_a_list_of_its_fields_or_a_json_text():
    assert from_json(Meal, {"at": "2026-11-27T20:00", "bites": [["pear", 4], '{"fruit": "apple"}']}) == Meal(
        AT, bites=(Bite(Fruit.PEAR, 4), Bite(Fruit.APPLE))
    )


def test_values_of_another_form_are_refused():
    with pytest.raises(ValueError, match="nut"):
        from_json(Bite, '{"fruit": "nut"}')
    with pytest.raises(TypeError, match="object"):
        to_json({"a": object()})
