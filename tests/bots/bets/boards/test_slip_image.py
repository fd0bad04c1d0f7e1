"""Pictures of bets: every text stays in its place, whatever teams are called."""

import asyncio
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.boards.slip_image import (
    MOST_WAITING,
    LegPicture,
    SlipImages,
    SlipPicture,
    draw,
    slip_picture,
    versus,
)
from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.grading.grades import BetOutcome, BetResult
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.odds.prices import OddsFormat, read_odds
from steward.bots.bets.placing.bets import Bet, BetLeg, BetStatus
from steward.bots.bets.section import BetsMode, BetsSection, SlipTheme
from steward.charts.canvas import width
from steward.charts.render import ChartRenderer
from steward.runtime.cache import Cache

LONG = "Borussia Verein fuer Leibesuebungen 1900 Moenchengladbach e.V."  # 62 characters
HOSTILE = '</text><script>alert("x")</script> & \u202egnorw @everyone'
START = 1_796_482_800_000
SVG = "{http://www.w3.org/2000/svg}"


def game(home="Arsenal", away="Chelsea"):
    return Game(7, 1, 1, 2, 1, START, START, None, "NS", "open", "", home, away)


def bet(**more):
    leg = BetLeg(7, BetPick("asian_handicap", "home", -6), read_odds("2.10"), START)
    mine = Bet(12, 1, 11, BetsMode.HOUSE, 250, 525, BetStatus.OPEN, None, None, 0, 0, 0, (leg,))
    return mine._replace(**more)


def pictured(one=None, games=None, section=None):
    return slip_picture(one or bet(), games or {7: game()}, section or BetsSection(), OddsFormat.DECIMAL)


def boxes(svg):
    """Return the text of a drawing with where it begins and ends, and the height of the whole."""
    root = ET.fromstring(svg)  # noqa: S314 - drawn by us
    found = [
        (box.find(f"{SVG}text").text, float(box.get("x")), float(box.get("x")) + float(box.get("width")),
         float(box.get("y")) + float(box.get("height")))
        for box in root.iter(f"{SVG}svg")
        if box is not root
    ]  # fmt: skip
    return found, float(root.get("height"))


def test_a_picture_says_what_is_bet_on_and_what_it_returns():
    shown = pictured(section=BetsSection(zone="Europe/Berlin"))
    assert (shown.title, shown.state, shown.figures[0], shown.figures[2]) == (
        "Bet #12", "Placed", ("Stake", "250 points"), ("Returns", "525 points"),
    )  # fmt: skip
    assert "Arsenal -1.5" in shown.legs[0].pick
    assert shown.legs[0].starts == "Sat 5 Dec 2026, 16:00 CET"


@pytest.mark.parametrize(
    ("more", "state", "last"),
    [
        ({"status": BetStatus.CANCELLED}, "Cancelled", ("Stake back", "250 points")),
        (
            {"status": BetStatus.SETTLED, "outcome": BetOutcome.HALF_WIN, "payout": 387},
            "Half won",
            ("Returned", "387 points"),
        ),
        ({"status": BetStatus.SETTLED, "outcome": BetOutcome.LOSE, "payout": 0}, "Lost", ("Returned", "0 points")),
        (
            {"status": BetStatus.SETTLED, "outcome": BetOutcome.WIN, "payout": 240},
            "Lost in part",
            ("Returned", "240 points"),
        ),
    ],
)
def test_a_picture_says_how_a_bet_ended(more, state, last):
    shown = pictured(bet(**more))
    assert (shown.state, shown.figures[2]) == (state, last)


@pytest.mark.parametrize("theme", [SlipTheme.DARK, SlipTheme.LIGHT])
@pytest.mark.parametrize(("home", "away"), [(LONG, LONG), ("A", LONG), (HOSTILE, HOSTILE), ("W" * 100, "i" * 100)])
def test_long_and_hostile_names_stay_in_their_box(theme, home, away):
    # 22 of the complaints
    shown = pictured(games={7: game(home, away)})
    found, height = boxes(draw(shown, theme))
    assert all(left >= 0 and right <= 965 and bottom <= height for _, left, right, bottom in found), found
    assert any("-1.5" in text for text, *_ in found)  # what is bet on is not cut with the name


TEXTS = st.text(max_size=120)
LEGS = st.builds(LegPicture, *[TEXTS] * 6, st.none() | st.sampled_from(BetResult))


@given(st.lists(LEGS, max_size=10), TEXTS, TEXTS)
def test_any_texts_make_a_drawing_whose_texts_do_not_leave_it(legs, title, figure):
    shown = SlipPicture(title, "Placed", None, tuple(legs), ((title, figure),) * 3)
    found, height = boxes(draw(shown, SlipTheme.DARK))
    assert all(left >= 0 and right <= 965 and bottom <= height for _, left, right, bottom in found)


@given(st.text("aWi .é", max_size=80), st.text("aWi .é", max_size=80))
def test_two_names_share_a_line_and_a_short_one_is_never_cut(home, away):
    line = versus(home, away, 860, 27)
    assert width(line, 27) <= 861
    for name in (home, away):
        if name.strip() and width(name, 27) < 400:
            assert " ".join(name.split()) in line


class Host(SimpleNamespace):
    """What pictures need of the house."""


class Counted(ChartRenderer):
    """Counts its children."""

    calls = 0

    async def render_svg(self, *drawings):
        self.calls += 1
        return await super().render_svg(*drawings)


async def test_a_picture_is_drawn_in_a_child_once_for_the_same_content():
    renderer = Counted()
    images = SlipImages(Host(charts=renderer, cache=Cache()))
    section = BetsSection(slip_pictures=SlipTheme.LIGHT)

    async def image(one, section=section):
        return await images.slip_image(one, {7: game()}, section, OddsFormat.DECIMAL)

    name, png = await image(bet())
    assert (name, png[:8]) == ("bet12.png", b"\x89PNG\r\n\x1a\n")
    assert (await image(bet()), renderer.calls) == ((name, png), 1)
    await image(bet(status=BetStatus.CANCELLED))
    await image(bet(), BetsSection(slip_pictures=SlipTheme.DARK))
    assert renderer.calls == 3
    assert await image(bet(), BetsSection()) is None


async def test_where_it_cannot_be_drawn_there_is_none():
    images = SlipImages(Host(charts=ChartRenderer(child=["false"]), cache=Cache()))
    section = BetsSection(slip_pictures=SlipTheme.DARK)
    assert await images.slip_image(bet(), {7: game()}, section, OddsFormat.DECIMAL) is None


async def test_while_many_wait_to_be_drawn_further_bets_have_none():
    drawn = asyncio.Event()

    class Slow(ChartRenderer):
        async def render_svg(self, *_):
            await drawn.wait()
            return [b"png"]

    images = SlipImages(Host(charts=Slow(), cache=Cache()))
    section = BetsSection(slip_pictures=SlipTheme.DARK)

    def image(number):
        return images.slip_image(bet()._replace(id=number), {7: game()}, section, OddsFormat.DECIMAL)

    waiting = [asyncio.ensure_future(image(number)) for number in range(MOST_WAITING)]
    await asyncio.sleep(0)
    assert await image(99) is None
    drawn.set()
    assert await asyncio.gather(*waiting) == [(f"bet{number}.png", b"png") for number in range(MOST_WAITING)]
    assert await image(99) == ("bet99.png", b"png")
