"""All settings, in one frozen object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from urllib.parse import urlsplit

from steward.settings.declare import PREFIX, Setting, declared, setting
from steward.settings.kinds import choice
from steward.settings.profiles import ENVIRONMENTS, PROFILES
from steward.settings.secret import Secret
from steward.settings.sections.discord import DiscordSettings
from steward.settings.sections.health import HealthSettings
from steward.settings.sections.limits import LimitSettings
from steward.settings.sections.logs import LogSettings
from steward.settings.sections.servers import ServerSettings
from steward.settings.sections.stats import StatsSettings
from steward.settings.sections.storage import StorageSettings


@dataclass(frozen=True, kw_only=True)
class ChoiceSettings:
    """Profile and environment: which values the others start from."""

    profile: str = setting(
        choice(*PROFILES), "The size of machine whose values are taken where nothing else is set.", default="standard"
    )
    environment: str = setting(
        choice(*ENVIRONMENTS),
        "What this instance is for; it changes logging and the health pages.",
        default="production",
        name=PREFIX + "ENV",
    )


SECTIONS: tuple[type, ...] = (
    DiscordSettings,
    StatsSettings,
    StorageSettings,
    LogSettings,
    HealthSettings,
    ChoiceSettings,
    LimitSettings,
    ServerSettings,
)


@dataclass(frozen=True, kw_only=True)
class Settings(
    ServerSettings,
    LimitSettings,
    ChoiceSettings,
    HealthSettings,
    LogSettings,
    StorageSettings,
    StatsSettings,
    DiscordSettings,
):
    """
    All settings: times in seconds, sizes in MiB, ids as numbers.

    `steward.settings.load` makes one from the outside; tests make one directly, as `Settings(token=..., guild_id=...)`.
    A `database` that is not set and a relative `log_dir` are placed in `data_dir`.

    Args:
        origins: where each value that somebody set came from, by field, such as `.env line 3`.

    """

    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.database:
            object.__setattr__(self, "database", f"sqlite:///{self.data_dir / 'steward.sqlite3'}")
        if self.log_dir is not None:
            object.__setattr__(self, "log_dir", self.data_dir / self.log_dir)

    @property
    def channel_ids(self) -> Mapping[str, int]:
        """The channels that are set, by field."""
        names = (item.name for item in fields(StatsSettings) if item.name.endswith("_channel_id"))
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    def secrets(self) -> Iterator[str]:
        """Yield each text that must never be shown; `configure_logs` masks them."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Secret):
                yield value.reveal()
        password = urlsplit(self.database).password if "://" in self.database else None
        if password:
            yield password


def settings_table() -> tuple[Setting, ...]:
    """Return every setting, in the order of the reference."""
    return tuple(item for section in SECTIONS for item in declared(section))
