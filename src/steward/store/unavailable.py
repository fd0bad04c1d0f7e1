"""What a store says when it cannot be read or written, whatever was asked of it."""

from __future__ import annotations

from typing import ClassVar

from steward.errors import NeedsOperator, NotReady

NOTHING_SAVED = "I can't reach my database right now, so nothing was saved."


class StoreUnavailable(NotReady):
    """The disk, the file or the server takes nothing now; the fault is not in what was asked."""

    for_members: ClassVar[str] = f"{NOTHING_SAVED} Please try again in a minute."


class StoreNeedsOperator(NeedsOperator):
    """The database takes nothing until somebody puts it right: it is damaged, gone, or refuses Steward."""

    for_members: ClassVar[str] = f"{NOTHING_SAVED} Please tell whoever runs the bot."
