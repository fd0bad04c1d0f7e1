"""
Isolates failures per item in work that loops over many items.

    isolation = Isolation("count bans")
    for guild_id in guilds:
        with isolation.item(guild_id):
            await count(guild_id)

It is for unexpected errors: a bug, a corrupt row. Expected ones, such as a refusal by Discord, are handled where they
occur.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from steward.errors import NeedsOperator, NotReady
from steward.runtime.bounded_dict import BoundedDict
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

REMEMBERED = 1000


class Isolation:
    """
    Skips items that fail; logs each failure once until its kind changes.

    Args:
        work: what is done, such as "count bans".
        of: kind of item, used as the key in the log.

    """

    def __init__(self, work: str, *, of: str = "guild") -> None:
        self._work = work
        self._of = of
        self._failing = BoundedDict[object, type[Exception]](REMEMBERED)

    def failed(self, one: object) -> bool:
        """Return whether the last attempt for this item failed."""
        return one in self._failing

    @contextmanager
    def item(self, one: object) -> Iterator[None]:
        """
        Run a block for one item; an error ends the block and is logged.

        Raises:
            NotReady, NeedsOperator: not specific to the item: the database or Discord is unavailable.

        """
        try:
            yield
        except (NotReady, NeedsOperator):
            raise
        except Exception as error:  # isolates the items from each other
            kind = type(error)
            if self._failing.get(one) is not kind:
                # A bug may fail every item in the same way: one traceback is enough.
                trace = None if kind in self._failing.values() else error
                log.error("passed_over", work=self._work, **{self._of: one}, error=kind.__name__, exc_info=trace)
            self._failing[one] = kind
        else:
            self._failing.pop(one, None)
