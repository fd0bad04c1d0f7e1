"""How a setting is declared: once, as a dataclass field that carries its names, type, range and documentation."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field
from typing import Any, Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)

PREFIX = "STEWARD_"


@dataclass(frozen=True, slots=True)
class Kind(Generic[T_co]):
    """A type of value: `read` turns text into it or raises `BadValue`; `range` is how the reference states it."""

    read: Callable[[str], T_co]
    range: str


@dataclass(frozen=True, slots=True)
class Setting:
    """
    One setting, as the table declares it.

    Args:
        field: its name in `Settings`, and its key in `steward.toml`.
        names: environment names with the kind each is read by; the first is the name of today.
        default: `MISSING` when it must be set; a function when it is made anew.
        doc: one sentence for the reference.
        example: a value that is accepted.
        secret: never shown, in problems, logs or `repr`.
        planned: who will read it, where nobody does yet: it is accepted and checked only.

    """

    field: str
    names: Mapping[str, Kind[object]]
    default: object
    doc: str
    example: str
    secret: bool
    planned: str

    @property
    def name(self) -> str:
        """The environment name of today."""
        return next(iter(self.names))

    @property
    def usual_name(self) -> str:
        """The name most people know it by: the old one where there is one."""
        return [*self.names][1] if len(self.names) > 1 else self.name

    @property
    def kind(self) -> Kind[object]:
        """How the name of today is read."""
        return self.names[self.name]

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is MISSING


def setting(
    kind: Kind[object],
    doc: str,
    *,
    default: object = MISSING,
    old: tuple[str | tuple[str, Kind[object]], ...] = (),
    name: str | None = None,
    example: str = "",
    secret: bool = False,
    planned: str = "",
) -> Any:
    """
    Declare a setting as the default of a dataclass field.

    Args:
        kind: how its text is read.
        doc: one sentence for the reference.
        default: the value when nobody sets it; leave out when it must be set.
        old: names from before Steward that keep working; a pair names the kind of one that has its own unit.
        name: the environment name of today when it is not `STEWARD_<FIELD>`.
        example: a value that is accepted, where the default does not show one.
        secret: never shown.
        planned: who will read it, where nobody does yet.

    """
    extra = dict(item if isinstance(item, tuple) else (item, kind) for item in old)
    metadata = {
        "kind": kind,
        "name": name,
        "old": extra,
        "doc": doc,
        "example": example,
        "secret": secret,
        "planned": planned,
    }
    shown = not secret
    if default is MISSING:
        return field(metadata=metadata, repr=shown)
    return field(default=default, metadata=metadata, repr=shown)


def declared(model: type) -> Iterator[Setting]:
    """Yield the settings that the dataclass `model` declares, in order; other fields are passed over."""
    for item in dataclasses.fields(model):
        about = item.metadata
        if "kind" not in about:
            continue
        name = about["name"] or PREFIX + item.name.upper()
        yield Setting(
            field=item.name,
            names={name: about["kind"], **about["old"]},
            default=item.default,
            doc=about["doc"],
            example=about["example"],
            secret=about["secret"],
            planned=about["planned"],
        )
