"""
What a button, select or modal does, written into its `custom_id`: `events:rsvp.2:17:yes`.

The id carries all that its handler needs, so a message works after any restart; its version tells a message of an
older Steward apart. Discord allows 100 characters (docs: Components > "Custom ID").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from steward.errors import StewardError

LONGEST_ID = 100
LARGEST = 2**63 - 1  # ids of Discord and of the database
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ID = re.compile(r"(?P<bot>[a-z][a-z0-9_]*):(?P<name>[a-z][a-z0-9_]*)\.(?P<version>[0-9]{1,6})(?P<args>(?::[^:]*)*)")


Reader = Callable[[str], object]
"""Reads an argument; raises ValueError where a text is none."""


def number(text: str) -> int:
    """
    Read an id, a page, a position: a whole number from 0.

    Raises:
        ValueError: it is none, or larger than an id can be.

    """
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST):
        raise ValueError(f"{text[:LONGEST_ID]!r} is no number.")
    return int(text)


def up_to(most: int) -> Reader:
    """Return what reads a whole number from 0 to `most`."""

    def read_one(text: str) -> int:
        if (found := number(text)) > most:
            raise ValueError(f"{found} is more than {most}.")
        return found

    return read_one


def page(text: str) -> object:
    """Read the page number of a custom id; -1 is that of the disabled button on the first page."""
    return -1 if text == "-1" else up_to(10_000)(text)


class BadCustomId(StewardError):
    """A custom id cannot be made of that: a fault of the bot's code."""


class Named(NamedTuple):
    """A custom id, taken apart."""

    bot: str
    name: str
    version: int
    args: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """
    One thing that components do.

    Args:
        bot: whose: `events`.
        name: what: `rsvp`.
        version: of the meaning of its arguments; raise it when they change, and older messages are answered politely.
        args: how each argument is read. An id that has others is not ours: its sender is told so.
        optional: how further arguments are read, which ids of earlier versions lack.

    Raises:
        BadCustomId: a name is not made of small letters, digits and underscores.

    """

    bot: str
    name: str
    version: int = 1
    args: Sequence[Reader] = ()
    optional: Sequence[Reader] = ()

    def __post_init__(self) -> None:
        if not (_NAME.fullmatch(self.bot) and _NAME.fullmatch(self.name)):
            raise BadCustomId(f"{self.bot}:{self.name} is no name of an action: use small letters, digits and _.")

    def takes(self, args: Sequence[str]) -> bool:
        """Tell whether these can be arguments of an id of this action."""
        readers = (*self.args, *self.optional)
        if not len(self.args) <= len(args) <= len(readers):
            return False
        try:
            for read_one, arg in zip(readers, args, strict=False):
                read_one(arg)
        except ValueError:
            return False
        return True

    def id(self, *args: str | int) -> str:
        """
        Return the `custom_id` of a component that does this to these arguments.

        Raises:
            BadCustomId: they are not of the declared kinds, or it would be longer than 100 characters.

        """
        if not self.takes([str(arg) for arg in args]):
            raise BadCustomId(f"{self.bot}:{self.name} does not take {args!r}: see how its Action declares `args`.")
        made = ":".join((f"{self.bot}:{self.name}.{self.version}", *(_escaped(str(arg)) for arg in args)))
        if len(made) > LONGEST_ID:
            raise BadCustomId(f"The custom id {made!r} has {len(made)} characters; Discord takes {LONGEST_ID}.")
        return made


@lru_cache(maxsize=256)  # a post's members use the same few, and each is read twice
def read(custom_id: str) -> Named | None:
    """Take a custom id apart; None if it is none of ours."""
    found = _ID.fullmatch(custom_id)
    if found is None:
        return None
    args = tuple(_plain(arg) for arg in found["args"].split(":")[1:])
    return Named(found["bot"], found["name"], int(found["version"]), args)


def _escaped(arg: str) -> str:
    return arg.replace("%", "%25").replace(":", "%3A")


def _plain(arg: str) -> str:
    return arg.replace("%3A", ":").replace("%25", "%")
