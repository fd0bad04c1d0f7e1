"""The page in a real browser: what is typed and clicked, and what is seen of it."""

from __future__ import annotations

import asyncio

import pytest

from tests.sim.discord_client import logged_in
from tests.sim.page.browser.window import PHONE
from tests.sim.page.tab import paged
from tests.sim.page.test_actions import restaurant

FASTER = "\N{MULTIPLICATION SIGN}10"
CREATED = "tr:has-text('MESSAGE_CREATE')"
pytestmark = pytest.mark.timeout(600)


async def test_keys_alone_write_a_message_and_run_a_command(clock, chromium):
    async with restaurant(clock) as (_, tab, chat, alice):
        async with chromium.window(tab.browser.page.address) as page:
            await page.type("hello")
            await page.press("Enter")
            await page.sees("hello")
            await page.type("/menu")
            await page.press("Enter")
            await page.type("Fri")
            await page.sees("Friday")
            await page.press("Enter", "Enter")
            await page.sees("Fri for None")
        assert chat.messages[0].author is alice.user


async def test_a_message_of_the_day_before_says_so(clock, chromium):
    async with restaurant(clock) as (_, tab, chat, _):
        chat.guild.join("bob").say(chat, "see you tomorrow")
        loop = asyncio.get_running_loop()
        loop.speed = None
        await asyncio.sleep(86_400)
        loop.speed = 1
        async with chromium.window(tab.browser.page.address) as page:
            await page.sees("Yesterday at")


