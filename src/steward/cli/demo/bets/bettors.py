"""The people of a demo who bet: a manager, one who asks, and a crowd, through commands, forms and buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from steward.cli.demo.bets.league import DemoGame
from steward.cli.demo.people import People
from steward.sim.channels.message import Message
from steward.sim.guilds.guild import Guild
from steward.sim.interactions.reply import ShownReply
from steward.sim.people.member import Member

BETTORS = 20
HUNDREDTHS = 100  # of decimal odds, as the demo's league has them
IN_TIME, LOOK = 30 * 60, 15  # virtual seconds in which a result is told and settled, and between two looks


class DemoLeg(NamedTuple):
    """What a member bets on, at odds in hundredths."""

    game: DemoGame
    pick: str
    odds: int


@dataclass(frozen=True, slots=True)
class ConfirmedBet:
    """A bet as its member confirmed it; `returns` as the slip said, if all legs win."""

    user_id: int
    stake: int
    returns: int
    legs: tuple[DemoLeg, ...]

    def payout(self, score: int = -1) -> int:
        """
        Return what it pays, reckoned without the bot: void legs count 1, rounded down once.

        Args:
            score: of the scores of its games, the first (0) or the last (-1).

        """
        won = [(leg, leg.game.has_won(leg.pick, score)) for leg in self.legs]
        if any(is_won is False for _, is_won in won):
            return 0
        product, divisor = self.stake, 1
        for leg, is_won in won:
            if is_won:
                product, divisor = product * leg.odds, divisor * HUNDREDTHS
        return product // divisor


@dataclass(eq=False)
class SeenMarket:
    """A market that a member made, with everybody's stakes by outcome; `answer` once two people agree."""

    post: Message
    stakes: dict[int, tuple[str, int]] = field(default_factory=dict)
    answer: str | None = None

    def payout(self, user_id: int) -> int:
        """Return what a member gets: the stake, and a share of what the others lost, rounded down."""
        outcome, stake = self.stakes[user_id]
        if outcome != self.answer:
            return 0
        right = sum(points for chosen, points in self.stakes.values() if chosen == self.answer)
        return stake + (sum(points for _, points in self.stakes.values()) - right) * stake // right


