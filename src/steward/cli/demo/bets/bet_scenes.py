"""The scenes around bets, on a weekend and the Monday after it, and their times."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from steward.cli.demo.bets.bettors import Bettors
from steward.cli.demo.bets.league import AWAY, DRAW, HOME, NAME, OVER, UNDER, DemoGame, DemoLeague
from steward.cli.demo.scenes import Scene
from steward.sim.people.member import Member

WEEKEND = timedelta(hours=31)
"""From late on Saturday afternoon to the midnight before Monday."""
SATURDAY, SUNDAY, MONDAY = -2, -1, 0  # days from Monday
ON_DERBY, ON_FROZEN, ON_EVENING, ON_SUNDAY, PARLAYS, ON_MARKET, ON_MONDAY = 20, 10, 6, 6, 5, 10, 8  # bets
STAKE, PARLAY_STAKE, MARKET_STAKE = 100, 50, 40
QUESTION, YES, NO = "Does the harbour freeze over tonight?", "Yes", "No"
DROPPED = ("1.95", "3.50", "4.20", "2.02", "1.84")  # of the evening's game
HEARD = 660.0  # virtual seconds in which the bot reads the file again
CORRECTED = (2, 2)
PUT_OFF = timedelta(days=21)


class BetScenes:
    """
    What the league, the crowd and their bet manager do around bets.

    Args:
        monday: the midnight after the weekend.

    """

    def __init__(self, bettors: Bettors, league: DemoLeague, monday: datetime) -> None:
        self._bettors = bettors
        self._league = league
        self._monday = monday

    def scenes(self) -> Iterator[tuple[datetime, Scene]]:
        """Yield the scenes and their times."""
        league = self._league
        for day, at, scene in (
            (SATURDAY, "17:05", self._set_up),
            (SATURDAY, "17:15", self._make_market),
            (SATURDAY, "17:30", self._bet_on_saturday),
            (SATURDAY, "17:45", self._build_parlays),
            (SATURDAY, "18:00", self._move_odds),
            (SATURDAY, "18:30", self._put_off),
            (SATURDAY, "20:05", self._agree),
            (SATURDAY, "20:50", lambda: self._hear_result(league.derby)),
            (SATURDAY, "21:50", lambda: self._hear_result(league.evening)),
            (SATURDAY, "23:00", self._correct),
            (SUNDAY, "12:00", self._bet_on_sunday),
            (SUNDAY, "15:50", lambda: self._hear_result(league.sunday)),
            (SUNDAY, "20:10", self._hear_market),
            (SUNDAY, "20:30", self._look_who_is_ahead),
            (MONDAY, "11:30", self._bet_on_monday),
            (MONDAY, "20:01", self._hear_refund),
            (MONDAY, "21:50", lambda: self._hear_result(league.monday)),
        ):
            hours, minutes = map(int, at.split(":"))
            yield self._monday + timedelta(days=day, hours=hours, minutes=minutes), scene

    async def _set_up(self) -> str:
        await self._bettors.set_up()
        await asyncio.gather(*map(self._bettors.claim, self._bettors.crowd))
        each = max(self._bettors.claimed.values())
        collected = f"{len(self._bettors.claimed)} members collect their first {each:,} points"
        return f"vera chooses this channel for bets; {collected}, play money"

    async def _make_market(self) -> str:
        outcomes = f"{YES}\n{NO}"
        market = await self._bettors.make_market(QUESTION, outcomes, "The harbour master", "today 20:00")
        crowd = self._bettors.crowd[-ON_MARKET:]
        for number, member in enumerate(crowd):
            await self._bettors.stake(market, member, NO if number % 3 else YES, MARKET_STAKE)
        return f"mia asks: {QUESTION} {len(crowd)} bet in her market"

    async def _bet_on_saturday(self) -> str:
        league = self._league
        before = len(self._bettors.bets)
        await self._bet(league.derby, ON_DERBY, (HOME, HOME, AWAY, DRAW, OVER))
        await self._bet(league.frozen, ON_FROZEN, (HOME, UNDER, AWAY))
        await self._bet(league.evening, ON_EVENING, (HOME, AWAY, OVER))
        placed = len(self._bettors.bets) - before
        return f"members place {placed} bets with /bet on three games of the {NAME}, {STAKE} points each"

    async def _build_parlays(self) -> str:
        league = self._league
        for number, member in enumerate(self._bettors.crowd[:PARLAYS]):
            picks = (league.frozen, HOME), (league.evening, (HOME, OVER)[number % 2]), (league.sunday, AWAY)
            await self._bettors.parlay(member, PARLAY_STAKE, *picks)
        return f"{len(self._bettors.crowd[:PARLAYS])} of them build parlays of three games with /parlay"

    async def _move_odds(self) -> str:
        member, game, asked = self._bettors.crowd[-1], self._league.evening, self._bettors.asked_again
        slip, leg = await self._bettors.slip(member, game, HOME, STAKE)
        before, game.prices = game.prices[0], DROPPED
        self._league.write()
        await asyncio.sleep(HEARD)
        await self._bettors.confirm(member, slip, STAKE, leg)
        if self._bettors.asked_again == asked:
            raise LookupError(f"The odds of {game.home} moved, and {member.name} was not asked again.")
        moved = f"{game.home} drops from {before} to {game.prices[0]}"
        return f"{moved} while {member.name} looks at a slip: asked once more, then placed"

    async def _put_off(self) -> str:
        game = self._league.frozen
        game.put_off_to = game.starts + PUT_OFF
        self._league.write()
        return f"{game} is put off by three weeks, the pitch is frozen: no more bets on it"

    async def _hear_result(self, game: DemoGame) -> str:
        return await self._told(game)

    async def _correct(self) -> str:
        game = self._league.derby
        game.scores += (CORRECTED,)
        self._league.write()
        return await self._told(game)

    async def _hear_refund(self) -> str:
        return await self._told(self._league.frozen)

    async def _agree(self) -> str:
        if self._bettors.market is None:
            raise LookupError("There is no market.")
        await self._bettors.agree(self._bettors.market, YES)
        return "mia says that the harbour froze over, vera confirms it: a day for objections, then it's paid"

    async def _hear_market(self) -> str:
        market = self._bettors.market
        if market is None or not market.post.embeds[0]["description"].startswith("Settled"):
            raise LookupError("The market is not settled.")
        winners = [user for user in market.stakes if market.payout(user)]
        return f"nobody objects, so mia's market is paid: {len(winners)} of {len(market.stakes)} were right"

    async def _bet_on_sunday(self) -> str:
        return await self._bet_on(self._league.sunday, ON_SUNDAY, "this afternoon's")

    async def _bet_on_monday(self) -> str:
        return await self._bet_on(self._league.monday, ON_MONDAY, "tonight's")

    async def _bet_on(self, game: DemoGame, bets: int, which: str) -> str:
        before = len(self._bettors.bets)
        await self._bet(game, bets, (HOME, DRAW, UNDER))
        return f"{len(self._bettors.bets) - before} members bet on {which} game, {game}"

    async def _look_who_is_ahead(self) -> str:
        user_id, figures = await self._bettors.top()
        name = next((one.name for one in self._bettors.crowd if one.id == user_id), "somebody else")
        return f"{name} is ahead this week: {figures}"

    async def _bet(self, game: DemoGame, bets: int, picks: Sequence[str]) -> None:
        """Have some of the crowd bet on a game at once."""
        members: list[Member] = self._bettors.crowd[:bets]
        chosen = [(member, picks[number % len(picks)]) for number, member in enumerate(members)]
        await asyncio.gather(*(self._bettors.bet(member, game, pick, STAKE) for member, pick in chosen))

    async def _told(self, game: DemoGame) -> str:
        """Return what was told last of a game: how it ended, and how many bets were settled."""
        title = game.titles[-1]
        message = await self._bettors.told(title)
        lines = [line for line in message.embeds[0]["description"].splitlines() if not line.startswith(("<", "\u2026"))]
        return f"{title}{'.' if game.put_off_to else ':'} {', '.join(lines)}"
