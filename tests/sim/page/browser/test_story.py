"""What a member does in the browser is, for the bot and the recorder, what an actor does in a test."""

from __future__ import annotations

from tests.sim.page.test_actions import by_actor, plain, restaurant

COMPLETION = 8  # the type of an answer to autocompletion, of which there are as many as pauses in the typing


def told(sim, before):
    """Return what the bot has requested since, without autocompletion."""
    requests = [one for one in sim.recorder.requests()[before:] if (one.body or {}).get("type") != COMPLETION]
    return [(one.method, one.route, one.status, plain(one.body)) for one in requests]


async def by_browser(page):
    """Order soup with the mouse and the keyboard, as `by_actor` does."""
    await page.type("/menu")
    await page.press("Enter")
    await page.type("Fri")
    await page.sees("Friday")
    await page.press("Enter")
    await page.type("guest")
    await page.press("ArrowDown", "Enter")
    await page.type("alice")
    await page(lambda it: it.get_by_role("option", name="alice").first.wait_for())
    await page.press("Enter", "Enter")
    await page.sees("Fri for alice")
    await page(lambda it: it.get_by_role("button", name="Select a user").click())
    await page(lambda it: it.get_by_role("option", name="alice").click())
    await page.sees("For alice.")
    await page(lambda it: it.get_by_role("button", name="Order").click())
    await page(lambda it: it.get_by_label("Dish").fill("Soup"))
    await page(lambda it: it.get_by_role("button", name="Submit").click())
    await page.sees("Soup is coming.")


async def test_a_story_in_the_browser_is_the_story_of_actors(clock, chromium):
    async with restaurant(clock) as (sim, _, chat, alice):
        before = sim.recorder.count()
        await by_actor(alice, chat)
        expected = told(sim, before)
    async with restaurant(clock) as (sim, tab, _, _), chromium.window(tab.browser.page.address) as page:
        before = sim.recorder.count()
        await by_browser(page)
        assert told(sim, before) == expected
    assert len(expected) == 4


async def test_a_message_of_another_member_appears_by_itself(clock, chromium):
    async with restaurant(clock) as (_, tab, chat, _), chromium.window(tab.browser.page.address) as page:
        chat.guild.join("bob").say(chat, "**bold** move")
        await page.sees("bold")
        assert await page(lambda it: it.get_by_text("bold", exact=True).evaluate("it => it.tagName")) == "STRONG"


async def test_seven_tabs_show_the_same_and_hear_of_each_other(clock, chromium):
    async with restaurant(clock) as (_, tab, _, _), chromium.window(tab.browser.page.address) as page:
        tabs = [page.page]
        for _ in range(6):
            await page.open_tab()
            tabs.append(page.page)
        await page.type("from the seventh")
        await page.press("Enter")
        for one in tabs:
            page.page = one
            await page.sees("from the seventh")
