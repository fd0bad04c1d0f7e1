"""What one guild has set up for bets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from steward.bots.bets.grading.rules import NO_ROWS, VARIANTS, Rows, joined
from steward.bots.bets.odds.prices import OddsFormat
from steward.guilds.settings_book import GuildSection

UNIT = 100
"""Stakes in units are kept in hundredths."""
A_MINUTE_MS = 60_000
MOST_POINTS = 1_000_000_000_000
"""The most that a setting or a member may name."""


class BetsMode(StrEnum):
    """How a guild bets: against the book with points, or in units that are only tracked."""

    HOUSE = "house"
    UNITS = "units"


class SlipTheme(StrEnum):
    """Whether slips have a picture, and in which colours."""

    OFF = "off"
    DARK = "dark"
    LIGHT = "light"


class ParlayPreset(StrEnum):
    """How strict a guild is about legs of a parlay that depend on each other."""

    ONE_PER_EVENT = "one_per_event"
    US_CLASSIC = "us_classic"
    """Some pairs of a game are allowed, such as a side and the total."""


@dataclass(frozen=True, slots=True)
class BetsSection(GuildSection):
    """
    The settings of one guild.

    Attributes:
        currency: what points are called, in the plural; `currency_one` in the singular, empty where that is the same.
        sign: an emoji or some letters that stand before amounts in place of the name; empty for none.
        starting_balance: what a member gets with the first claim, and at the start of a season.
        daily_claim: what a member gets once a day after that; 0 for nothing.
        gift_limit: the most that a member may give at once; 0: nobody gives anything.
        daily_gift_limit: the most that a member may give in a day.
        bets_channel_id: where it is told how bets stand and were settled; None: nowhere.
        slip_pictures: whether a bet that is placed has a picture.
        ranked_from: bets that it takes for a place on a leaderboard by return on stakes.
        market_takeout: the house's part of the losing side of a pool that members make, in percent.
        market_exposure: the most that the house may lose by one market with fixed odds; 0: there are none.
        manager_role_id: whose members may grant points and close seasons, beside who may manage the server.
        variants: what is settled otherwise here, by the names of `VARIANTS`.
        stake_limit, return_limit: the largest stake and return of one bet, in points; 0: no limit, here and below.
        game_limit, daily_limit: the most that a member may have on one game, and bet in a day.
        parlays: which legs go together.
        odds_format: how odds are written in posts, and for members who chose none.
        cancel_minutes: for how long after it was placed a bet can be cancelled, if it hasn't locked; 0: until it locks.

    """

    currency: str = "points"
    currency_one: str = ""
    sign: str = ""
    starting_balance: int = 1000
    daily_claim: int = 100
    gift_limit: int = 500
    daily_gift_limit: int = 1000
    market_takeout: int = 0
    market_exposure: int = 10_000
    mode: BetsMode = BetsMode.HOUSE
    manager_role_id: int | None = None
    ranked_from: int = 10
    bets_channel_id: int | None = None
    variants: tuple[str, ...] = ()
    slip_pictures: SlipTheme = SlipTheme.OFF
    stake_limit: int = 0
    return_limit: int = 0
    game_limit: int = 0
    daily_limit: int = 0
    parlays: ParlayPreset = ParlayPreset.ONE_PER_EVENT
    odds_format: OddsFormat = OddsFormat.DECIMAL
    cancel_minutes: int = 0

    def cancel_ends(self, placed_ms: int) -> int | None:
        """Return when a bet that was placed then can't be cancelled any more, in milliseconds; None: once it locks."""
        return placed_ms + self.cancel_minutes * A_MINUTE_MS if self.cancel_minutes else None

    @property
    def settlement_rows(self) -> Rows:
        """The rules of settlement that are the guild's own."""
        return reduce(joined, (VARIANTS[name] for name in self.variants if name in VARIANTS), NO_ROWS)

    def points(self, amount: int, *, signed: bool = False) -> str:
        """Write an amount as members of the guild read it; `signed` ones, such as a profit, have a plus, too."""
        before, figure = _sign(amount, signed=signed), f"{abs(amount):,}"
        if self.sign:
            return f"{before}{self.sign} {figure}"
        return f"{before}{figure} {self.points_of(amount)}"

    def points_of(self, amount: int) -> str:
        """Return what so many points are called."""
        one = self.currency_one or ("point" if self.currency == "points" else self.currency)
        return one if abs(amount) == 1 else self.currency

    def amount(self, amount: int, mode: BetsMode, *, signed: bool = False) -> str:
        """Write the stake, the return or the profit of bets: points, or of those in units hundredths of a unit."""
        if mode is BetsMode.HOUSE:
            return self.points(amount, signed=signed)
        whole, hundredths = divmod(abs(amount), UNIT)
        figures = f"{whole:,}.{hundredths:02}".rstrip("0").rstrip(".")
        return f"{_sign(amount, signed=signed)}{figures} {'unit' if abs(amount) == UNIT else 'units'}"


def _sign(amount: int, *, signed: bool) -> str:
    return "-" if amount < 0 else "+" if signed and amount > 0 else ""
