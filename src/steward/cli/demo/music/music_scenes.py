"""The scenes around music, on a weekend and the Monday after it: members name artists, like, refuse, sit in voice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from steward.bots.music.catalogue.invented import InventedCatalogue
from steward.bots.music.catalogue.keeping import keep_artists
from steward.bots.music.part import MusicPart
from steward.bots.music.recommend.listening import keep_listening
from steward.cli.demo.music.music_figures import MusicFigures
from steward.cli.demo.music.music_service import DemoMusicService
from steward.cli.demo.people import People
from steward.cli.demo.scenes import Scene
from steward.running import Steward
from steward.runtime.clock import Clock
from steward.sim.channels.message import Message
from steward.sim.guilds.guild import Guild
from steward.sim.interactions.reply import ShownReply
from steward.sim.people.member import Member
from steward.store import Transaction

LISTENERS, IN_VOICE = 8, 4
SATURDAY, SUNDAY, MONDAY = -2, -1, 0  # days from Monday
LATE = 3.0
PLAYLIST = "Saturday night"
_SAY = re.compile(r"music:say\.1:1:([0-9]+)")
_FOR = re.compile(r"^For (.*?)\. ", re.MULTILINE)


class MusicScenes:
    """
    What members do around music.

    Args:
        catalogue: invented, so that nobody's listening is needed.
        monday: the midnight after the weekend.

    """

    def __init__(
        self,
        guild: Guild,
        people: People,
        clock: Clock,
        steward: Steward,
        service: DemoMusicService,
        catalogue: InventedCatalogue,
        monday: datetime,
    ) -> None:
        self.hall = guild.add_text_channel("music")
        self._lounge = guild.add_voice_channel("Listening together")
        self._manager = guild.meet("nina")
        self._manager.give(guild.add_role("Disc jockeys", "manage_guild").id)
        self._crowd = people.crowd[-LISTENERS:]
        self._people = people
        self._clock = clock
        self._steward = steward
        self._service = service
        self._catalogue = catalogue
        self._monday = monday
        self._numbers: list[int] = []
        self._shown: dict[int, list[int]] = {}
        self._refused: dict[int, set[int]] = {}
        self._answers = self._late = self._while_down = 0

    def scenes(self) -> Iterator[tuple[datetime, Scene]]:
        """Yield the scenes and their times."""
        for day, at, scene in (
            (SATURDAY, "17:20", self._set_up),
            (SATURDAY, "17:50", self._name_artists),
            (SATURDAY, "18:15", self._ask),
            (SATURDAY, "18:40", self._share_playlist),
            (SUNDAY, "13:00", self._sit_together),
            (SUNDAY, "14:00", self._lose_service),
            (MONDAY, "18:10", self._read_weekly),
        ):
            hours, minutes = map(int, at.split(":"))
            yield self._monday + timedelta(days=day, hours=hours, minutes=minutes), scene

    def figures(self, failed: list[str]) -> MusicFigures:
        """Return the figures of what was shown so far."""
        again = sum(artist in shown for user, shown in self._shown.items() for artist in self._refused.get(user, ()))
        return MusicFigures(
            answers=self._answers,
            late=self._late,
            while_down=self._while_down,
            refused=sum(map(len, self._refused.values())),
            shown_again=again,
            repeated=sum(len(shown) - len(set(shown)) for shown in self._shown.values()),
            weekly=sum(bool(one.embeds) and "this week" in one.embeds[0]["title"] for one in self.hall.messages),
            failed=tuple(failed),
        )

    async def _set_up(self) -> str:
        def work(tx: Transaction) -> list[int]:
            numbers = keep_artists(tx, self._catalogue.artists)
            for place, plays in enumerate(self._catalogue.listeners, 1):
                keep_listening(tx, -place, {numbers[index]: times for index, times in plays.items()})
            return numbers

        self._numbers = await self._steward.store.write(work)
        await self._steward.bots.part(MusicPart).learning.run()
        panel = await self._run(self._manager, "/setup", what="music")
        panel = self._counted(await self._manager.select(panel, self.hall, menu="music:setup_weekly_channel_id.1"))
        self._counted(await self._manager.click(panel, "Save"))
        return f"nina chooses this channel for weekly picks; the catalogue has {len(self._numbers):,} invented artists"

    async def _name_artists(self) -> str:
        for place, member in enumerate(self._crowd):
            heard = sorted(self._catalogue.listeners[10 * place])[:3]
            first, second, third = (f"artist:{self._numbers[index]}" for index in heard)
            await self._run(member, "/music artists", first=first, second=second, third=third)
            await self._run(member, "/music sharing", visible=True)
        return f"{len(self._crowd)} name three artists each, and let the server see them"

    async def _ask(self) -> str:
        for member in self._crowd:
            message = await self._five(member)
            liked, refused = artists_of(message)[:2]
            await self._press(member, message, f"music:say.1:1:{liked}")
            await self._press(member, message, f"music:say.1:3:{refused}")
            await self._next(member, message)
            self._refused.setdefault(member.id, set()).add(refused)
            self._shown[member.id].remove(refused)  # shown before it was refused
        return f"{len(self._crowd)} ask what to listen to, like one artist, refuse another, and get five more"

    async def _share_playlist(self) -> str:
        member = self._crowd[0]
        await self._run(member, "/playlist save", name=PLAYLIST)
        await self._run(member, "/playlist share", name=PLAYLIST)
        shared = self.hall.messages[-1].embeds
        if not shared or shared[0]["title"] != PLAYLIST:
            raise LookupError("The playlist that was shared doesn't stand in the channel.")
        return f"{member.name} saves the list as {PLAYLIST}, and shares it"

    async def _sit_together(self) -> str:
        together = self._crowd[:IN_VOICE]
        for member in together:
            member.join_voice(self._lounge)
        await asyncio.sleep(5)
        message = await self._five(together[0], **{"from": "voice"})
        told = " ".join(_FOR.findall(_text(message)))
        for member in together:
            member.leave_voice()
        served = sum(f"<@{member.id}>" in told for member in together)
        if not served:
            raise LookupError("The list for voice says for nobody whom a pick is for.")
        return f"{len(together)} sit in voice and get a list for all of them: it names a pick for {served}"

    async def _lose_service(self) -> str:
        self._service.is_down = True
        before = self._late
        for place, member in enumerate(self._crowd):
            await self._five(member, artist=f"artist:{self._numbers[7 * place + 3]}")
            self._while_down += 1
        self._service.is_down = False
        waited = self._late - before
        return f"the music service is down: {self._while_down} ask all the same, and {waited or 'nobody'} waits"

    async def _read_weekly(self) -> str:
        posts = [one for one in self.hall.messages if one.embeds and "this week" in one.embeds[0]["title"]]
        if len(posts) != 1:
            raise LookupError(f"There are {len(posts)} posts of weekly picks, not one.")
        return f"the bot posts {posts[0].embeds[0]['title'].lower()}, by the taste of those who agreed"

    async def _five(self, member: Member, **options: Any) -> Message:
        begun = self._clock.monotonic()
        reply = await self._run(member, "/recommend", **options)
        return await self._seen(member, reply, begun)

    async def _next(self, member: Member, message: Message) -> Message:
        begun = self._clock.monotonic()
        return await self._seen(member, self._counted(await member.click(message, "Next five")), begun)

    async def _seen(self, member: Member, reply: ShownReply, begun: float) -> Message:
        await self._people.until(lambda: bool(reply.followups) or reply.message is not None)
        message = reply.followups[-1] if reply.followups else reply.message
        self._late += self._clock.monotonic() - begun >= LATE
        found = [] if message is None else artists_of(message)
        if message is None or not found:
            raise LookupError(f"{member.name} gets no artists: {reply.content}")
        self._answers += 1
        self._shown.setdefault(member.id, []).extend(found)
        return message

    async def _press(self, member: Member, message: Message, button: str) -> None:
        self._counted(await member.click(message, button))

    async def _run(self, member: Member, command: str, **options: Any) -> ShownReply:
        return self._counted(await member.run(command, self.hall, **options))

    def _counted(self, reply: ShownReply) -> ShownReply:
        return self._people.counted(reply)


def artists_of(message: Message) -> list[int]:
    """Return the artists of a message's cards, by their buttons."""
    ids = (item.get("custom_id", "") for part in message.components for item in part.get("components", ()))
    return [int(found[1]) for found in map(_SAY.fullmatch, ids) if found is not None]


def _text(message: Message) -> str:
    return "\n".join(part["content"] for part in message.components if "content" in part)
