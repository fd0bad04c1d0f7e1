"""No text that a member types raises: every text option and every form, found as registered, in one run of the bot."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from steward.bots.bets.fixtures.fixture import FeedResult
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.markets.making import make_market
from steward.bots.bets.markets.market import MemberMarket
from steward.bots.bets.markets.written import read_outcomes
from steward.bots.bets.section import BetsSection
from steward.bots.music.catalogue.invented import invented_catalogue
from steward.bots.music.catalogue.keeping import keep_artists
from steward.client.interactions.answering.failures import BROKEN
from steward.client.interactions.forms import LABEL
from steward.client.payloads import tidied
from steward.sim import time as accelerated
from steward.sim.interactions.reply import ShownReply
from steward.sim.people.member import Member
from steward.store import to_millis
from tests.bots.bets.fixtures.kept import DAY, Kept
from tests.bots.events.coming_up import coming_up
from tests.scenarios.events.crowd import event, posts
from tests.scenarios.typing import (
    Command,
    Form,
    commands,
    fitted,
    form_of,
    forms_in_the_source,
    usual_fields,
    usual_options,
)
from tests.stage import EVERY_BOT, Stage, admin, stage, until

NASTY = [
    "1767960000", "1767960000000", "9" * 4000, "-0", "1e999", "NaN", "٣", "²", "½ hour", "0x10", "1_000", "\x00",
    "a\x00b",     "\u202e8pm yadirf", "\u200b", "\u2800", "\u0301", "e" + "\u0301" * 500,
    "👨‍👩‍👧‍👦" * 50, "\\ud800", "x" * 4000,
    "**_~~||`",     "```", "<@1> @everyone <@&1> <#1>", "<t:1767960000:F>", "<t:99999999999999999999:R>",
    "[a](https://x.yz)",
    "2026-02-30 25:61", "0000-00-00", "99999-12-31", "in 99999999999 days", "every friday", "friday 8pm-10pm", "24:00",
    "FREQ=WEEKLY;COUNT=99999999999999999999", "FREQ=DAILY;INTERVAL=0", "UTC+99", "Etc/GMT+14", "../../etc/passwd",
    "a:b:c|d;e", "|", "+ |", "- | 99999999999999999999", "+ 🛡 | ²", "%s %d {0} {}", "'; DROP TABLE events; --",
    "\n\n\r\n\t",     "\ufeff=1+1", "K", "ﬃ", "İ",
]  # fmt: skip
LETTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(LETTERS, max_size=40),
    st.text(st.sampled_from("0123456789:.-+/, hdmwapm"), max_size=20),
    st.datetimes().map(str),
    st.integers(-(10**12), 10**21).map(str),
    st.floats().map(str),
    st.tuples(st.sampled_from(NASTY), st.sampled_from(NASTY)).map(" ".join),
)
BUTTON, STRING_SELECT = 2, 3
ENDINGS = {"Discard", "Post", "Save"}
SETUP = "/setup"
EACH = 4  # texts that are tried in one field


@pytest.mark.slow
@pytest.mark.timeout(600)
@given(st.lists(TEXTS, min_size=300, max_size=300))
@settings(max_examples=1, phases=[Phase.generate], derandomize=True)
def test_whatever_is_typed_is_answered_with_a_sentence_and_stays_in_the_form(texts):
    assume(len(set(texts)) > len(texts) // 3)  # hypothesis begins with the simplest: one text, again and again
    with tempfile.TemporaryDirectory() as folder:
        accelerated.run(partial(_story, Path(folder), [*NASTY, *texts]))


async def _story(folder: Path, texts: list[str], clock: Any) -> None:
    with capture_logs() as logs:
        async with (
            stage(clock, folder, **EVERY_BOT, MAX_REQUESTS_PER_MINUTE="10000", BURST_LIMIT="1000") as scene,
            scene.steward() as steward,
        ):
            olga, hall = await admin(scene, steward), scene.guild.add_text_channel("hall")
            olga.give(scene.guild.add_role("All", "administrator").id)
            await steward.store.write(partial(_market, guild_id=scene.guild.id, channel_id=hall.id))
            await _left_open(Kept(steward.store, clock))
            writer = _Writer(scene, steward, olga, hall, texts)
            for command in commands(scene):
                await writer.try_command(command)
            await writer.look_through_posts()
            await writer.look_through_feeds()
            await writer.look_through_market()
            for form in [*writer.forms.values()]:
                await writer.try_form(form)
            before = set(writer.forms)
            await writer.look_through_picks()
            for action in writer.forms.keys() - before:
                await writer.try_form(writer.forms[action])
            assert forms_in_the_source() <= set(writer.forms)  # else a form is tried by nobody
    faults = [entry for entry in logs if entry["log_level"] in {"error", "critical"}]
    assert faults == []


def _market(tx: Any, guild_id: int, channel_id: int, number: int = 500) -> None:
    """Make a market of somebody else's, in which one can bet."""
    closes = to_millis(tx.now + timedelta(days=300))
    head = (number, guild_id, channel_id, number, "Who wins?", "The scorer", 0, closes)
    make_market(tx, MemberMarket(*head, read_outcomes("Yes\nNo"), deadline_ms=closes), BetsSection())


