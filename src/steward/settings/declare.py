"""Declares a setting once, as a dataclass field with names, type, range and documentation."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field
from typing import Any, Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)

PREFIX = "STEWARD_"


@dataclass(frozen=True, slots=True)
class Kind(Generic[T_co]):
    """A type of value: `read` parses text or raises `BadValue`; `range` describes it in the reference."""

    read: Callable[[str], T_co]
    range: str


@dataclass(frozen=True, slots=True)
class Setting:
    """
    One declared setting.

    Args:
        field: its name in `Settings`, and its key in `steward.toml`.
        names: environment names, each with its kind; the first is the current one.
        default: `MISSING` if required.
        doc: one sentence for the reference.
        example: an accepted value.
        secret: never shown, in problems, logs or `repr`.
        planned: future user of a setting that is only checked so far.

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
        """The current environment name."""
        return next(iter(self.names))

    @property
    def usual_name(self) -> str:
        """The best-known name: the old one if there is one."""
        return [*self.names][1] if len(self.names) > 1 else self.name

    @property
    def kind(self) -> Kind[object]:
        return self.names[self.name]

    @property
    def required(self) -> bool:
        """Whether it has no default."""
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
        kind: parses the text.
        doc: one sentence for the reference.
        default: leave out if required.
        old: older names that still work; a pair if the name has its own kind, such as another unit.
        name: the environment name, if not `STEWARD_<FIELD>`.
        example: an accepted value, if the default is none.
        secret: never shown.
        planned: future user of a setting that is only checked so far.

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
    return field(default=default, metadata=metadata, repr=not secret)


def declared(model: type) -> Iterator[Setting]:
    """Yield the settings of a dataclass in order; skip other fields."""
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
