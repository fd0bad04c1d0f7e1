"""Hostile texts, in each place where the page shows somebody's words, run nothing, ask nobody and widen nothing."""

from __future__ import annotations

import json

import discord
import pytest

from steward.sim import File
from tests.sim.discord_client import logged_in
from tests.sim.page.browser.window import PHONE, WIDE
from tests.sim.page.hostile import TEXTS
from tests.sim.page.tab import paged

HARM = """
() => ({
  handlers: [...document.querySelectorAll("*")].filter((one) => [...one.attributes].some((it) => /^on/i.test(it.name)))
    .map((one) => one.outerHTML.slice(0, 200)),
  scripts: [...document.scripts].map((one) => one.src).filter((src) => !src.startsWith(location.origin)),
  links: [...document.links].map((one) => one.protocol).filter((it) => !["http:", "https:"].includes(it)),
  sources: [...document.querySelectorAll("[src]")].map((one) => one.src)
    .filter((src) => !src.startsWith(location.origin) && !src.startsWith("blob:")),
  undrawn: [...document.querySelectorAll(".unknown")].map((one) => one.textContent.slice(0, 200)),
  wider: Math.max(0, document.documentElement.scrollWidth - innerWidth),
})
"""
NONE = {"handlers": [], "scripts": [], "links": [], "sources": [], "undrawn": [], "wider": 0}


@pytest.fixture
def texts(request):
    """The project's texts, and those of the collection beside the project, if there is one."""
    try:
        collection = request.getfixturevalue("shared_data") / "web" / "hostile.json"
    except pytest.skip.Exception:
        return TEXTS
    return list(dict.fromkeys([*TEXTS, *(text for _, text in json.loads(collection.read_text()))]))


def cut(text, most):
    """Return a text as long as Discord takes it in a place, and something where nothing would be left."""
    return text[:most] or "empty"


def put_everywhere(sim, text, bot):
    """Put a text into two dozen places of a server of its own, and return the channel with most of them."""
    guild = sim.add_guild(cut(text, 100), members=5, bot=bot)
    chat, member = guild.add_text_channel("general"), guild.join("guest")
    chat.rename(cut(text, 100))
    chat.topic = cut(text, 1024)
    guild.add_voice_channel("talk").rename(cut(text, 100))
    guild.add_category("rooms").rename(cut(text, 100))
    member.user.name = member.user.global_name = cut(text, 32)
    member.rename(cut(text, 32))
    role = guild.add_role(cut(text, 100))
    member.give(role.id)
    chat.post_as(member, cut(text, 4000))
    author = guild.members.get(bot.id)
    embed = {
        "title": cut(text, 256),
        "description": cut(text, 4096),
        "author": {"name": cut(text, 256)},
        "footer": {"text": cut(text, 2048)},
        "fields": [{"name": cut(text, 256), "value": cut(text, 1024), "inline": True}],
        "url": cut(text, 2048),
        "image": {"url": cut(text, 2048)},
    }
    option = {"label": cut(text, 100), "value": cut(text, 100), "description": cut(text, 100)}
    button = {"type": 2, "id": 2, "style": 1, "label": cut(text, 80), "custom_id": cut(text, 100)}
    link = {"type": 2, "id": 3, "style": 5, "label": cut(text, 80), "url": cut(text, 512)}
    menu = {"type": 3, "id": 5, "custom_id": "menu", "placeholder": cut(text, 150), "options": [option]}
    rows = [{"type": 1, "id": 1, "components": [button, link]}, {"type": 1, "id": 4, "components": [menu]}]
    chat.post_as(author, "", embeds=[embed], components=rows)
    chat.post_as(author, "", components=[{"type": 17, "components": [{"type": 10, "content": cut(text, 4000)}]}])
    sent = member.say(chat, "a file", files=[File(cut(text, 200), b"a", "text/plain")])
    sent.attachments[0]["description"] = cut(text, 1024)
    member.ask(chat, cut(text, 300), cut(text, 55), "other")
    member.open_thread(sent, cut(text, 100))
    return chat


def sendable(text):
    """Return whether a bot can be told a text: half a surrogate pair is written by members only."""
    return text.encode(errors="ignore").decode() == text


def form(text):
    """Return a modal with the text in each of its places."""
    found = discord.ui.Modal(title=cut(text, 45), custom_id=cut(text, 100))
    field = discord.ui.TextInput(label=cut(text, 45), placeholder=cut(text, 100), default=cut(text, 4000))
    return found.add_item(field)


async def test_hostile_texts_do_no_harm_in_any_place(clock, chromium, texts):
    async with paged(clock) as (sim, browser):
        silent = sim.add_bot("Silent")
        channels = [put_everywhere(sim, text, sim.bot if sendable(text) else silent) for text in texts]
        async with logged_in(sim) as client, chromium.window(browser.page.address) as page:
            forms = {cut(text, 100): form(text) for text in texts if sendable(text)}
            client.event(answering(forms))
            servers = page.page.get_by_role("navigation", name="Servers").get_by_role("button")
            for number, (text, chat) in enumerate(zip(texts, channels, strict=True)):
                await page(lambda _, nth=number + 1: servers.nth(nth).click())
                row = page.page.locator(f'[data-id="{chat.messages[-1].id}"]')
                await page(lambda _, row=row: row.wait_for())
                for size in (PHONE, WIDE):
                    await page.resize(size)
                    assert await page(lambda it: it.evaluate(HARM)) == NONE, text[:100]
                if not sendable(text):
                    continue
                first = page.page.get_by_role("log").locator(".row-of button").first
                await page(lambda _, first=first: first.click())
                await page(lambda it: it.get_by_role("dialog").wait_for())
                assert await page(lambda it: it.evaluate(HARM)) == NONE, text[:100]
                await page.press("Escape")
                await page(lambda it: it.get_by_role("dialog").wait_for(state="detached"))
                assert page.complaints == [], text[:100]


def answering(forms):
    async def on_interaction(interaction):
        await interaction.response.send_modal(forms[interaction.data["custom_id"]])

    return on_interaction
