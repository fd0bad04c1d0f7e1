"""What a tab is told of what happens around it."""

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
