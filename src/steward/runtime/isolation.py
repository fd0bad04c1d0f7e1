"""
Work for many, one after the other, in which a fault of one costs that one only.

    isolation = Isolation("count bans")
    for guild_id in guilds:
        with isolation.of(guild_id):
            await count(guild_id)

It is for faults that nobody foresaw: a mistake in the code, an odd row. What can be foreseen of one, such as Discord's
refusal, is dealt with where it is asked.
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
    Passes over what fails for one, with one line in the log for as long as it fails in the same way.

    Args:
        work: what is done, in the words of a task's name.
        of: what it is done for, as the log names it.

    """

    def __init__(self, work: str, *, of: str = "guild") -> None:
        self._work = work
        self._of = of
        self._failing = BoundedDict[object, type[Exception]](REMEMBERED)

    def failed(self, one: object) -> bool:
        """Tell whether what was last done for one failed."""
        return one in self._failing

    @contextmanager
    def of(self, one: object) -> Iterator[None]:
        """
        Do what is done for one; what it raises ends the block, and no more.

        Raises:
            NotReady, NeedsOperator: it isn't about this one: the database is away, or Discord can't be reached.

        """
        try:
            yield
        except (NotReady, NeedsOperator):
            raise
        except Exception as error:  # the boundary of those for whom the same is done
            kind = type(error)
            if self._failing.get(one) is not kind:
                # Where all fail, as by a mistake in the code, one traceback says it.
                trace = None if kind in self._failing.values() else error
                log.error("passed_over", work=self._work, **{self._of: one}, error=kind.__name__, exc_info=trace)
            self._failing[one] = kind
        else:
            self._failing.pop(one, None)
