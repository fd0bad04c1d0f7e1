"""The operator's settings of the bets bot: what it keeps, and its feeds, without any of which there are no games."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from steward.settings.declare import Kind, setting
from steward.settings.kinds import choice, integer, path
from steward.settings.problems import BadValue, nearest
from steward.settings.secret import Secret

LEAGUES = (
    "epl", "championship", "bundesliga", "bundesliga2", "laliga", "seriea", "ligue1", "eredivisie", "ucl", "mls",
    "nfl", "ncaaf", "nba", "ncaab", "nhl", "mlb",
)  # fmt: skip
"""The keys of `fixtures.leagues.CATALOGUE`, which a bot that is off does not load."""
_KEY = re.compile(r"[A-Za-z0-9_-]{16,100}")


def api_key() -> Kind[Secret]:
    """Return the kind of keys of web services: 16 to 100 letters and digits."""

    def read(given: str) -> Secret:
        if not _KEY.fullmatch(given):
            raise BadValue("is no key: one has 16 to 100 letters and digits", "Copy it from your account there.")
        return Secret(given)

    return Kind(read, "key, 16 to 100 letters and digits")


def league_keys() -> Kind[tuple[str, ...]]:
    """Return the kind of leagues by their short names."""

    def read(given: str) -> tuple[str, ...]:
        keys = [word for word in re.split(r"[\s,]+", given.lower()) if word]
        for key in keys:
            if key not in LEAGUES:
                near = nearest(key, LEAGUES)
                hint = "" if near is None else f" Did you mean {near}?"
                raise BadValue(f"names no league {key!r}", f"Choose of {', '.join(LEAGUES)}.{hint}")
        return tuple(dict.fromkeys(keys))

    return Kind(read, f"of {', '.join(LEAGUES)}, separated by commas")


@dataclass(frozen=True, kw_only=True)
class BetsSettings:
    """The bets bot."""

    keep_idle_wallets_days: int = setting(
        integer(0, 36500),
        "How many days to keep the wallet of a member who does nothing with bets, in points or in units; then its "
        "points are taken out of circulation, and it belongs to nobody. 0 keeps all.",
        default=400,
    )
    bets_leagues: tuple[str, ...] = setting(
        league_keys(),
        "The leagues that The Odds API and API-Sports are asked for. CSV files bring their own.",
        default=("epl",),
        example="epl, bundesliga, nfl",
    )
    bets_csv_folder: Path | None = setting(
        path(),
        "A folder of CSV files as on football-data.co.uk: games, prices and results without any key. "
        "A relative path starts in the folder in which Steward is started.",
        default=None,
        example="data/football",
    )
    odds_api_key: Secret | None = setting(
        api_key(),
        "The key of The Odds API, for fixtures, prices and scores.",
        default=None,
        secret=True,
        example="0123456789abcdef0123456789abcdef",
    )
    odds_api_region: str = setting(
        choice("us", "us2", "uk", "eu", "au", "fr", "se"),
        "The bookmakers whose prices are taken.",
        default="eu",
    )
    odds_api_requests_per_day: int = setting(
        integer(5, 1_000_000),
        "How many requests The Odds API may be sent a day; its free plan has 500 a month. Prices cost 3 and results 2.",
        default=16,
    )
    api_sports_key: Secret | None = setting(
        api_key(),
        "The key of API-Sports, for football fixtures and results.",
        default=None,
        secret=True,
        example="0123456789abcdef0123456789abcdef",
    )
    api_sports_requests_per_day: int = setting(
        integer(1, 1_000_000), "How many requests API-Sports may be sent a day; its free plan has 100.", default=100
    )

    @property
    def has_feed(self) -> bool:
        """Whether anything brings games; without, members bet on questions of their own alone."""
        return any(one is not None for one in (self.odds_api_key, self.api_sports_key, self.bets_csv_folder))
