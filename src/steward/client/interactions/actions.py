"""
What a button, select or modal does, written into its `custom_id`: `events:rsvp.2:17:yes`.

The id carries all that its handler needs, so a message works after any restart; its version tells a message of an
older Steward apart. Discord allows 100 characters (docs: Components > "Custom ID").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from steward.errors import StewardError

LONGEST_ID = 100
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ID = re.compile(r"(?P<bot>[a-z][a-z0-9_]*):(?P<name>[a-z][a-z0-9_]*)\.(?P<version>[0-9]{1,6})(?P<args>(?::[^:]*)*)")


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

    Raises:
        BadCustomId: a name is not made of small letters, digits and underscores.

    """

    bot: str
    name: str
    version: int = 1

    def __post_init__(self) -> None:
        if not (_NAME.fullmatch(self.bot) and _NAME.fullmatch(self.name)):
            raise BadCustomId(f"{self.bot}:{self.name} is no name of an action: use small letters, digits and _.")

    def id(self, *args: str | int) -> str:
        """
        Return the `custom_id` of a component that does this to these arguments.

        Raises:
            BadCustomId: it would be longer than 100 characters.

        """
        made = ":".join((f"{self.bot}:{self.name}.{self.version}", *(_escaped(str(arg)) for arg in args)))
        if len(made) > LONGEST_ID:
            raise BadCustomId(f"The custom id {made!r} has {len(made)} characters; Discord takes {LONGEST_ID}.")
        return made


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