async def test_everybody_who_is_typing_is_named_until_they_have_written(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat = guild.add_text_channel("general")
        alice, bob, carol = (guild.join(name) for name in ("alice", "bob", "carol"))
        async with chromium.window(browser.page.address) as page:
            bob.start_typing(chat)
            await page.sees("bob is typing…")
            carol.start_typing(chat)
            await page.sees("bob, carol are typing…")
            bob.say(chat, "there")
            await page.sees("carol is typing…", exact=True)
            alice.say(chat, "and I")
            carol.say(chat, "done")
            await page.no_longer_sees("typing…")


async def test_what_is_refused_comes_back_into_the_box_of_its_channel(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, _ = guild.add_text_channel("general"), guild.add_text_channel("hall")
        guild.join("alice").say(chat, "before")
        async with chromium.window(browser.page.address) as page:
            await page.attach("plan.txt", b"waddle")
            await page.sees("plan.txt")
            await page.paste("x" * 2001)
            await page.press("Enter")
            await page.sees("Discord sends at most 2,000 characters")
            await page.sees("plan.txt")
            assert await page.runs("() => document.getElementById('box').value.length") == 2001
            await page.click("button", "hall")
            await page.sees("This is the start of #hall")
            assert await page.runs("() => document.getElementById('box').value") == ""
            assert not await page.shows("plan.txt")
            await page.click("button", "general")
            await page.sees("plan.txt")
        assert [message.content for message in chat.messages] == ["before"]


async def test_an_answer_to_another_channel_is_told_and_not_drawn_here(clock, chromium):
    async with restaurant(clock) as (_, tab, chat, _):
        chat.guild.add_text_channel("hall")
        async with chromium.window(tab.browser.page.address) as page:
            loop = asyncio.get_running_loop()
            loop.speed = 0  # the three seconds end when this tab has left
            await page.type("/broken")
            await page.press("Enter", "Enter")
            await page.sees("Sending command…")
            await page.click("button", "hall")
            await page.sees("This is the start of #hall")
            loop.speed = 1
            await page.sees("/broken: The application did not respond")
            assert await page.runs("() => document.querySelectorAll('.message').length") == 0


async def test_a_command_is_typed_once_and_a_draft_outlives_a_visit_to_a_forum(clock, chromium):
    async with restaurant(clock) as (_, tab, chat, alice):
        forum = chat.guild.add_forum("ideas")
        alice.post(forum, "A longer menu?", "It has room")
        alice.say(chat, "Try </menu:5>.")
        async with chromium.window(tab.browser.page.address) as page:
            await page.click("button", "/menu")
            await page.finds(".pill input:focus")
            await page.press("Backspace")
            await page.finds("#box")
            await page.paste("a draft")
            await page.click("button", "ideas")
            await page.finds(".forum")
            assert not await page.runs("() => document.getElementById('box')")
            await page.click_at(".forum button")
            await page.finds("#box")
            assert await page.runs("() => document.getElementById('box').value") == ""
            await page.click("button", "general")
            await page.finds("#box[placeholder*=general]")
            assert await page.runs("() => document.getElementById('box').value") == "a draft"
            await page.click("button", "/menu")
            await page.finds(".pill input:focus")
            await page.press("Backspace")
            await page.finds("#box")
            assert await page.runs("() => document.getElementById('box').value") == "/menu"


async def test_escape_closes_a_request_and_leaves_the_log_where_it_is(clock, chromium):
    async with restaurant(clock) as (_, tab, _, _), chromium.window(tab.browser.page.address) as page:
        await page.click("button", "PUT /applications")
        await page.finds(".log-detail pre")
        await page.press("Escape")
        await page.finds(".log:not(:has(.log-detail))")
        assert "PUT /applications" in await page.focus()


async def test_play_goes_on_as_fast_as_before_the_pause(clock, chromium):
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        async with chromium.window(browser.page.address) as page:
            await page.click("button", FASTER)
            await page.finds(f"button[aria-pressed=true] >> text={FASTER}")
            await page.click("button", "Pause")
            await page.sees("Time stands still; clicks are answered")
            await page.click("button", "Pause")
            await page.finds(f"button[aria-pressed=true] >> text={FASTER}")


async def test_the_gateway_is_shown_again_after_the_connection_was_lost(clock, chromium):
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        async with chromium.window(browser.page.address, can_disconnect=True) as page:
            await page.click("checkbox", "Gateway")
            await page.click_at("#box")
            await page.type("one")  # in the same tab: the simulator has turned the gateway on before it hears of this
            await page.press("Enter")
            await page.finds(CREATED)
            await page.disconnect()
            await page.sees("The simulator has stopped.")
            await page.no_longer_sees("The simulator has stopped.")
            await page.type("two")
            await page.press("Enter")
            await page.finds(f"{CREATED} >> nth=1")


async def test_an_archived_thread_is_opened_from_the_channel(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        thread = alice.open_thread(chat, "old plans")
        alice.say(thread, "we said Friday")
        thread.archive(archived=True)
        async with chromium.window(browser.page.address) as page:
            await page.click("button", "Threads")
            await page.click("button", "old plans")
            await page.sees("we said Friday")


async def test_a_member_who_never_acted_is_found_and_acted_as(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5000)
        chat = guild.add_text_channel("general")
        stranger = sim.world.user(guild.members.roll.after(0, 4000)[-1])
        async with chromium.window(browser.page.address) as page:
            await page.click("textbox", "Search members")
            await page.type(stranger.name)
            await page.click("button", stranger.name)
            await page.click("button", "Act as")
            await page.finds(f"button[aria-label='Acting as {stranger.name}; change']")
            await page.click_at("#box")
            await page.type("my first words")
            await page.press("Enter")
            await page.sees("my first words")
        assert chat.messages[0].author.id == stranger.id


async def test_an_author_who_is_not_listed_has_its_nickname_and_colour(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, role = guild.add_text_channel("general"), guild.add_role("Gold")
        role.colour = 0xF1C40F
        for number in range(120):
            guild.join(f"a{number:03}")
        zoe = guild.join("zoe")
        zoe.give(role.id)
        zoe.rename("Zoe of the North")
        zoe.say(chat, "hi")
        async with chromium.window(browser.page.address) as page:
            await page.finds(".author[data-coloured] >> text=Zoe of the North")


async def test_a_server_is_created_where_there_is_none(clock, chromium):
    async with paged(clock) as (sim, browser):
        async with chromium.window(browser.page.address) as page:
            await page.sees("There is no server yet.")
            await page.click_at("text=Create a server")
            await page.type("Club")
            await page.press("Enter")
            await page.sees("This is the start of #general")
        assert [guild.name for guild in sim.world.guilds.values()] == ["Club"]


async def test_a_message_that_cannot_be_drawn_shows_its_json_and_the_others_live(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        alice.say(chat, "before")
        alice.say(chat, "broken").embeds = [5, None]
        alice.say(chat, "after")
        async with chromium.window(browser.page.address) as page:
            await page.sees("An embed could not be drawn")
            await page.sees("after", exact=True)
            alice.say(chat, "and later")
            await page.sees("and later")


async def test_a_bot_that_has_gone_is_told_from_one_that_never_came(clock, chromium):
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        async with chromium.window(browser.page.address) as page:
            await page.sees("No bot has logged in.")
            async with logged_in(sim):
                await page.no_longer_sees("No bot has logged in.")
            await page.sees("Steward lost its connection")
            await page.sees("s ago.")
        async with chromium.window(browser.page.address) as page:
            await page.sees("Steward lost its connection.")
            assert not await page.shows("No bot has logged in.")


async def test_a_long_channel_is_read_to_its_start_and_back_with_few_messages_in_memory(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat, alice = guild.add_text_channel("general"), guild.join("alice")
        for number in range(1000):
            chat.post_as(alice, f"message number {number}")
        async with chromium.window(browser.page.address) as page:
            await page.sees("message number 999")
            await page.runs(SCROLL, [-600, "message number 0"])
            assert await page.runs("() => document.querySelectorAll('[data-row]').length") <= 90
            alice.say(chat, "meanwhile")
            await page.runs(SCROLL, [600, "message number 600"])
            await page.runs(SCROLL, [600, "meanwhile"])
            await page.runs(SCROLL, [-600, "message number 500"])
            await page.click("button", "Jump to present")
            await page.sees("meanwhile", exact=True)
            await page.finds(".messages:not(:has(.present))")


async def test_a_tab_keeps_at_most_four_hundred_messages_and_leaves_no_hole(clock, chromium):
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        async with chromium.window(browser.page.address) as page:
            assert await page.runs(KEEPS) == {
                "older": [400, "1", "400", False, True],
                "live": [400, "1", "400", False, True],
                "newer": [400, "51", "450", True, False],
                "followed": [400, "52", "451", True, False],
            }


SCROLL = """async ([by, text]) => {
  const box = document.querySelector(".messages");
  const visible = () => [...box.querySelectorAll("[data-row]")].some((row) => row.textContent.endsWith(text)
    && row.getBoundingClientRect().bottom > 0 && row.getBoundingClientRect().top < innerHeight);
  while (!visible()) {
    box.scrollTop += by;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}"""
KEEPS = """async () => {
  const { changed, grown, initialState } = await import("./core/state.js");
  const message = (number) => ({ id: String(number), channel_id: "9", author: { id: "8" } });
  const messages = (first, last) => Array.from({ length: last - first + 1 }, (_, place) => message(first + place));
  const about = ({ messages: all, older, newer }) => [all.length, all[0].id, all.at(-1).id, older, newer];
  let state = { ...initialState(), channel: "9", messages: messages(51, 450), older: true };
  const found = {};
  const go = (name, patch) => {
    state = { ...state, ...patch };
    found[name] = about(state);
  };
  go("older", grown(state, { messages: messages(1, 50), older: false, newer: true }, "oldest"));
  go("live", changed({ ...state, following: false }, { messages: [message(451)] }));
  go("newer", grown(state, { messages: messages(401, 450), older: true, newer: false }, "newest"));
  go("followed", changed(state, { messages: [message(451)] }));
  return found;
}"""


async def test_on_a_phone_the_tab_of_channels_tells_what_is_unread_in_any_of_them(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        guild.add_text_channel("general")
        hall = guild.add_text_channel("hall")
        alice, bob = guild.join("alice"), guild.join("bob")
        async with chromium.window(browser.page.address, size=PHONE) as page:
            await page.finds("#box[aria-label*='as alice']")
            bob.say(hall, "anybody?")
            await page(lambda it: it.get_by_role("button", name="Channels, unread", exact=True).wait_for())
            bob.say(hall, f"<@{alice.id}>?")
            await page.click("button", "Channels, 1 mention")
            await page.click("button", "hall, 1 mention")
            await page(lambda it: it.get_by_role("button", name="Channels", exact=True).wait_for())
