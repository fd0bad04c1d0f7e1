"""What `/setup` shows of bets, and what is typed there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from steward.bots.bets.errors import BetsError
from steward.bots.bets.grading.rules import clash
from steward.bots.bets.ledger.amounts import LONGEST_AMOUNT, read_points
from steward.bots.bets.odds.prices import Odds, OddsFormat, show_odds
from steward.bots.bets.section import BetsMode, BetsSection, ParlayPreset, SlipTheme
from steward.client.components import labelled, option, select, text_input
from steward.client.embeds import Message
from steward.client.panels.form import ModalForm
from steward.guilds.setup.draft import SectionDraft
from steward.text.emoji import is_emoji
from steward.text.plurals import counted

Draft = SectionDraft[BetsSection]
E = TypeVar("E", bound=StrEnum)

MODES = {
    BetsMode.HOUSE: ("Against the house", "members bet play money against the book"),
    BetsMode.UNITS: ("In units", "bets are tracked in units, and nobody has a wallet"),
}
PICTURES = {SlipTheme.OFF: "No, text only", SlipTheme.DARK: "Yes, a dark one", SlipTheme.LIGHT: "Yes, a light one"}
PARLAYS = {
    ParlayPreset.ONE_PER_EVENT: ("One leg a game", "one leg a game"),
    ParlayPreset.US_CLASSIC: ("US classic", "some pairs of a game too, such as a side and the total"),
}
VARIANT_NAMES = {
    "football_seven_days": ("NFL: up to 7 days late", "bets stand for 7 days, not the league's week"),
    "soccer_same_day": (
        "Football: only the same day",
        "bets are void unless it's played on its day, not within 48 hours",
    ),
    "soccer_three_days": ("Football: up to 3 days late", "bets stand for 72 hours, not 48"),
    "soccer_awarded": ("Football: awarded results count", "a result decided off the pitch pays; else it's void"),
    "baseball_undecided": ("Baseball: cut short is void", "also for a total that was passed already"),
    "baseball_starters": ("Baseball: props want a start", "a player who comes on later is void"),
    "tennis_one_ball": ("Tennis: one ball is enough", "the winner counts even if nobody finished a set"),
    "tennis_full_match": ("Tennis: only full matches", "a match that somebody gives up is void"),
    "tennis_undecided": ("Tennis: a retirement voids totals", "also a line that was passed already"),
    "draw_offered": ("Winner: a draw loses", "else it gives the stake back"),
}
"""What `VARIANTS` are called, and what they do."""
LONGEST_CURRENCY, LONGEST_SIGN = 24, 60
MOST_TAKEOUT = 50
MOST_MINUTES = 7 * 24 * 60
EXAMPLE = Odds(5, 2)
NO_MORE = frozenset({"", "0", "no", "none", "off"})
_CURRENCY = re.compile(r"[^\W_](?:[^\W_]| |'|-)*")
_CUSTOM_EMOJI = re.compile(r"<a?:\w{2,32}:\d{15,21}>")
_LETTERS = 4


def held(settings: BetsSection) -> list[tuple[str, str]]:
    """Return what settings say, with what it is called."""
    role = "whoever may manage the server"
    if settings.manager_role_id is not None:
        role = f"<@&{settings.manager_role_id}>, and {role}"
    ranked = f"by return on stakes from {counted(settings.ranked_from, 'settled bet')} on"
    told = [
        ("Mode", MODES[settings.mode][1]),
        ("Bet managers", role),
        ("Leaderboard", ranked),
        ("Parlays", PARLAYS[settings.parlays][1]),
        ("Odds", f"{settings.odds_format.value}, such as {show_odds(EXAMPLE, settings.odds_format)}"),
        ("Cancelling a bet", _cancelling(settings)),
    ]
    if settings.variants:
        told.append(
            (
                "Rules that differ",
                ", ".join(VARIANT_NAMES[name][0] for name in settings.variants if name in VARIANT_NAMES),
            )
        )
    if settings.slip_pictures is not SlipTheme.OFF:
        told.append(("Pictures of bets", settings.slip_pictures.value))
    if settings.mode is BetsMode.UNITS:
        return told
    start, daily = settings.points(settings.starting_balance), settings.points(settings.daily_claim)
    gifts = "none"
    if settings.gift_limit:
        gifts = (
            f"up to {settings.points(settings.gift_limit)} at once, {settings.points(settings.daily_gift_limit)} a day"
        )
    odds = (
        f"the house risks up to {settings.points(settings.market_exposure)} on one"
        if settings.market_exposure
        else "none"
    )
    pools = f"in pools the house keeps {settings.market_takeout}% of what is lost; at fixed odds: {odds}"
    return [
        *told,
        ("Play money", f"{start} to begin with, {daily} a day"),
        ("Gifts between members", gifts),
        ("Markets of members", pools),
        ("Limits on bets", _limits(settings)),
    ]


def left_open(bets: int, stakes: int) -> str:
    """Say what becomes of bets that are open while a guild begins to bet in units."""
    named = [counted(bets, "bet"), counted(stakes, "stake") + " in markets"]
    what = " and ".join(said for said, number in zip(named, (bets, stakes), strict=True) if number)
    are, they_pay = ("is", "it pays") if bets + stakes == 1 else ("are", "they pay")
    return (
        f"{what} with play money {are} open. What {they_pay} goes to wallets, which nobody can open in units: wait"
        " until all are settled, or switch back for that."
    )


def betting_form(draft: Draft) -> ModalForm:
    """Ask how the guild bets: which legs a parlay may have, how odds are written, until when a bet is cancelled."""
    now = draft.settings
    formats = [
        option(f"{one.value.capitalize()}, such as {show_odds(EXAMPLE, one)}", one.value, chosen=one is now.odds_format)
        for one in OddsFormat
    ]
    pictures = [option(label, theme.value, chosen=theme is now.slip_pictures) for theme, label in PICTURES.items()]
    return ModalForm(
        "Betting",
        (labelled("Mode", select("mode", _options(MODES, now.mode))), lambda chosen: BetsMode(chosen[0])),
        (
            labelled("Parlays", select("parlays", _options(PARLAYS, now.parlays))),
            lambda chosen: ParlayPreset(chosen[0]),
        ),
        (labelled("Odds, unless a member chose", select("odds_format", formats)), lambda chosen: OddsFormat(chosen[0])),
        (
            text_input(
                "Minutes to cancel a bet; 0: until it locks",
                "cancel_minutes",
                value=f"{now.cancel_minutes:,}",
                most=LONGEST_AMOUNT,
                required=False,
            ),
            _minutes,
        ),
        (
            labelled("Picture of each placed bet", select("slip_pictures", pictures)),
            lambda chosen: SlipTheme(chosen[0]),
        ),
    )


def _minutes(typed: str) -> int:
    digits = typed.strip().casefold().removesuffix("minutes").removesuffix("min").replace(",", "").strip()
    if digits in NO_MORE:
        return 0
    if not (digits.isascii() and digits.isdigit() and len(digits) < LONGEST_AMOUNT and int(digits) <= MOST_MINUTES):
        raise BetsError(
            f"The time to cancel a bet is up to {MOST_MINUTES:,} whole minutes, a week.",
            remedy="Write 0 for until it locks.",
        )
    return int(digits)


def _cancelling(settings: BetsSection) -> str:
    if not settings.cancel_minutes:
        return "until it locks"
    return f"for {counted(settings.cancel_minutes, 'minute')} after it's placed, and never once it has locked"


def rules_form(draft: Draft) -> ModalForm:
    """Ask what is settled otherwise than usual."""
    chosen = draft.settings.variants
    options = [
        option(label, name, description=said.capitalize(), chosen=name in chosen)
        for name, (label, said) in VARIANT_NAMES.items()
    ]
    menu = select("variants", options, placeholder="As usual", least=0, most=len(options))
    return ModalForm("Settlement rules", (labelled("Rules that differ", menu, required=False), _variants))


def _variants(chosen: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name for name in VARIANT_NAMES if name in chosen)
    if (two := clash(names)) is not None:
        first, second = (VARIANT_NAMES[name][0] for name in two)
        raise BetsError(f"“{first}” and “{second}” contradict each other.", remedy="Choose one of them.")
    return names


def money_form(draft: Draft) -> ModalForm:
    """Ask what points are called, and how many members get."""
    now = draft.settings
    return ModalForm(
        "Play money",
        (
            text_input(
                "Name of the play money: one, many",
                "currency",
                value=f"{now.points_of(1)}, {now.currency}",
                most=2 * LONGEST_CURRENCY + 2,
                placeholder="coin, coins",
            ),
            _currency,
        ),
        (
            text_input(
                "Sign instead: an emoji or up to 4 letters",
                "sign",
                value=now.sign,
                most=LONGEST_SIGN,
                required=False,
            ),
            _sign,
        ),
        _amount("Starting balance", "starting_balance", now.starting_balance),
        _amount("Daily claim; 0: none", "daily_claim", now.daily_claim),
        _amount("Settled bets for a place by ROI or CLV", "ranked_from", now.ranked_from),
    )


def gifts_form(draft: Draft) -> ModalForm:
    """Ask how much members may give each other, and what the house has of their markets."""
    now = draft.settings
    takeout = text_input(
        "The house's cut of a pool's losing side, in %", "market_takeout", value=str(now.market_takeout), most=4
    )
    return ModalForm(
        "Gifts and markets",
        _amount("Largest gift; 0: no gifts", "gift_limit", now.gift_limit),
        _amount("Most a member can give in a day", "daily_gift_limit", now.daily_gift_limit),
        _amount("The house's risk on a market; 0: only pools", "market_exposure", now.market_exposure),
        (takeout, _takeout),
    )


def _takeout(typed: str) -> int:
    digits = typed.strip().removesuffix("%").strip()
    if not (digits.isascii() and digits.isdigit() and int(digits) <= MOST_TAKEOUT):
        raise BetsError(f"What the house keeps is a whole number from 0 to {MOST_TAKEOUT} percent.")
    return int(digits)


def limits_form(draft: Draft) -> ModalForm:
    """Ask how much members may bet."""
    now = draft.settings
    return ModalForm(
        "Limits on bets; 0: none",
        _amount("Largest stake", "stake_limit", now.stake_limit),
        _amount("Largest return of a bet", "return_limit", now.return_limit),
        _amount("Most per member on one game", "game_limit", now.game_limit),
        _amount("Most per member in a day", "daily_limit", now.daily_limit),
    )


def _options(told: Mapping[E, tuple[str, str]], chosen: E) -> list[Message]:
    return [
        option(label, one.value, description=said.capitalize(), chosen=one is chosen)
        for one, (label, said) in told.items()
    ]


def _limits(settings: BetsSection) -> str:
    named = (
        (settings.stake_limit, "a bet"),
        (settings.return_limit, "returned by a bet"),
        (settings.game_limit, "a member on one game"),
        (settings.daily_limit, "a member a day"),
    )
    return ", ".join(f"{settings.points(most)} {what}" for most, what in named if most) or "none"


def _amount(label: str, name: str, value: int) -> tuple[Message, Any]:
    field = text_input(label, name, value=f"{value:,}", most=LONGEST_AMOUNT, required=False)
    return field, lambda typed: 0 if typed.strip().casefold() in NO_MORE else read_points(typed)


def named_points(draft: Draft, values: Mapping[str, Any]) -> Draft:
    """Take what was typed about play money: of points the singular and the plural."""
    taken = {**values}
    if "currency" in values:  # else it couldn't be read
        taken["currency_one"], taken["currency"] = values["currency"]
    return draft.choosing(**taken)


def _currency(typed: str) -> tuple[str, str]:
    """Read the singular and the plural of what points are called; one name is both."""
    names = [" ".join(name.split()) for name in typed.split(",")]
    if len(names) > 2 or not all(_CURRENCY.fullmatch(name) and len(name) <= LONGEST_CURRENCY for name in names):  # noqa: PLR2004
        raise BetsError("A currency is called by letters and digits.", remedy="Write it as in `coin, coins`.")
    return names[0], names[-1]


def _sign(typed: str) -> str:
    sign = typed.strip()
    letters = len(sign) <= _LETTERS and all(unicodedata.category(one)[0] in "LN" or _is_money(one) for one in sign)
    if sign and not (letters or is_emoji(sign) or _CUSTOM_EMOJI.fullmatch(sign)):
        raise BetsError("A sign is an emoji, or at most 4 letters.", remedy="Leave it empty for the name.")
    return sign


def _is_money(letter: str) -> bool:
    return unicodedata.category(letter) == "Sc"
