"""Names that are completed in the box, and marks of who was named elsewhere."""

from __future__ import annotations

from steward.sim.channels.message import Message
from tests.sim.page.tab import paged

VALUE = "() => document.getElementById('box').value"
ACTIVE = """() => {
  const box = document.getElementById("box");
  return document.getElementById(box.getAttribute("aria-activedescendant"))?.textContent ?? null;
}"""


async def test_a_name_is_completed_with_keys_and_sent_as_a_mention(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=500)
        chat, hall = guild.add_text_channel("general"), guild.add_text_channel("hall")
        alice, anna, cooks = guild.join("alice"), guild.join("anna"), guild.add_role("Cooks")
        guild.join("anna b").rename("ann")
        stranger = sim.world.user(guild.members.roll.after(0, 400)[-1])
        async with chromium.window(browser.page.address) as page:
            await page.type("ask @an")
            await page.finds("[role=listbox][aria-label=Mentions]")
            assert (await page.runs(ACTIVE)).startswith("@ann")
            await page.press("ArrowDown")
            assert (await page.runs(ACTIVE)).startswith("@anna")
            await page.press("Enter")
            assert await page.runs(VALUE) == "ask @anna "
            await page.type("or @coo")
            await page.finds("[role=option] >> text=@Cooks")
            await page.press("Tab")
            await page.type("in #ha")
            await page.finds("[role=option] >> text=#hall")
            await page.press("Tab")
            await page.type(f"with @{stranger.name}")
            await page.finds(f"[role=option] >> text=@{stranger.name}")
            await page.press("Tab", "Enter")
            await page.sees("ask @anna or @Cooks in")
        (message,) = chat.messages
        assert message.content == f"ask <@{anna.id}> or <@&{cooks.id}> in <#{hall.id}> with <@{stranger.id}> "
        assert [user.name for user in message.mentions] == ["anna", stranger.name]
        assert message.author is alice.user


async def test_a_name_that_is_not_meant_is_left_as_it_is(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat = guild.add_text_channel("general")
        guild.join("alice")
        async with chromium.window(browser.page.address) as page:
            await page.type("mail a@al")
            assert not await page.runs("() => document.querySelector('[role=listbox]')")
            await page.type(" or @al")
            await page.finds("[role=listbox]")
            await page.press("Escape")
            await page.finds("#box:not([aria-controls])")
            await page.press("Enter")
            await page.sees("mail a@al or @al")
        assert [message.content for message in chat.messages] == ["mail a@al or @al"]


async def test_the_middle_of_a_text_is_completed_and_one_goes_on_there(clock, chromium):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        guild.add_text_channel("general")
        guild.join("alice")
        async with chromium.window(browser.page.address) as page:
            await page.type("hi, you")
            await page.press(*["ArrowLeft"] * 4)
            await page.type(" @al")
            await page.finds("[role=listbox]")
            await page.press("Enter")
            await page.type("and")
            assert await page.runs(VALUE) == "hi, @alice and you"


async def test_the_rail_says_where_one_is_named(clock, chromium):
    async with paged(clock) as (sim, browser):
        here, there = sim.add_guild("Penguins", members=5), sim.add_guild("Puffins", members=5)
        here.add_text_channel("general")
        hall, alice = there.add_text_channel("hall"), here.join("alice")
        there.join(alice.user)
        host = there.join("host")
        async with chromium.window(browser.page.address) as page:
            host.say(hall, "hello")
            await page.finds("button[aria-label='Puffins, unread']")
            host.say(hall, f"<@{alice.id}>, hello")
            await page.finds("button[aria-label='Puffins, 1 mention'] .badge >> text=1")
            direct = alice.direct_channel(sim.bot)
            direct.post(Message(sim.world.snowflakes.next(), direct.id, sim.bot.user, content="hello"))
            await page.finds("button[aria-label='Direct messages, 1 mention']")
            await page.click("button", "Puffins")
            await page.sees("This is the start of #hall")
            await page.finds("button[aria-label='Puffins']")
