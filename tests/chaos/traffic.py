"""A community that uses the bot without pause, and writes down what it is told."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from random import Random
from typing import Any

from steward.cli.stage import build_stage
from steward.sim import Simulator
from steward.sim.channels.message import Message
from steward.sim.interactions import shown
from steward.sim.interactions.interaction import DEFERRED_UPDATE
from steward.sim.interactions.reply import ShownReply
from steward.sim.people.member import Member
from tests.chaos.ledger import CANCELLED, DECLINED, EVENT, SEAT, SETUP, WAITLIST, ZONE, EventSheet, Ledger, Wish

GUESTS = 8
PATIENCE = 12.0  # seconds that a member waits for a bot that is thinking
PAUSE = 0.4  # seconds between two acts of a member, on average
WHO = "Who's coming"
BUTTON = 2  # the type of a component
LABELS = {"yes": "Yes", "late": "Late", "no": "No"}
ZONES = {"Berlin": "Europe/Berlin", "Tokyo": "Asia/Tokyo", "Lima": "America/Lima", "London": "Europe/London"}
SETUP_ZONE = "stats:setup_zone.1"
SETUP_ZONES = ("Europe/London", "Europe/Paris", "America/New_York")
CANCELLED_TITLE, ENDED_TITLE = "Cancelled: ", " (ended)"


class ButtonGone(Exception):
    """A member would click a button that is no longer there: the event was cancelled or has begun."""


class Community:
    """
    Two servers and their people.

    Args:
        sim: their Discord.
        ledger: what they are told goes there.
        random: what they do.
        due_at: a full minute in which an event begins, if there is one; seconds since 1970.

    """

    def __init__(self, sim: Simulator, ledger: Ledger, random: Random, due_at: float | None = None) -> None:
        self.sim = sim
        self.ledger = ledger
        self.stage = build_stage(sim, members=500, online=100, bans=7)
        self.guild = self.stage.guild
        self.reports = self.stage.channels["STATS_CHANNEL_ID"]
        self.hall = self.guild.add_text_channel("hall")
        self.due_at = due_at
        self._voice = self.guild.add_voice_channel("Raid")
        self._random = random
        self._olga = self.guild.join("olga")
        self._olga.give(self.guild.add_role("Organisers", "manage_events").id)
        self._guests = [self.guild.join(f"guest {number}") for number in range(GUESTS)]
        self._passers_by: list[Member] = []
        self._silent: list[Member] = []
        seals = sim.add_guild("Seals", members=50, online=10, bans=2)
        self.second = seals
        self._news = seals.add_text_channel("news")
        self._sven = seals.join("sven")
        self._sven.give(seals.add_role("Admins", "manage_guild").id)
        self._open = True
        self.seats: Sequence[int | None] = (None, 2, 3, 5)  # of the events to come, each by chance
        self.probe = self.guild.join("probe")

    # Life

    async def live(self) -> None:
        """Use the bot until `rest` is called."""
        lives: list[Coroutine[Any, Any, None]] = [
            self._again(self._come_and_go, PAUSE / 4),
            self._again(self._organise, PAUSE * 3),
            self._again(self._set_up, PAUSE * 4),
            *(self._again(self._answering(guest), PAUSE) for guest in self._guests),
        ]
        await asyncio.gather(*lives)

    def rest(self) -> None:
        """Begin nothing more."""
        self._open = False

    async def _again(self, act: Callable[[], Awaitable[None]], pause: float) -> None:
        while self._open:
            await asyncio.sleep(self._random.expovariate(1 / pause))
            if self._open:
                with suppress(ButtonGone):
                    await act()

    def posts(self) -> list[Message]:
        """The posts of events that can be answered, the oldest first."""
        return [one for one in self.hall.messages if one.embeds and one.embeds[0].get("title") in self.ledger.events]

    # What Discord tells the bot

    async def _come_and_go(self) -> None:
        now, chance = time.time(), self._random.random()
        moves = self.ledger.moves
        if chance < 0.4 or len(self._passers_by) < 5:
            newcomer = self.guild.join(f"passer-by {len(moves['join'])}")
            moves["join"][newcomer.id] = now
            self._passers_by.append(newcomer)
            self._silent.append(newcomer)
        elif chance < 0.55:
            person = self._passers_by.pop(self._random.randrange(len(self._passers_by)))
            self._silent = [one for one in self._silent if one is not person]
            moves["leave"][person.id] = now
            if chance < 0.45:
                moves["ban"][person.id] = now
                self.guild.ban(person)
            else:
                person.leave()
        elif chance < 0.85:
            if self._silent:  # each writes once, so that each message is counted for itself
                writer = self._silent.pop(self._random.randrange(len(self._silent)))
                self.ledger.messages[writer.id] = now
                writer.say(self.stage.general, "hello")
        else:
            guest = self._random.choice(self._guests)
            if guest.voice_channel is None:
                guest.join_voice(self._voice)
            else:
                guest.leave_voice()

    # What members ask of the bot

    async def is_served(self) -> bool:
        """Let a member look who comes to an event, or what events there are, and return whether they saw it."""
        if not any(command["name"] == "events" for own in self.sim.bot.commands.values() for command in own.values()):
            return False  # a bot that has never been ready
        post = next((one for one in self.posts() if has_button(one, WHO)), None)
        if post is None:
            reply = await self._heard(self.probe.run("/events list", self.hall))
        else:
            reply = await self._click(self.probe, post, WHO)
        return reply is not None and bool(reply.embeds or any(message.embeds for message in reply.followups))

    def _answering(self, guest: Member) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            chance, posts = self._random.random(), self.posts()
            if not posts or chance < 0.05:
                await self._choose_zone(guest)
            elif chance < 0.1:
                await self._heard(guest.run("/events list", self.hall))
            elif chance < 0.2:
                await self._click(guest, posts[-1], WHO)
            else:
                await self._answer(guest, self._random.choice(posts[-3:]))

        return act

    async def _answer(self, guest: Member, post: Message) -> None:
        option = self._random.choice(("yes", "yes", "late", "no"))
        if not has_button(post, LABELS[option]):
            raise ButtonGone(LABELS[option])
        wish = self.ledger.answers[title_of(post), guest.id]
        wish.ask(option)
        said = words(await self._click(guest, post, LABELS[option]))
        if said.startswith("You're in"):
            self._tell(SEAT, wish, option, seated=True)
        elif "You're on the waitlist" in said:
            self._tell(WAITLIST, wish, option, seated=False)
        elif said.startswith("Got it"):
            self._tell(DECLINED, wish, option)
        else:
            self._excused(said)

    async def _choose_zone(self, guest: Member) -> None:
        place = self._random.choice(list(ZONES))
        wish = self.ledger.zones[guest.id]
        wish.ask(ZONES[place])
        said = words(await self._heard(guest.run("/timezone set", self.hall, place=place)))
        if said.startswith("Got it"):
            self._tell(ZONE, wish, ZONES[place])
        else:
            self._excused(said)

    async def _organise(self) -> None:
        kept = [sheet for sheet in self.ledger.events.values() if sheet.made and sheet.cancelled.told is None]
        if len(kept) > 1 and self._random.random() < 0.3:
            await self._cancel(self._random.choice(kept))
        elif len(self.ledger.events) < 8:
            await self._create(f"Raid {len(self.ledger.events) + 1}")

    async def _create(self, title: str) -> None:
        seats = self._random.choice(self.seats)
        sheet = EventSheet(title, seats)
        form = {"title": title, "when": "tomorrow 20:00"} | ({} if seats is None else {"seats": str(seats)})
        if self.due_at is not None and time.time() < self.due_at - 3:
            form["when"] = time.strftime("%H:%M", time.gmtime(self.due_at))
            sheet.starts_at, self.due_at = self.due_at, None
        opened = await self._heard(self._olga.run("/event create", self.hall))
        if opened is None or opened.modal is None:
            return
        preview = await self._heard(self._olga.submit(opened, **form))
        if preview is None or "Post" not in preview.buttons:
            return
        self.ledger.events[title] = sheet
        said = words(await self._heard(self._olga.click(preview, "Post")))
        if "is set for" in said:
            sheet.made = True
            self.ledger.told[EVENT] += 1
        else:
            self._excused(said)

    async def _cancel(self, sheet: EventSheet) -> None:
        sheet.cancelled.ask("cancelled")
        said = words(await self._heard(self._olga.run("/event cancel", self.hall, event=sheet.title)))
        if "is cancelled" in said:
            self._tell(CANCELLED, sheet.cancelled, "cancelled")
        else:
            self._excused(said)

    async def _set_up(self) -> None:
        panel = await self._heard(self._sven.run("/setup", self._news))
        if panel is None or "Save" not in panel.buttons:
            return
        zone = self._random.choice(SETUP_ZONES)
        if not offers(panel, zone):
            return
        panel = await self._heard(self._sven.select(panel, zone, menu=SETUP_ZONE))
        if panel is None or not panel.embeds or zone not in str(panel.embeds[0]):
            return
        self.ledger.setup.ask(zone)
        said = words(await self._heard(self._sven.click(panel, "Save")))
        if said.startswith("Saved."):
            self._tell(SETUP, self.ledger.setup, zone)
        else:
            self._excused(said)

    def _tell(self, kind: str, wish: Wish, value: str, *, seated: bool | None = None) -> None:
        wish.tell(value, seated=seated)
        self.ledger.told[kind] += 1

    def _excused(self, said: str) -> None:
        if said:
            self.ledger.excuses.append(said)

    async def _click(self, member: Member, post: Message, label: str) -> ShownReply | None:
        if not has_button(post, label):
            raise ButtonGone(label)
        return await self._heard(member.click(post, label))

    async def _heard(self, act: Awaitable[ShownReply]) -> ShownReply | None:
        """Let a member act, and return what they see in the end; None where they give up waiting."""
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await act
                if reply.interaction.callback == DEFERRED_UPDATE and not reply.followups:
                    await reply.next(PATIENCE)
        except TimeoutError:
            self.ledger.unanswered += 1
            return None
        if reply.error is not None:
            self.ledger.unanswered += 1
            return None
        seen = everything(reply)
        if any(place in seen for place in self.ledger.places):
            self.ledger.leaks.append(seen)
        return reply


def has_button(post: Message, label: str) -> bool:
    """Return whether a post has a button that can be clicked."""
    return any(
        item["type"] == BUTTON and item.get("label") == label and not item.get("disabled")
        for item in shown.walk(post.components)
    )


def offers(panel: ShownReply, value: str) -> bool:
    """Return whether a value is among those that a menu offers."""
    components = panel.message.components if panel.message is not None else []
    return any(value == option["value"] for item in shown.walk(components) for option in item.get("options", ()))


def everything(reply: ShownReply) -> str:
    """Return all that a member sees of a reply, and of what followed it."""
    messages = [one for one in (reply.message, *reply.followups) if one is not None]
    seen = [[one.content, one.embeds, one.components] for one in messages]
    return json.dumps([seen, reply.modal.data if reply.modal is not None else None], ensure_ascii=False)


def title_of(post: Message) -> str:
    """Return the title of the event that a post shows."""
    return str(post.embeds[0].get("title", "")).removeprefix(CANCELLED_TITLE).removesuffix(ENDED_TITLE)


def words(reply: ShownReply | None) -> str:
    """What a member reads; nothing where there was no answer."""
    if reply is None:
        return ""
    followed = next((message.content for message in reply.followups if message.content), "")
    return followed or reply.content
