"""All settings in one frozen object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TypeVar
from urllib.parse import quote, unquote

from steward.settings.declare import PREFIX, Setting, declared, setting
from steward.settings.kinds import choice, name_list
from steward.settings.secret import Secret
from steward.settings.sections.discord import DiscordSettings
from steward.settings.sections.health import HealthSettings
from steward.settings.sections.limits import LimitSettings
from steward.settings.sections.logs import LogSettings
from steward.settings.sections.storage import ServerSettings, StorageSettings
from steward.settings.sources import ENVIRONMENTS, PROFILES


@dataclass(frozen=True, kw_only=True)
class ChoiceSettings:
    """Profile and environment, which set defaults, and the enabled bots."""

    profile: str = setting(choice(*PROFILES), "Defaults for a size of machine.", default="standard")
    environment: str = setting(
        choice(*ENVIRONMENTS),
        "Defaults for a purpose; they change logging and the health pages.",
        default="production",
        name=PREFIX + "ENV",
    )
    bots: frozenset[str] | None = setting(
        name_list(),
        "The bots that are switched on, such as `stats,ops`; without it, all that are installed but bets.",
        default=None,
        example="stats,events,ops",
    )


SECTIONS: tuple[type, ...] = (
    DiscordSettings,
    StorageSettings,
    LogSettings,
    HealthSettings,
    ChoiceSettings,
    LimitSettings,
    ServerSettings,
)

Section = TypeVar("Section")

_PASSWORD = re.compile(r"://[^/:@]*:(.+)@")


@dataclass(frozen=True, kw_only=True)
class Settings(
    ServerSettings,
    LimitSettings,
    ChoiceSettings,
    HealthSettings,
    LogSettings,
    StorageSettings,
    DiscordSettings,
):
    """
    All settings: times in seconds, sizes in MiB.

    Created by `steward.settings.load`, or in tests as `Settings(token=..., guild_id=...)`. The default `database` and a
    relative `log_dir` are in `data_dir`.

    Args:
        of_bots: the section of each bot.
        origins: source of each explicitly given value by field, such as `.env line 3`.

    """

    of_bots: tuple[object, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.database:
            object.__setattr__(self, "database", self._mysql or f"sqlite:///{self.data_dir / 'steward.sqlite3'}")
        if self.log_dir is not None:
            object.__setattr__(self, "log_dir", self.data_dir / self.log_dir)

    @property
    def _mysql(self) -> str | None:
        """The database URL from the old MYSQL_* names."""
        if self.mysql_host is None:
            return None
        user, name = quote(self.mysql_user, safe=""), quote(self.mysql_db, safe="")
        password = "" if self.mysql_password is None else ":" + quote(self.mysql_password.reveal(), safe="")
        host = f"[{self.mysql_host}]" if ":" in self.mysql_host else quote(self.mysql_host, safe="")
        return f"mysql://{user}{password}@{host}:{self.mysql_port}/{name}"

    @property
    def redis_url(self) -> str | None:
        """The URL of Redis with password; None if not configured."""
        if self.redis_host is None:
            return None
        password = "" if self.redis_password is None else f":{quote(self.redis_password.reveal(), safe='')}@"
        host = f"[{self.redis_host}]" if ":" in self.redis_host else quote(self.redis_host, safe="")
        return f"redis://{password}{host}:{self.redis_port}/{self.redis_db}"

    def of(self, section: type[Section]) -> Section:
        """
        Return the settings of a bot, or their defaults.

        Args:
            section: the dataclass that declares them.

        """
        return next((one for one in self.of_bots if isinstance(one, section)), None) or section()

    def secrets(self) -> Iterator[str]:
        """Yield each text to mask in logs."""
        for section in (self, *self.of_bots):
            for item in fields(section):  # type: ignore[arg-type] # each is a dataclass
                value = getattr(section, item.name)
                if isinstance(value, Secret):
                    yield value.reveal()
        written = _PASSWORD.search(self.database)
        if written is not None:
            yield from {written[1], unquote(written[1])}


def settings_table(of_bots: Iterable[type] = ()) -> tuple[Setting, ...]:
    """Return every setting in reference order: Steward's own, then those of bots, by section."""
    return tuple(item for section in (*SECTIONS, *of_bots) for item in declared(section))
