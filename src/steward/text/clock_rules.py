"""How times of day are named: `20:00`, `8pm`, `20 Uhr 30`, `20h30`, `half past 7`, `noon`, `at 8`."""

from __future__ import annotations

from steward.text import vocabulary as words
from steward.text.clocks import NOON, Clock, Midnight
from steward.text.phrase import END, Match, Phrase, Refused, Rules
from steward.text.vocabulary import any_of

CLOCKS = Rules()

_HOUR = r"(?P<hour>\d{1,2})"
_SPOKEN = rf"(?P<hour>\d{{1,2}}|{any_of(words.NUMBERS)})"
_QUARTER, _HALF, _HOUR_MINUTES = 15, 30, 60


@CLOCKS.words(
    rf"{_HOUR}:(?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?\s?(?P<half>[ap]m(?![a-z]))?(?P<sure>\s?uhr)?(?![\d:])"
)
def _figures(phrase: Phrase, match: Match) -> None:
    minute, second = int(match["minute"]), int(match["second"] or 0)
    sure = bool(match["half"] or match["sure"] or len(match["hour"]) > 1)
    phrase.at(Clock(int(match["hour"]), minute, second, match["half"] or "", sure, literal=True))


@CLOCKS.words(
    rf"{_HOUR}(?:\.(?P<minute>[0-5]\d))?\s?(?P<half>[ap]m){END}",
    rf"{_HOUR}(?:\.(?P<minute>[0-5]\d))?\s?uhr(?:\s(?P<after>[0-5]?\d)(?![\d.:]))?{END}",
    rf"{_HOUR}\s?(?:h|heures?)\s?(?P<minute>[0-5]\d)?(?![\wà-ÿ:])",
    rf"{_HOUR}\.(?P<minute>[0-5]\d)(?![\d.])",
)
def _lettered(phrase: Phrase, match: Match) -> None:
    said = match.groupdict()
    minute = int(said["minute"] or said.get("after") or 0)
    phrase.at(Clock(int(match["hour"]), minute, half=said.get("half") or ""))


@CLOCKS.words(
    rf"(?:(?P<half>half past|halb)|(?:quarter|viertel)\s(?P<side>past|to|after|nach|vor))\s{_SPOKEN}"
    rf"(?:\s?(?P<ampm>[ap]m))?(?![\wà-ÿ:.])"
)
def _spoken(phrase: Phrase, match: Match) -> None:
    hour = int(words.NUMBERS.get(match["hour"]) or int(match["hour"]))
    before = match["half"] == "halb" or match["side"] in ("to", "vor")
    if before and match["ampm"]:
        raise Refused  # a quarter to 12 pm is before noon, and so no longer pm
    minute = _HALF if match["half"] else (_HOUR_MINUTES - _QUARTER if before else _QUARTER)
    phrase.at(Clock((hour - 1 or NOON) if before else hour, minute, half=match["ampm"] or "", sure=False))


@CLOCKS.words(rf"{any_of(words.NOON)}{END}")
def _noon(phrase: Phrase, match: Match) -> None:
    phrase.at(Clock(NOON))


@CLOCKS.words(rf"{any_of(words.MIDNIGHT)}{END}")
def _midnight(phrase: Phrase, match: Match) -> None:
    phrase.once("clock", Midnight())


@CLOCKS.words(
    rf"{any_of(words.AT)}\s?{_SPOKEN}(?:\so'clock)?(?![\wà-ÿ:./]|\s?(?:[ap]m|uhr|h|heures?){END})",
    rf"{_HOUR}(?:\so'clock{END}|(?=\sin the\s{any_of(words.PARTS_OF_DAY)}))",
)
def _bare_hour(phrase: Phrase, match: Match) -> None:
    phrase.at(Clock(int(words.NUMBERS.get(match["hour"]) or int(match["hour"])), sure=False))
