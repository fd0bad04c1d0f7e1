"""Errors of a store that cannot be read or written at all."""

from __future__ import annotations

from typing import ClassVar

from steward.errors import NeedsOperator, NotReady

NOTHING_SAVED = "I can't reach my database right now, so nothing was saved."


class StoreUnavailable(NotReady):
    """The disk, the file or the server refuses everything for now, whatever the request."""

    for_members: ClassVar[str] = f"{NOTHING_SAVED} Please try again in a minute."


class StoreNeedsOperator(NeedsOperator):
    """The database is unusable until the operator acts: it is damaged, missing, or refuses Steward."""

    for_members: ClassVar[str] = f"{NOTHING_SAVED} Please tell whoever runs the bot."
