from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from steward.cli.start.lean_dataclasses import share_dataclass_methods

STANDARD = dataclasses.dataclass


@pytest.fixture(params=["standard", "shared"])
def dataclass(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The decorator of the standard library, and the one of the running bot: what holds of one holds of the other."""
    monkeypatch.setattr(dataclasses, "dataclass", STANDARD)
    if request.param == "shared":
        share_dataclass_methods()
    return dataclasses.dataclass


def test_a_frozen_class_refuses_to_change(dataclass: Any):
    @dataclass(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 0

    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'y'"):
        del point.y
    assert (point, hash(point)) == (Point(1, 0), hash(Point(1, 0)))
    assert dataclasses.replace(point, y=3) == Point(1, 3) != point


def test_a_plain_subclass_of_a_frozen_class_has_further_attributes(dataclass: Any):
    @dataclass(frozen=True)
    class Point:
        x: int

    class Marked(Point):
        pass

    marked: Any = Marked(1)
    marked.mark = "a"
    assert marked.mark == "a"
    del marked.mark
    with pytest.raises(dataclasses.FrozenInstanceError):
        marked.x = 2


def test_what_is_printed_leaves_out_what_is_hidden_and_ends_in_circles(dataclass: Any):
    @dataclass
    class Node:
        name: str
        token: str = dataclasses.field(default="secret", repr=False)
        next: Any = None

    node = Node("a")
    node.next = node
    prefix = f"{test_what_is_printed_leaves_out_what_is_hidden_and_ends_in_circles.__name__}.<locals>."
    assert repr(node) == f"{prefix}Node(name='a', next=...)"


def test_a_subclass_without_a_repr_of_its_own_is_printed_with_the_fields_of_its_base(dataclass: Any):
    @dataclass
    class Named:
        name: str

    @dataclass(repr=False)
    class Silent(Named):
        token: str = "secret"

    @dataclass
    class Spoken(Named):
        age: int = 5

        def __repr__(self) -> str:
            return f"<{super().__repr__()}>"

    assert repr(Silent("a")).endswith("<locals>.Silent(name='a')")
    assert repr(Spoken("a")).endswith("<locals>.Spoken(name='a')>")


def test_a_class_keeps_its_own_methods(dataclass: Any):
    @dataclass(repr=False)
    class Silent:
        x: int

    @dataclass
    class Spoken:
        x: int

        def __repr__(self) -> str:
            return "spoken"

    assert "Silent object at" in repr(Silent(1))
    assert repr(Spoken(1)) == "spoken"


def test_objects_of_one_class_are_compared_by_their_fields(dataclass: Any):
    @dataclass(frozen=True)
    class Point:
        x: int
        y: int
        label: str = dataclasses.field(default="", compare=False)

    @dataclass(frozen=True)
    class Other:
        x: int
        y: int

    class Plain(Point):
        pass

    @dataclass(frozen=True)
    class Deep(Point):
        z: int = 0

    assert Point(1, 2, "a") == Point(1, 2, "b") != Point(2, 1)
    assert hash(Point(1, 2, "a")) == hash(Point(1, 2, "b"))
    assert len({Point(1, 2), Other(1, 2), Plain(1, 2), Plain(1, 2), Deep(1, 2), Deep(1, 2, z=3)}) == 5
    others: list[Any] = [(1, 2), Plain(1, 2), Other(1, 2)]
    assert Point(1, 2) not in others


def test_few_fields_and_hashes_of_fewer_fields_are_compared_alike(dataclass: Any):
    @dataclass(frozen=True)
    class Empty:
        pass

    @dataclass(frozen=True)
    class Single:
        values: tuple[int, ...]

    @dataclass(frozen=True)
    class Listed:
        name: str
        items: list[int] = dataclasses.field(default_factory=list, hash=False)

    assert (Empty() == Empty(), hash(Empty())) == (True, hash(Empty()))
    assert {Single((1,)): "one"}[Single((1,))] == "one"
    others: list[Any] = [Single((2,)), (1,), ((1,),)]
    assert Single((1,)) not in others
    assert hash(Listed("a", [1])) == hash(Listed("a", [2]))
    assert Listed("a", [1]) != Listed("a", [2])


def test_changeable_classes_have_no_hash_and_own_methods_of_comparison_stay(dataclass: Any):
    @dataclass
    class Changeable:
        x: int

    @dataclass(frozen=True, eq=False)
    class Unique:
        x: int

    @dataclass(frozen=True)
    class Own:
        x: int

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own)

        def __hash__(self) -> int:
            return 1

    assert Changeable(1) == Changeable(1) != Changeable(2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(Changeable(1))
    assert Unique(1) != Unique(1)
    assert (Own(1) == Own(2), hash(Own(3))) == (True, 1)


def test_frozen_classes_share_their_methods(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dataclasses, "dataclass", STANDARD)
    share_dataclass_methods()

    @dataclasses.dataclass(frozen=True)
    class One:
        x: int

    @dataclasses.dataclass(frozen=True)
    class Other:
        y: int

    for method in ("__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__"):
        assert getattr(One, method) is getattr(Other, method)
