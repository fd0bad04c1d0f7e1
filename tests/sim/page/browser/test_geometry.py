"""Sizes, colours and movement of the page, as hands and eyes need them."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from steward.sim import File
from tests.sim.page.browser.window import PHONE, WIDE
from tests.sim.page.tab import paged

pytestmark = pytest.mark.timeout(600)

LONG = "W" * 32
ARABIC = "\u064a\u0648\u0633\u0641 \u0627\u0644\u0639\u0631\u0628\u064a"  # a name written from right to left
ZOOMED = (640, 400)  # 1280 by 800 at 200 %
VIEWS = {"Channels": "button", "Chat": "button", "People": "button", "API": "button"}

SMALL = """() => [...document.querySelectorAll("button, input:not([type=file], [type=checkbox]), label.choice")]
  .filter((one) => one.checkVisibility() && !one.closest(".text, .head, .system, .only-you, .above, .file"))
  .map((one) => [one.getBoundingClientRect(), one.getAttribute("aria-label") || one.textContent || one.className])
  .filter(([box]) => box.width && (box.height < 43.5 || box.width < 43.5))
  .map(([box, name]) => `${name.trim()}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""
OUTSIDE = """() => {
  const clipped = (one) => {
    for (let box = one.parentElement; box !== document.body; box = box.parentElement) {
      const clips = getComputedStyle(box).overflowX !== "visible";
      if (clips && box.getBoundingClientRect().right <= innerWidth + 1) return true;
    }
    return false;
  };
  return [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1 && !clipped(one))
  .map((one) => `${one.tagName} ${one.className}`);
}"""
BEYOND = """() => {
  const { left, right } = document.querySelector(".popup").getBoundingClientRect();
  return [...document.querySelectorAll(".popup *")].map((one) => [one.getBoundingClientRect(), one.outerHTML])
    .filter(([box]) => box.left < left || box.right > right).map(([, html]) => html.slice(0, 100));
}"""
CONTRASTS = """(colours) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const shown = (css) => {
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (css) => {
    const [red, green, blue] = shown(css).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const author = document.querySelector(".author[data-coloured]");
  author.style.backgroundColor = "var(--hover)";
  return colours.map((colour) => {
    author.style.setProperty("--role", colour);
    const style = getComputedStyle(author);
    const [low, high] = [luminance(style.color), luminance(style.backgroundColor)].sort((a, b) => a - b);
    return [colour, (high + 0.05) / (low + 0.05)];
  });
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const { animationName, transitionDuration } = getComputedStyle(one);
  return animationName !== "none" || transitionDuration !== "0s";
}).map((one) => one.className)"""


@asynccontextmanager
async def evening(clock):
    """Yield a browser for a page with long, foreign and many things on it."""
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=50)
        chat, role = guild.add_text_channel("general"), guild.add_role("Gold")
        role.colour = 0xF1C40F
        guild.add_text_channel("w" * 100)
        guild.add_voice_channel("Members: 50").deny("everyone", "connect")
        alice = guild.join("alice")
        alice.give(role.id)
        for name in (LONG, ARABIC, "alice"):
            who = next((one for one in guild.members.stored.values() if one.user.name == name), None)
            who = who or guild.join(name)
            message = who.say(chat, f"{name} says **much** `x{'y' * 80}` https://example.com/{'z' * 120}\n> {name}")
            alice.react(message, "\N{THUMBS UP SIGN}")
        alice.say(chat, files=[File(f"{'f' * 90}.txt", b"x")])
        alice.ask(chat, "Which snack? " * 10, "Fish", "Krill " * 9, hours=24)
        yield browser


@pytest.mark.parametrize(("size", "wide"), [(WIDE, 1280), (PHONE, 390), (ZOOMED, 640), ((320, 640), 320)])
async def test_nothing_is_wider_than_the_view(clock, chromium, size, wide):
    async with evening(clock) as browser, chromium.window(browser.page.address, size=size) as page:
        await page.sees(ARABIC)
        assert await page.runs("() => document.documentElement.scrollWidth") == wide
        assert await page.runs(OUTSIDE) == []


@pytest.mark.parametrize("opens", ["Jump to…", "Faults…"])
async def test_what_a_popup_holds_is_within_it(clock, chromium, opens):
    async with evening(clock) as browser, chromium.window(browser.page.address) as page:
        await page.click("button", opens)
        await page.finds(".popup button")
        assert await page.runs(BEYOND) == []


async def test_what_a_reply_answers_takes_one_line_and_shows_no_marks_of_a_quote(clock, chromium):
    async with paged(clock) as (sim, browser):
        chat = sim.add_guild("Penguins", members=5).add_text_channel("general")
        alice = chat.guild.join("alice")
        said = alice.say(chat, f"> is anybody there?\n# {'yes ' * 20} `code` <@{alice.id}> and more")
        alice.reply(said, "a reply")
        async with chromium.window(browser.page.address, size=PHONE) as page:
            await page.finds(".above.reply .cut >> text=is anybody there? yes yes")
            assert await page.runs("() => document.querySelector('.above.reply').offsetHeight") < 30


@pytest.mark.parametrize("view", VIEWS)
async def test_on_a_phone_whatever_is_pressed_is_as_large_as_a_finger(clock, chromium, view):
    async with (
        evening(clock) as browser,
        chromium.window(browser.page.address, size=PHONE, has_touch=True, is_mobile=True) as page,
    ):
        await page.click("button", "Time controls")
        await page.click_at(f".tabs >> text={view}")
        assert await page.runs(SMALL) == []
        assert await page.runs(OUTSIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_names_in_the_colour_of_any_role_can_be_read(clock, chromium, scheme):
    colours = [
        f"#{red:02x}{green:02x}{blue:02x}" for red in (0, 128, 255) for green in (0, 128, 255) for blue in (0, 128, 255)
    ]
    async with evening(clock) as browser, chromium.window(browser.page.address, color_scheme=scheme) as page:
        await page.finds(".author[data-coloured]")
        found = dict(await page.runs(CONTRASTS, colours))
        assert {colour: round(found[colour], 2) for colour in colours if found[colour] < 4.5} == {}


async def test_nothing_moves_for_those_who_want_less_of_it(clock, chromium):
    async with evening(clock) as browser, chromium.window(browser.page.address, reduced_motion="reduce") as page:
        await page.type("hello")
        assert await page.runs(MOVING) == []
