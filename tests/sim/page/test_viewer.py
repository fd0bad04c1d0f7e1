"""What a tab is told of what happens around it."""

import asyncio
from datetime import datetime
from unittest.mock import Mock

from steward.sim.channels.message import Message
from steward.sim.page.tab import view
from steward.sim.page.tab.unread import Unread
from tests.sim.page.tab import paged


async def test_a_channel_that_goes_or_closes_is_left_for_one_that_the_member_sees(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, hall, attic = (guild.add_text_channel(name) for name in ("general", "hall", "attic"))
        tab = await browser.tab(channel=hall, me=guild.join("alice"))
        hall.delete()
        await tab.sees(lambda seen: seen["channel"] == str(chat.id) and len(seen["channels"]) == 2)
        chat.deny("everyone", "view_channel")
        await tab.look(channel=attic)
        await tab.sees(lambda seen: [channel["name"] for channel in seen["channels"]] == ["attic"])


async def test_a_banned_member_is_acted_as_no_longer(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice, bob = guild.add_text_channel("general"), guild.join("alice"), guild.join("bob")
        tab = await browser.tab(channel=chat, me=alice)
        guild.ban(alice)
        await tab.sees(lambda seen: seen["me"]["id"] == str(bob.id))


async def test_more_messages_than_a_page_arrive_as_a_whole_page(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        tab = await browser.tab(channel=chat)
        for number in range(200):
            alice.say(chat, str(number))
        await tab.sees(lambda seen: seen["messages"] and seen["messages"][-1]["content"] == "199")
        assert [int(message["content"]) for message in tab.seen["messages"]] == [*range(150, 200)]
        assert tab.seen["older"]
        before = tab.seen["messages"][0]["id"]
        older = await tab.ask("older", before=before)
        assert [int(message["content"]) for message in older["messages"]] == [*range(100, 150)]
        assert (older["older"], older["newer"]) == (True, True)
        newer = await tab.ask("newer", after=older["messages"][-1]["id"])
        assert newer == {"messages": tab.seen["messages"], "older": True, "newer": False}
        around = await tab.ask("around", message=older["messages"][0]["id"])
        assert [int(message["content"]) for message in around["messages"]] == [*range(75, 125)]


async def test_no_row_of_the_gateway_is_lost_when_a_whole_page_arrives(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        tab = await browser.tab(channel=chat)
        await tab.ask("gateway", on=True)
        for number in range(100):
            alice.say(chat, str(number))
        rows = []
        while len(rows) < 100:
            change = await tab.until(lambda text: text.get("gateway"))
            rows += [row["data"]["content"] for row in change["gateway"] if row["name"] == "MESSAGE_CREATE"]
        assert rows == [str(number) for number in range(100)]
        assert tab.seen["older"]  # a whole page, which carries no rows


async def test_unread_counts_pings_of_others_only(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, hall, alice = guild.add_text_channel("general"), guild.add_text_channel("hall"), guild.join("alice")
        tab = await browser.tab(channel=chat, me=alice)
        alice.say(hall, "my own")
        bob = guild.join("bob")
        bob.say(hall, "quiet")
        bob.say(hall, f"<@{alice.id}> and @everyone")
        await tab.sees(lambda seen: {one["name"]: one["unread"] for one in seen["channels"]}.get("hall") == 1)


async def test_unread_is_told_of_other_servers_where_the_member_sees_it(clock):
    async with paged(clock) as (sim, browser):
        here, there = sim.add_guild("Penguins", members=5), sim.add_guild("Puffins", members=5)
        chat, alice = here.add_text_channel("general"), here.join("alice")
        hall, vault, lobby = (there.add_text_channel(name) for name in ("hall", "vault", "lobby"))
        vault.deny("everyone", "view_channel")
        there.join(alice.user)
        tab = await browser.tab(channel=chat, me=alice)
        assert tab.seen["unread"] == {}
        host, owner = there.join("host"), there.members.get(there.owner_id)
        owner.say(vault, f"<@{alice.id}> in secret")
        host.say(hall, "hello")
        await tab.sees(lambda seen: seen["unread"] == {str(there.id): 0})
        host.say(hall, f"<@{alice.id}>, hello")
        await tab.sees(lambda seen: seen["unread"] == {str(there.id): 1})
        owner.say(lobby, "@everyone")
        await tab.sees(lambda seen: seen["unread"] == {str(there.id): 2})
        lobby.delete()
        await tab.sees(lambda seen: seen["unread"] == {str(there.id): 1})
        direct = alice.direct_channel(sim.bot)
        direct.post(Message(sim.world.snowflakes.next(), direct.id, sim.bot.user, content="hello"))
        await tab.sees(lambda seen: seen["unread"] == {str(there.id): 1, "direct": 1})
        assert (await tab.look(guild=there, channel=hall, me=alice))["unread"] == {"direct": 1}
        assert (await tab.look(guild=there, channel=hall, me=host))["unread"] == {}


async def test_a_thread_that_is_archived_leaves_its_first_message_where_it_is(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        message = alice.say(chat, "starter")
        thread = alice.open_thread(message, "more")
        tab = await browser.tab(channel=chat, me=alice)
        assert str(thread.id) == str(message.id)
        thread.archive(archived=True)
        thread.changed()
        await tab.sees(lambda seen: str(thread.id) in seen.get("gone_channels", ()))
        assert [one["content"] for one in tab.seen["messages"]] == ["starter"]


async def test_a_request_that_nobody_foresaw_is_answered(clock):
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        tab = await browser.tab()
        answer = await tab.failure("act", do="say", content="x", files=5)
        assert answer == "The simulator failed: TypeError. See its log."


async def test_an_error_without_words_is_answered(clock, monkeypatch):
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        tab = await browser.tab()
        monkeypatch.setattr(view, "pinned", Mock(side_effect=LookupError))
        assert await tab.failure("pins") == "LookupError"


async def test_what_is_no_json_is_reported_and_freezes_no_tab(clock, monkeypatch):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, hall, alice = guild.add_text_channel("general"), guild.add_text_channel("hall"), guild.join("alice")
        tab, other = await browser.tab(channel=chat), await browser.tab(channel=hall)
        failed = failures()
        with monkeypatch.context() as broken:
            broken.setattr(view, "pinned", Mock(return_value=object()))
            assert await tab.failure("pins") == "The simulator failed: TypeError. See its log."
            shown = view.message
            broken.setattr(view, "message", lambda one, me: shown(one, me) | {"broken": object()})
            alice.say(chat, "never seen")
            while len(failed) < 2:
                await asyncio.sleep(0.01)
        alice.say(hall, "hello")
        alice.say(chat, "hello")
        await other.sees(lambda seen: seen["messages"])
        await tab.sees(lambda seen: seen["messages"])
        assert [type(error) for error in failed] == [TypeError, TypeError]


async def test_a_part_that_fails_is_reported_once_until_it_fails_otherwise_or_works_again(clock, monkeypatch):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        tab, other = await browser.tab(channel=chat, me=alice), await browser.tab(channel=chat)
        failed = failures()
        with monkeypatch.context() as broken:
            for reason in ("first", "second"):
                broken.setattr(view, "message", Mock(side_effect=RuntimeError(reason)))
                alice.say(chat, reason)
                for _ in range(3):  # changes of the time: thirty flushes
                    await other.until(lambda text: text["op"] == "change")
        await tab.sees(lambda seen: [one["content"] for one in seen["messages"]] == ["first", "second"])
        assert sorted(map(str, failed)) == ["first", "first", "second", "second"]  # each of both tabs once


async def test_a_place_that_cannot_be_shown_is_told_and_leaves_all_tabs_where_they_are(clock, monkeypatch):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, hall, alice = guild.add_text_channel("general"), guild.add_text_channel("hall"), guild.join("alice")
        tab, other = await browser.tab(channel=chat, me=alice), await browser.tab(channel=chat, me=alice)
        failed = failures()
        with monkeypatch.context() as broken:
            broken.setattr(view, "newest", Mock(side_effect=RuntimeError))
            await tab.send({"op": "look", "channel": str(hall.id), "me": str(alice.id)})
            answer = await tab.until(lambda text: text["op"] == "failed")
        assert answer["error"] == "The simulator failed: RuntimeError. See its log."
        await tab.act("say", content="still here")
        for one in (tab, other):
            await one.sees(lambda seen: [message["content"] for message in seen["messages"]] == ["still here"])
        assert (len(failed), hall.messages) == (1, [])


async def test_a_tab_that_fails_to_hear_of_an_event_keeps_it_from_no_other(clock, monkeypatch):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, hall, alice = guild.add_text_channel("general"), guild.add_text_channel("hall"), guild.join("alice")
        tabs = [await browser.tab(channel=channel, me=alice) for channel in (chat, hall)]
        failed = failures()
        monkeypatch.setattr(Unread, "hear", Mock(side_effect=RuntimeError))  # as the tab in the other channel does
        alice.say(chat, "hello")
        await tabs[0].sees(lambda seen: seen["messages"])
        assert (len(failed), len(chat.messages)) == (1, 1)


def failures():
    """Return a list to which the loop adds what has failed."""
    failed: list[Exception] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context["exception"]))
    return failed


async def test_an_answer_is_about_the_place_where_it_was_asked_for(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, hall, alice = guild.add_text_channel("general"), guild.add_text_channel("hall"), guild.join("alice")
        for channel in (chat, hall):
            alice.say(channel, channel.name)
        tab = await browser.tab(channel=chat, me=alice)
        await tab.send({"op": "older", "n": 77, "before": str(2**62)})
        await tab.look(channel=hall, me=alice)
        (answer,) = [text for text in tab.texts if text.get("n") == 77] or [
            await tab.until(lambda text: text.get("n") == 77)
        ]
        assert [message["content"] for message in answer["result"]["messages"]] == ["general"]


async def test_two_who_write_are_told_and_one_who_has_written_is_not(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice, bob = guild.add_text_channel("general"), guild.join("alice"), guild.join("bob")
        tab = await browser.tab(channel=chat, me=alice)
        bob.start_typing(chat)
        guild.join("carol").start_typing(chat)
        bob.say(chat, "done")
        await tab.sees(lambda seen: seen.get("typing"))
        assert [one["name"] for one in tab.seen["typing"]] == ["carol"]


async def test_search_finds_members_who_have_never_acted(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5000)
        guild.add_text_channel("general")
        tab = await browser.tab()
        name = sim.world.user(guild.members.roll.after(0, 4000)[-1]).name
        assert name not in [member["username"] for member in tab.seen["members"]]
        found = (await tab.ask("members", query=name))["members"]
        assert name in [member["username"] for member in found]
        assert (await tab.look(me=int(found[0]["id"])))["me"]["username"] == found[0]["username"]
        assert len((await tab.ask("members", query="a"))["members"]) == 100


async def test_an_archived_thread_is_listed_opened_and_read(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        thread = alice.open_thread(chat, "old plans")
        alice.say(thread, "let's go")
        thread.archive(archived=True)
        tab = await browser.tab(channel=chat, me=alice)
        assert [one["name"] for one in (await tab.ask("threads"))["channels"]] == ["old plans"]
        seen = await tab.look(channel=thread, me=alice)
        assert [one["content"] for one in seen["messages"]] == ["let's go"]
        assert str(thread.id) in [one["id"] for one in seen["channels"]]


async def test_private_threads_are_listed_for_those_in_them(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice, bob = guild.add_text_channel("general"), guild.join("alice"), guild.join("bob")
        thread = alice.open_thread(chat, "secret", private=True)
        thread.archive(archived=True)
        for who, names in ((alice, ["secret"]), (bob, [])):
            tab = await browser.tab(channel=chat, me=who)
            assert [one["name"] for one in (await tab.ask("threads"))["channels"]] == names


async def test_a_counter_says_how_many_renames_are_left_and_until_when(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        counter = guild.add_voice_channel("Members: 5")
        tab = await browser.tab()
        (known,) = tab.seen["channels"]
        assert known["renames"] == {"left": 2, "of": 2, "back": None}
        sim.hidden.rename(counter)
        counter.rename("Members: 6")
        await tab.sees(lambda seen: seen["channels"][0]["renames"]["left"] == 1)
        back = tab.seen["channels"][0]["renames"]["back"]
        assert 590 < (datetime.fromisoformat(back) - clock.now()).total_seconds() <= 600


async def test_slowmode_ends_for_the_tab_when_it_ends(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        chat.slowmode = 2
        tab = await browser.tab(channel=chat, me=alice)
        await tab.ask("time", speed=0)
        await tab.act("say", content="first")
        await tab.sees(lambda seen: seen["me"]["refused"]["say"])
        await tab.ask("time", speed=1)
        await tab.sees(lambda seen: seen["me"]["refused"]["say"] is None)


async def test_nothing_is_told_to_a_page_that_nobody_looks_at(clock, monkeypatch):
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        subscribed = []

        def counted(subscribe):
            def counting(listener):
                subscribed.append(listener)
                end = subscribe(listener)
                return lambda: (subscribed.remove(listener), end())

            return counting

        for owner, name in (
            (sim, "subscribe"),
            (sim.world.interactions, "subscribe"),
            (sim.recorder, "subscribe_payloads"),
        ):
            monkeypatch.setattr(owner, name, counted(getattr(owner, name)))
        tabs = [await browser.tab() for _ in range(3)]
        assert len(subscribed) == 3
        for tab in tabs:
            await tab.close()
        while subscribed:
            await asyncio.sleep(0.01)


async def test_a_server_becomes_unavailable_only_from_within(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        guild.add_text_channel("general")
        tab = await browser.tab(me=guild.join("alice"), direct=True)
        answer = await tab.failure("fault", fault="This server becomes unavailable")
        assert answer.startswith("Direct messages belong to no server")
        assert guild.available
