"""Many interactions at once: answered in turns, acknowledged first if they are too many, dropped if too old."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import discord
import pytest
from discord import app_commands
from structlog.testing import capture_logs

from steward.client.components import Action, Reply, button, modal, row, text_input
from steward.client.interactions import answered
from steward.client.interactions.answering import load as loads
from steward.client.interactions.answering.failures import INTERRUPTED
from steward.client.interactions.answering.load import (
    ANSWERED_AT_ONCE,
    MANY,
    TOO_OLD,
    WORKED_ON_AT_ONCE,
    Ages,
    Lanes,
    Load,
)
from steward.sim import Fault
from steward.sim.interactions.interaction import COMMAND
from tests.client.interactions.reception import reception
from tests.runtime.hand_clock import HandClock

CALLBACK = {"method": "POST", "route": "/interactions/{interaction_id}/{interaction_token}/callback"}
THINKING, MESSAGE, FORM = 5, 4, 9
CROWD = 300
A_FEW = ANSWERED_AT_ONCE
RSVP = Action("events", "rsvp", args=(str,))


@pytest.fixture
def few_are_many(monkeypatch):
    """What comes while more than these are in hand is acknowledged first."""
    monkeypatch.setattr(loads, "MANY", A_FEW)


def command(
    name: str, work: Callable[[discord.Interaction], Awaitable[Reply]], *, opens_form: bool = False
) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name=name, description="Do it")
    @answered(opens_form=opens_form)
    async def handler(interaction: discord.Interaction) -> Reply:
        return await work(interaction)

    return handler


def crowd(scene, number=CROWD):
    return [scene.guild.join(f"member {index}") for index in range(number)]


async def asked_by_alice(scene, rsvp):
    """A message with *Yes* and *No*, which `rsvp` answers."""

    async def ask(interaction):
        return Reply({"content": "?", "components": [row(button("Yes", RSVP.id("y")), button("No", RSVP.id("n")))]})

    scene.interactions.on(RSVP, rsvp, private=True)
    await scene.open(command("ask", ask))
    return await scene.alice.run("/ask", scene.chat)


async def test_lanes_take_turns_and_in_a_lane_it_is_first_come_first_served():
    turns, order = Lanes(lambda: 1), []

    async def enter(lane, number):
        async with turns.turn(lane):
            order.append((lane, number))
            await asyncio.sleep(1)

    async with asyncio.TaskGroup() as group:
        for number in range(4):
            group.create_task(enter("clicks", number))
        for lane in ("cancel", "list"):
            group.create_task(enter(lane, 0))
    assert order == [("clicks", 0), ("clicks", 1), ("cancel", 0), ("list", 0), ("clicks", 2), ("clicks", 3)]


async def test_who_goes_while_waiting_or_when_called_takes_no_turn_with_them():
    turns, done = Lanes(lambda: 1), []

    async def enter(number):
        async with turns.turn("lane"):
            await asyncio.sleep(1)
            done.append(number)

    tasks = [asyncio.create_task(enter(number)) for number in range(4)]
    await asyncio.sleep(0.5)
    tasks[1].cancel()
    tasks[0].cancel()
    await asyncio.sleep(0)  # the third has been called, and has not begun
    tasks[2].cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
    assert done == [3]
    async with asyncio.timeout(2):
        await enter(4)


class CorrectedClock(HandClock):
    """A clock whose wall time is put right by so many seconds."""

    off = 0.0

    def now(self):
        return super().now() + timedelta(seconds=self.off)


@pytest.mark.parametrize("off", [-30, 5, 50])
def test_a_correction_of_the_wall_clock_makes_nothing_old_or_new(off):
    clock = CorrectedClock()
    ages, made = Ages(clock), clock.now()
    assert ages.of(made) == 0
    clock.off = off
    for _ in range(5):
        clock.forward(1)
        made += timedelta(seconds=1)
        assert ages.of(made) == 0
        assert ages.of(made - timedelta(seconds=1.5)) == 1.5


async def test_ages_are_told_by_the_youngest_whatever_the_clock_says(clock):
    ages, ahead = Ages(clock), timedelta(hours=3)
    made = clock.now() - ahead
    assert ages.of(made) == 0
    await asyncio.sleep(2)
    assert ages.of(made) == 2
    assert ages.of(made + timedelta(seconds=2)) == 0
    assert ages.of(made + timedelta(seconds=4)) == 0  # quicker than any before: the others were on the way for longer
    assert ages.of(made + timedelta(seconds=2)) == 2
    assert ages.of(made - ahead) == 0  # the clock was set
    await asyncio.sleep(200)
    assert ages.of(clock.now() - timedelta(seconds=5)) == 0  # it was put forward a little: that is forgotten, too
    await asyncio.sleep(200)
    assert ages.of(clock.now() - timedelta(seconds=5)) == 0


@pytest.mark.usefixtures("few_are_many")
async def test_f66_five_hundred_at_once_are_acknowledged_before_any_further_work_begins(clock, tmp_path):
    """Each request is a tenth of a second on its way, and each handler takes two seconds."""
    async with reception(clock, tmp_path) as scene:
        running, most = [0], [0]

        async def work(interaction):
            running[0] += 1
            most[0] = max(most[0], running[0])
            await asyncio.sleep(2)
            running[0] -= 1
            return Reply.say(str(interaction.user.id))

        await scene.open(command("work", work))
        people = crowd(scene, 500)
        scene.sim.faults.rest(**CALLBACK, action=Fault.delay(0.1), times=float("inf"))
        began = clock.monotonic()
        acknowledged = []
        scene.sim.recorder.subscribe(
            lambda request: acknowledged.append(clock.monotonic()) if request.route == CALLBACK["route"] else None
        )
        replies = await asyncio.gather(*(member.run("/work", scene.chat) for member in people))
        assert [reply.content for reply in replies] == [str(member.id) for member in people]
        assert [reply.error for reply in replies] == [None] * 500
        assert len(acknowledged) == 500
        assert acknowledged[-1] - began < 2
        assert most[0] <= A_FEW + WORKED_ON_AT_ONCE


@pytest.mark.usefixtures("few_are_many")
async def test_f66_while_any_wait_to_be_acknowledged_few_are_worked_on(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        begun, begun_at_the_last = [0], [0]

        async def work(interaction):
            begun[0] += 1
            await asyncio.sleep(0.05)
            return Reply.say("done")

        def heard(request):
            if request.route == CALLBACK["route"]:
                begun_at_the_last[0] = begun[0]

        await scene.open(command("work", work))
        people = crowd(scene, 500)
        scene.sim.faults.rest(**CALLBACK, action=Fault.delay(0.1), times=float("inf"))
        scene.sim.recorder.subscribe(heard)
        await asyncio.gather(*(member.run("/work", scene.chat) for member in people))
        assert begun_at_the_last[0] < A_FEW + 4 * WORKED_ON_AT_ONCE
        assert begun[0] == 500


def test_f66_what_would_be_acknowledged_too_late_is_too_old_before():
    clock = HandClock()
    load = Load(clock)
    in_hand = [load.came(clock.now()) for _ in range(MANY + 2)]
    with load.acknowledged():
        clock.forward(1.4)
    assert not load.is_too_old(in_hand[0])
    clock.forward(0.3)
    assert load.is_too_old(in_hand[0])
    for _ in range(2):
        load.done()
    assert not load.is_too_old(in_hand[0])


async def test_up_to_many_at_once_are_answered_directly_some_at_a_time(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        running, most = 0, 0

        async def work(interaction):
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.1)
            running -= 1
            return Reply.say("done")

        await scene.open(command("work", work))
        await asyncio.gather(*(member.run("/work", scene.chat) for member in crowd(scene, MANY)))
        assert scene.callbacks() == [MESSAGE] * MANY
        assert most == ANSWERED_AT_ONCE


@pytest.mark.usefixtures("few_are_many")
async def test_f66_so_many_are_put_off_and_no_more(clock, tmp_path, monkeypatch):
    monkeypatch.setattr(loads, "MAX_ADMITTED", 50)
    async with reception(clock, tmp_path) as scene:
        put_off, ever, most = set(), 0, 0

        async def work(interaction):
            await asyncio.sleep(0.1)
            put_off.discard(interaction.id)
            return Reply.say("done")

        def heard(request):
            nonlocal ever, most
            if request.route == CALLBACK["route"] and request.body["type"] == THINKING:
                put_off.add(int(request.path.split("/")[-3]))
                ever, most = ever + 1, max(most, len(put_off))

        await scene.open(command("work", work))
        scene.sim.recorder.subscribe(heard)
        replies = await asyncio.gather(*(member.run("/work", scene.chat) for member in crowd(scene)))
        assert {reply.error for reply in replies} == {None}
        assert ever >= CROWD - A_FEW
        assert WORKED_ON_AT_ONCE < most <= 50


async def test_what_waits_for_long_is_acknowledged_in_time_though_a_crowd_comes_after_it(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:

        async def work(interaction):
            await asyncio.sleep(4)
            return Reply.say("done")

        await scene.open(command("work", work))
        people = crowd(scene, A_FEW + MANY)
        scene.sim.faults.rest(**CALLBACK, action=Fault.delay(0.5), times=float("inf"))
        first = asyncio.gather(*(member.run("/work", scene.chat) for member in people[:A_FEW]))
        await asyncio.sleep(1.3)
        crowded = asyncio.gather(*(member.run("/work", scene.chat) for member in people[A_FEW:]))
        assert {reply.error for reply in await first} == {None}
        await crowded


def interactions_in_memory():
    return {id(one): one for one in gc.get_objects() if isinstance(one, discord.Interaction)}


async def test_f66_an_interaction_that_is_answered_leaves_nothing_to_the_garbage_collection(clock, tmp_path):
    kept_by_other_tests = interactions_in_memory()
    async with reception(clock, tmp_path) as scene:

        async def rsvp(use):
            return Reply.say("noted", private=True)

        asked = await asked_by_alice(scene, rsvp)
        gc.collect()
        gc.disable()
        try:
            for _ in range(5):
                await scene.alice.click(asked, "Yes")
            await asyncio.sleep(1)
            assert interactions_in_memory().keys() <= kept_by_other_tests.keys()
        finally:
            gc.enable()


async def test_f65_a_command_does_not_wait_behind_hundreds_of_clicks(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        done = []

        async def cancel(interaction):
            done.append("cancel")
            return Reply.say("cancelled")

        async def ask(interaction):
            return Reply({"content": "?", "components": [row(button("Yes", RSVP.id(1)))]})

        async def rsvp(use):
            await asyncio.sleep(0.5)
            done.append("click")
            return Reply.say("noted", private=True)

        scene.interactions.on(RSVP, rsvp, private=True)
        await scene.open(command("cancel", cancel), command("ask", ask))
        asked = await scene.alice.run("/ask", scene.chat)
        clicking = asyncio.gather(*(member.click(asked, "Yes") for member in crowd(scene, 600)))
        await asyncio.sleep(0.1)
        began = clock.monotonic()
        cancelled = await scene.alice.run("/cancel", scene.chat)
        assert cancelled.content == "cancelled"
        assert clock.monotonic() - began < 1
        assert done.count("click") < 200
        assert {reply.error for reply in await clicking} == {None}
        await asyncio.sleep(60)
        assert done.count("click") == 600


@pytest.mark.usefixtures("few_are_many")
async def test_f65_what_one_member_clicks_counts_in_its_order_though_an_acknowledgement_overtakes(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        order = []

        async def rsvp(use):
            order.append((use.interaction.user.name, *use.args))
            await asyncio.sleep(5)
            return Reply.say("noted", private=True)

        asked = await asked_by_alice(scene, rsvp)
        clicking = asyncio.gather(*(member.click(asked, "Yes") for member in crowd(scene, A_FEW + 6)))
        await asyncio.sleep(0.1)
        scene.sim.faults.rest(**CALLBACK, action=Fault.delay(1.0), times=1)
        first = asyncio.ensure_future(scene.alice.click(asked, "Yes"))
        await asyncio.sleep(0.1)
        await scene.alice.click(asked, "No")
        await first
        await clicking
        await asyncio.sleep(60)
        assert [answer for name, answer in order if name == "alice"] == ["y", "n"]


@pytest.mark.usefixtures("few_are_many")
async def test_f65_what_one_member_clicks_counts_in_its_order_though_the_crowd_has_gone_meanwhile(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        order = []

        async def rsvp(use):
            await asyncio.sleep(8 if use.interaction.user.name == "alice" and use.args == ("y",) else 1)
            order.append((use.interaction.user.name, *use.args))
            return Reply.say("noted", private=True)

        asked = await asked_by_alice(scene, rsvp)
        clicking = asyncio.gather(*(member.click(asked, "Yes") for member in crowd(scene, A_FEW + 6)))
        await asyncio.sleep(0.1)
        first = asyncio.ensure_future(scene.alice.click(asked, "Yes"))
        await clicking
        await asyncio.sleep(4)  # but for hers nothing is in hand
        assert (await scene.alice.click(asked, "No")).error is None
        await first
        await asyncio.sleep(60)
        assert [answer for name, answer in order if name == "alice"] == ["y", "n"]


async def test_f65_what_one_member_clicks_counts_in_its_order_where_few_click(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        order = []

        async def rsvp(use):
            await asyncio.sleep(4 if use.args == ("y",) else 1)
            order.append(*use.args)
            return Reply.say("noted", private=True)

        asked = await asked_by_alice(scene, rsvp)
        first = asyncio.ensure_future(scene.alice.click(asked, "Yes"))
        await asyncio.sleep(0.5)
        await scene.alice.click(asked, "No")
        await first
        await asyncio.sleep(10)
        assert order == ["y", "n"]


@pytest.mark.usefixtures("few_are_many")
async def test_what_cannot_be_read_is_not_counted_as_in_hand_for_ever(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:

        async def work(interaction):
            return Reply.say("done")

        await scene.open(command("work", work))
        (known,) = scene.sim.bot.commands[None].values()
        odd = {"id": known["id"], "name": "work", "type": 1, "options": [{"name": "of no type"}], "resolved": {}}
        for _ in range(A_FEW + 1):
            scene.sim.world.interactions.begin(COMMAND, scene.sim.bot, scene.alice, scene.chat, odd)
        await asyncio.sleep(10)
        before = len(scene.callbacks())
        assert (await scene.alice.run("/work", scene.chat)).content == "done"
        assert scene.callbacks()[before:] == [MESSAGE]


@pytest.mark.usefixtures("few_are_many")
async def test_what_is_too_old_to_be_acknowledged_is_dropped_undone_and_said_once(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        worked = set()

        async def work(interaction):
            worked.add(interaction.user.id)
            await asyncio.sleep(1)
            return Reply.say("done")

        await scene.open(command("work", work))
        people = crowd(scene)
        scene.sim.faults.rest(**CALLBACK, action=Fault.delay(1.0), times=float("inf"))
        with capture_logs() as lines:
            replies = await asyncio.gather(*(member.run("/work", scene.chat) for member in people))
            await asyncio.sleep(60)
        answered = {member.id for member, reply in zip(people, replies, strict=True) if reply.error is None}
        assert A_FEW < len(answered) < CROWD
        assert worked == answered
        (said,) = [line for line in lines if line["event"] == "interactions_dropped"]
        assert said["count"] == CROWD - len(answered)
        assert TOO_OLD < 3
        assert not [line for line in lines if line["log_level"] == "error"]


async def test_what_lay_unread_for_too_long_is_not_done_however_little_is_in_hand(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        worked = []

        async def work(interaction):
            worked.append(interaction.user.name)
            return Reply.say("done")

        await scene.open(command("work", work))
        assert (await scene.alice.run("/work", scene.chat)).content == "done"
        ben, read = scene.guild.join("ben"), scene.client.ws.poll_event

        async def read_late():
            await asyncio.sleep(4)
            return await read()

        scene.client.ws.poll_event = read_late
        await ben.run("/work", scene.chat)  # the reader was waiting for this one already
        reply = await ben.run("/work", scene.chat)
        scene.client.ws.poll_event = read
        assert reply.error == "The application did not respond"
        await asyncio.sleep(10)
        assert worked == ["alice", "ben"]


@pytest.mark.usefixtures("few_are_many")
async def test_f65_a_form_is_opened_in_the_first_crowd_and_in_any_other(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:

        async def fill(interaction):
            return form()

        async def filled(use):
            return form()

        async def work(interaction):
            await asyncio.sleep(1)
            return Reply.say("done")

        async def ask(interaction):
            return Reply({"content": "?", "components": [row(button("Fill in", RSVP.id("form")))]})

        scene.interactions.on(RSVP, filled, opens_form=True)
        await scene.open(command("fill", fill, opens_form=True), command("work", work), command("ask", ask))
        asked = await scene.alice.run("/ask", scene.chat)
        working = asyncio.gather(*(member.run("/work", scene.chat) for member in crowd(scene)))
        await asyncio.sleep(0.1)
        with capture_logs() as lines:
            assert (await scene.alice.run("/fill", scene.chat)).modal is not None
            assert (await scene.alice.click(asked, "Fill in")).modal is not None
        assert not [line for line in lines if line["event"] == "form_not_declared"]
        await working
        assert scene.callbacks().count(FORM) == 2
        assert THINKING in scene.callbacks()


async def test_f66_an_interaction_is_answered_in_the_task_in_which_discord_py_tells_of_it(clock, tmp_path):
    """A further task is a further turn of the loop, with all that wakes up for it."""
    async with reception(clock, tmp_path) as scene:
        within = []

        async def rsvp(use):
            within.append(asyncio.current_task().get_name())
            return Reply.say("noted", private=True)

        asked = await asked_by_alice(scene, rsvp)
        await scene.alice.click(asked, "Yes")
        assert within == ["discord.py: on_interaction"]


def form():
    return Reply(modal=modal("Fill in", "events:filled", text_input("Name", "name")))


async def test_a_form_that_was_not_declared_is_an_error_in_the_log(clock, tmp_path):
    """So is every one of the product's, as each is opened where no error may be logged."""
    async with reception(clock, tmp_path) as scene:

        async def fill(interaction):
            return form()

        async def filled(use):
            return form()

        async def ask(interaction):
            return Reply({"content": "?", "components": [row(button("Fill in", RSVP.id("form")))]})

        scene.interactions.on(RSVP, filled)
        await scene.open(command("fill", fill), command("ask", ask))
        with capture_logs() as lines:
            assert (await scene.alice.run("/fill", scene.chat)).modal is not None
            asked = await scene.alice.run("/ask", scene.chat)
            assert (await scene.alice.click(asked, "Fill in")).modal is not None
        assert [line["event"] for line in lines if line["log_level"] == "error"] == ["form_not_declared"] * 2


@pytest.mark.parametrize("many", [A_FEW, MANY])
async def test_who_waits_for_a_turn_when_the_bot_ends_is_told_so(clock, tmp_path, monkeypatch, many):
    monkeypatch.setattr(loads, "MANY", many)
    async with reception(clock, tmp_path) as scene:

        async def work(interaction):
            await asyncio.sleep(100)
            return Reply.say("done")

        await scene.open(command("work", work))
        people = crowd(scene, A_FEW + WORKED_ON_AT_ONCE + 20)
        running = [asyncio.ensure_future(said(member, scene)) for member in people]
        await asyncio.sleep(5)
        await scene.interactions.__aexit__(None, None, None)
        replies = await asyncio.gather(*running)
        told = [reply.content or "".join(message.content for message in reply.followups) for reply in replies]
        assert told == [INTERRUPTED] * len(people)


async def said(member, scene):
    return await member.run("/work", scene.chat)