class Bettors:
    """
    A bet manager, a member who makes a market, a crowd that bets, and what they know of their bets from the bot.

    Raises `LookupError` or `ValueError` if the bot does not offer something, `TimeoutError` if it is late. All of it is
    in the `hall`; `asked_again` are slips whose odds moved before they were confirmed.
    """

    def __init__(self, guild: Guild, people: People) -> None:
        self.hall = guild.add_text_channel("bets")
        self.manager = guild.meet("vera")
        self.manager.give(guild.add_role("Bookkeepers", "manage_guild").id)
        self.asker = guild.meet("mia")
        self.crowd = people.crowd[:BETTORS]
        self.claimed: dict[int, int] = {}
        self.bets: list[ConfirmedBet] = []
        self.market: SeenMarket | None = None
        self.asked_again = 0
        self._people = people

    async def set_up(self) -> None:
        """Have the bot tell about bets in the hall."""
        panel = await self._command(self.manager, "/setup", what="bets")
        panel = self._counted(await self.manager.select(panel, self.hall, menu="bets:setup_bets_channel_id.1"))
        self._counted(await self.manager.click(panel, "Save"))

    async def claim(self, member: Member) -> None:
        """Collect the first points, and remember how many."""
        said = (await self._command(member, "/wallet claim")).content
        found = re.search(r"You got ([\d,]+)", said)
        if found is None:
            raise LookupError(f"{member.name} got no points: {said}")
        self.claimed[member.id] = _number(found[1])

    async def bet(self, member: Member, game: DemoGame, pick: str, stake: int) -> None:
        """Choose a game and a pick from the lists, type the stake, and confirm."""
        slip, leg = await self.slip(member, game, pick, stake)
        await self.confirm(member, slip, stake, leg)

    async def slip(self, member: Member, game: DemoGame, pick: str, stake: int) -> tuple[ShownReply, DemoLeg]:
        """Fill in a slip."""
        leg, chosen = await self._chosen(member, "/bet", game, pick)
        return await self._command(member, "/bet", **chosen, stake=str(stake)), leg

    async def parlay(self, member: Member, stake: int, *picks: tuple[DemoGame, str]) -> None:
        """Build a parlay leg by leg, and confirm it."""
        legs = []
        for game, pick in picks:
            leg, chosen = await self._chosen(member, "/parlay", game, pick)
            slip = await self._command(member, "/parlay", **chosen, stake=str(stake))
            legs.append(leg)
        await self.confirm(member, slip, stake, *legs)

    async def confirm(self, member: Member, slip: ShownReply, stake: int, *legs: DemoLeg) -> None:
        """Confirm a slip, again if the odds have moved, and remember the bet that was placed."""
        placed = self._counted(await member.click(slip, "Confirm"))
        if "price has moved" in _said(placed):
            self.asked_again += 1
            (leg,) = legs
            legs = (leg._replace(odds=_number(_figure(placed, "Odds"))),)
            placed = self._counted(await member.click(placed, "Confirm"))
        if not placed.embeds or "is placed" not in placed.embeds[0]["title"]:
            raise LookupError(f"{member.name}'s bet was not placed: {_said(placed)}")
        returns = _number(_figure(placed, "Returns if it wins"))
        self.bets.append(ConfirmedBet(member.id, stake, returns, legs))

    async def make_market(self, question: str, outcomes: str, source: str, closes: str) -> SeenMarket:
        """Make a market: the form, and Post."""
        form = await self._command(self.asker, "/market create")
        fields = {"question": question, "outcomes": outcomes, "source": source, "closes": closes}
        preview = self._counted(await self.asker.submit(form, **fields))
        self._counted(await self.asker.click(preview, "Post"))
        self.market = SeenMarket(await self.told(question))
        return self.market

    async def stake(self, market: SeenMarket, member: Member, outcome: str, points: int) -> None:
        """Bet in a market."""
        form = self._counted(await member.click(market.post, outcome))
        said = self._counted(await member.submit(form, amount=str(points))).content
        if "You bet" not in said:
            raise LookupError(f"{member.name} has no stake: {said}")
        market.stakes[member.id] = (outcome, points)

    async def agree(self, market: SeenMarket, answer: str) -> None:
        """Say what happened, as who made the market, and confirm it as the manager."""
        self._counted(await self.asker.select(market.post, answer))
        await self._people.until(lambda: "Proposed" in market.post.embeds[0]["description"])
        said = self._counted(await self.manager.click(market.post, f"Confirm: {answer}")).content
        if "You confirmed" not in said:
            raise LookupError(f"The market is not agreed on: {said}")
        market.answer = answer

    async def told(self, title: str) -> Message:
        """Wait for the message with that title in the hall, and return it."""
        await self._people.until(lambda: bool(self._titled(title)), within=IN_TIME, every=LOOK)
        return self._titled(title)[-1]

    async def top(self) -> tuple[int, str]:
        """Return who is ahead on this week's leaderboard, and by how much."""
        board = await self._command(self.manager, "/leaderboard")
        found = re.search(r"1\. <@(\d+)> \*\*(.+?)\*\*", _said(board))
        if found is None:
            raise LookupError(f"Nobody is on the leaderboard: {_said(board)}")
        return int(found[1]), found[2]

    def _titled(self, title: str) -> list[Message]:
        return [one for one in self.hall.messages if one.embeds and one.embeds[0]["title"] == title]

    async def _chosen(self, member: Member, command: str, game: DemoGame, pick: str) -> tuple[DemoLeg, dict[str, str]]:
        """Type the name of a game and the beginning of a pick, and choose them from the lists."""
        games = self._counted(await member.autocomplete(command, self.hall, game=str(game)))
        if not games.choices:
            raise LookupError(f"{game} is not offered.")
        named = str(games.interaction.choices[0]["value"])
        called = game.called(pick)
        picks = self._counted(await member.autocomplete(command, self.hall, game=named, pick=called))
        found = next((one for one in picks.interaction.choices if one["name"].startswith(called)), None)
        if found is None:
            raise LookupError(f"{called} is not offered for {game}.")
        odds = _number(found["name"].rpartition(", ")[2])
        return DemoLeg(game, pick, odds), {"game": named, "pick": str(found["value"])}

    async def _command(self, member: Member, command: str, **options: Any) -> ShownReply:
        return self._counted(await member.run(command, self.hall, **options))

    def _counted(self, reply: ShownReply) -> ShownReply:
        return self._people.counted(reply)


def _said(reply: ShownReply) -> str:
    return str(reply.embeds[0].get("description", "")) if reply.embeds else reply.content or reply.error or ""


def _figure(reply: ShownReply, name: str) -> str:
    found = [one["value"] for one in reply.embeds[0].get("fields", ()) if one["name"] == name]
    if not found:
        raise LookupError(f"The slip has no {name!r}.")
    return str(found[0])


def _number(text: str) -> int:
    """Return the digits of an amount, or of decimal odds in hundredths."""
    digits = re.sub(r"\D", "", text)
    if not digits:
        raise LookupError(f"There is no number in {text!r}.")
    return int(digits)