async def _left_open(kept: Kept) -> None:
    """Have a feed tell of a result in doubt, and another one of a team that a league of 40 doesn't know."""
    awarded = {"status": "AWD", "result": FeedResult(GameResult(GameStatus.AWARDED)), "tells_results": True}
    games = [kept.fixture(f"g{number}", f"Home {number}", f"Away {number}") for number in range(20)]
    await kept.tell(*games, kept.fixture("derby", after=-DAY, **awarded))
    await kept.tell(kept.fixture("x", "Gunners"), provider="api_sports")


class _Writer:
    """A member who types all sorts of things everywhere."""

    def __init__(self, scene: Stage, steward: Any, olga: Member, hall: Any, texts: list[str]) -> None:
        self._scene, self._steward, self._olga, self._hall = scene, steward, olga, hall
        self._texts = cycle(texts)
        self.forms: dict[str, Form] = {}

    async def try_command(self, command: Command) -> None:
        """Run a command as it is meant to be, look for forms, and then with all sorts of texts in each option."""
        run = partial(self._run, command)
        await self._find_forms(run)
        if command.name == SETUP:  # each part of it has forms of its own
            for choice in command.options["what"]["choices"]:
                await self._find_forms(partial(run, what=choice["value"]))
        for name, option in command.texts.items():
            for _ in range(EACH):
                text = fitted(next(self._texts), option)
                if text:
                    _check(await run(**{name: text}), command.name, name, text)

    async def _run(self, command: Command, **texts: str) -> ShownReply:
        if not await coming_up(self._steward.store, self._scene.guild.id):
            await event(self._scene, self._steward, self._hall, rule="FREQ=DAILY", by=self._olga)
        await asyncio.sleep(5)  # people are no faster
        usual = await usual_options(self._scene, self._olga, self._hall, command)
        return await self._olga.run(command.name, self._hall, **usual | texts)

    async def _find_forms(self, run: Callable[[], Awaitable[ShownReply]]) -> None:
        reply = await run()
        form = form_of(reply, run)
        if form is not None:
            self.forms.setdefault(form.action, form)
            reply = await self._olga.submit(reply, **usual_fields(form))
        for label in reply.buttons:
            await self._note(partial(self._press, run, label))
        for menu, label in _choices_that_open(reply):
            await self._note(partial(self._choose, run, menu, label))

    async def _press(self, run: Callable[[], Awaitable[ShownReply]], label: str) -> ShownReply:
        reply = await run()
        form = form_of(reply, run)
        if form is not None:
            reply = await self._olga.submit(reply, **usual_fields(form))
        return await self._olga.click(reply, label) if label in _enabled(reply) else reply

    async def _choose(self, run: Callable[[], Awaitable[ShownReply]], menu: str, label: str) -> ShownReply:
        return await self._olga.select(await run(), label, menu=menu)

    async def look_through_posts(self) -> None:
        """Click what stands below the posts of a channel."""
        await event(self._scene, self._steward, self._hall, title="Fresh")
        await until(lambda: any(post.embeds[0]["title"] == "Fresh" for post in posts(self._hall)))
        post = next(post for post in posts(self._hall) if post.embeds[0]["title"] == "Fresh")
        labels = [button["label"] for row in post.components for button in row["components"]]
        for label in labels:
            await self._note(partial(self._click_again, post, labels[0], label))

    async def look_through_feeds(self) -> None:
        """Look at each thing that waits for whoever runs the bot."""
        command = Command("/feeds", {})
        for waiting in ("Arsenal v Chelsea", "Which team is “Gunners”?"):
            choose = partial(self._choose, partial(self._run, command), "Decide about …", waiting)
            for label in (await choose()).buttons:
                await self._note(partial(self._press, choose, label))

    async def look_through_market(self) -> None:
        """Void a market: what has been voided once can't be again, so each time it is another one."""
        numbers = count(501)

        async def opened() -> ShownReply:
            before, place = len(self._hall.messages), (self._scene.guild.id, self._hall.id)
            await self._steward.store.write(lambda tx: _market(tx, *place, next(numbers)))
            await until(lambda: any(post.components for post in self._hall.messages[before:]))
            post = next(post for post in self._hall.messages[before:] if post.components)
            return await self._olga.click(await self._olga.click(post, "Void"), "Void")

        await self._note(opened)

    async def look_through_picks(self) -> None:
        """Save what is recommended: only once there are artists, with which other forms don't open any more."""
        told = invented_catalogue(artists=300, listeners=1).artists
        numbers = await self._steward.store.write(partial(keep_artists, told=told))
        like = partial(self._run, Command("/recommend", {}), artist=f"artist:{numbers[0]}")
        await self._note(partial(self._press, like, "Save list"))

    async def _click_again(self, post: Any, first: str, label: str) -> ShownReply:
        if label != first:
            await self._olga.click(post, first)  # most buttons want an answer first
        return await self._olga.click(post, label)

    async def _note(self, opened: Callable[[], Awaitable[ShownReply]]) -> None:
        form = form_of(await opened(), opened)
        if form is not None:
            self.forms.setdefault(form.action, form)

    async def try_form(self, form: Form) -> None:
        """Fill a form in with all sorts of texts, one field at a time; what is refused stands in it again."""
        for name, item in form.inputs.items():
            for _ in range(2 * EACH):
                text = fitted(next(self._texts), item)
                opened = await form.open()
                reply = await self._olga.submit(opened, **usual_fields(form) | {name: text})
                _check(reply, form.action, name, text)
                if reply.content.startswith("⚠️") or LABEL in reply.buttons:
                    assert await self._kept(form, reply, name) == tidied(text), (form.action, name, text)

    async def _kept(self, form: Form, reply: ShownReply, name: str) -> str | None:
        """Return what stands in a field when the form is opened from a refusal."""
        for label in _enabled(reply):
            again = await self._olga.click(reply, label)
            found = form_of(again, form.open)
            if found is not None and found.action == form.action:
                return str(found.inputs[name].get("value", ""))
        return None


def _enabled(reply: ShownReply) -> list[str]:
    if reply.message is None:
        return []
    found = [item for row in reply.message.components for item in row.get("components", ()) if item["type"] == BUTTON]
    return [item["label"] for item in found if not item.get("disabled") and item.get("label") not in ENDINGS]


def _choices_that_open(reply: ShownReply) -> list[tuple[str, str]]:
    """Return the menus with a choice that asks for more, such as "Another place …", and that choice."""
    rows = reply.message.components if reply.message is not None else []
    menus = [item for row in rows for item in row.get("components", ()) if item["type"] == STRING_SELECT]
    return [
        (menu["custom_id"], option["label"])
        for menu in menus
        for option in menu["options"]
        if option["label"].endswith("…")
    ]


def _check(reply: ShownReply, where: str, name: str, text: str) -> None:
    assert reply.error is None, (where, name, text)
    assert BROKEN not in reply.content, (where, name, text)
