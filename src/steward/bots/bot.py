"""
What a bot is: a value that says what it is called and where its code is, and what it does once it runs.

    BOT = Bot("hello", "Hello", "steward_hello.part:HelloPart")

A bot of ours is a package with such a value; a bot of anybody else is a package that offers one as an entry point of
the group `steward.bots`. Nothing else needs to know of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a bot that is off imports none of what a bot stands on
    from steward.guilds.host import Host
    from steward.guilds.privacy.kept import Kept
    from steward.guilds.reports import GuildReports
    from steward.guilds.retention import Retention
    from steward.guilds.setup.section import SetupPanel
    from steward.runtime.tasks import Work
    from steward.store.export.export import Table
    from steward.store.export.personal import PersonalData


class Part:
    """
    What a bot does while it runs: it overrides what it has of this, and the rest does nothing.

    Attributes:
        kept: what it keeps about members; None for nothing.
        exports: what `/export` offers of it: tables, by what they hold as members read it.
        retention: deletes what is old, daily; None for nothing.
        reports: its reports at times of guilds' own clocks; None for none.
        setup: its section of `/setup`; None for none.

    """

    kept: Kept | None = None
    exports: Mapping[str, Table] = {}
    retention: Retention | None = None
    reports: GuildReports[Any] | None = None
    setup: SetupPanel[Any, Any] | None = None

    async def load(self) -> None:
        """Read what earlier processes have kept; before anything is told, and within ten seconds."""

    async def flush(self) -> None:
        """Return once all that has happened until now can be read from the database."""

    async def finish(self) -> None:
        """Keep all that has happened until now, as the last thing; within some seconds."""

    def work(self) -> Iterator[tuple[str, Work]]:
        """Yield background work, with names, that begins once the bot has been connected to Discord."""
        yield from ()

    def offline_work(self) -> Iterator[tuple[str, Work]]:
        """Yield background work, with names, that needs no Discord."""
        yield from ()

    @property
    def problems(self) -> Sequence[str]:
        """Sentences about what needs the operator's attention."""
        return ()


@dataclass(frozen=True, slots=True)
class Bot:
    """
    See the module.

    Attributes:
        name: short, in small letters, such as "stats": in `STEWARD_BOTS`, in custom ids, in the log.
        title: as members read it.
        part: where its `Part` is, as `module:name`; called with the `Host`. It is imported once the bot is switched on.
        settings: a dataclass of the operator's settings (`steward.settings.declare`).
        migrations: the folder with the steps of its tables (`V1__what.sql`).
        personal: where it says what it keeps about members, as `module:name` of a sequence of `PersonalData`: it is
            imported while the bot is off, when a member asks.
        needs: the lowest version of Steward that it runs with, such as "0.4".
        on_by_default: whether it runs where `STEWARD_BOTS` names no bots.

    """

    name: str
    title: str
    part: str
    settings: type | None = None
    migrations: Path | None = None
    personal: str | None = None
    needs: str = "0"
    on_by_default: bool = True

    @property
    def package(self) -> str:
        """The package of its code: of one of ours its folder, of another the whole package."""
        ours = __name__.rpartition(".")[0]
        module = self.part.partition(":")[0]
        return module.rpartition(".")[0] if module.startswith(f"{ours}.") else module.partition(".")[0]

    def load(self) -> Callable[[Host], Part]:
        """
        Import its code, which may take some tenths of a second.

        Raises:
            Exception: whatever its code raises.

        """
        found: Callable[[Host], Part] = _named(self.part)
        return found

    def personal_data(self) -> Sequence[PersonalData]:
        """Import what it says of the data about members."""
        found: Sequence[PersonalData] = () if self.personal is None else _named(self.personal)
        return found


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
