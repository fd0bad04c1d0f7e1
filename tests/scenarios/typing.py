"""Words for scenarios of members who type whatever they like: every text option and every form of the product."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steward.client.components.actions import Action, read
from steward.sim import File
from steward.sim.interactions import shown
from steward.sim.interactions.reply import ShownReply
from steward.sim.people.member import Member
from tests.stage import Stage

SOURCE = Path(__file__).parents[2] / "src"
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, ATTACHMENT = 3, 4, 5, 6, 7, 8, 11
TEXT_INPUT = 4
# What stands in the fields that are not tried just now, by name; of all others "x".
USUAL = {
    "title": "Raid night",
    "when": "tomorrow 20:00",
    "times": "friday 20:00; saturday 20:00",
    "length": "2h",
    "answers": "+ Yes; - No",
    "rule": "FREQ=WEEKLY",
    "timezone": "Europe/Berlin",
    "zone": "Europe/Berlin",
    "starts": "20:00",
    "posted": "09:00",
    "closes": "thursday 20:00",
}
USUAL_TIME_OF_DAY = "09:00"
FILE = File("usual.m3u8", b"#EXTM3U\n#EXTINF:1,Air - Moon\nhttps://x.yz/1\n")


@dataclass(frozen=True)
class Command:
    """A registered command: `/event template save` and its options."""

    name: str
    options: dict[str, dict[str, Any]]

    @property
    def texts(self) -> dict[str, dict[str, Any]]:
        """The options that take any text."""
        return {
            name: option
            for name, option in self.options.items()
            if option["type"] == STRING and not option.get("choices")
        }


def commands(scene: Stage) -> list[Command]:
    """Return every slash command that the bot has registered with Discord."""
    registered = scene.sim.bot.commands[None].values()
    return [found for command in registered if command["type"] == 1 for found in _leaves(command, "/")]


def _leaves(item: dict[str, Any], before: str) -> Iterator[Command]:
    name = f"{before}{item['name']}"
    options = item.get("options") or []
    inner = [option for option in options if option["type"] in (1, 2)]
    if inner:
        for one in inner:
            yield from _leaves(one, f"{name} ")
    else:
        yield Command(name, {option["name"]: option for option in options})


async def usual_options(scene: Stage, who: Member, hall: Any, command: Command) -> dict[str, Any]:
    """Return options with which a command works: all texts, and of the others those it needs."""
    values: dict[str, Any] = {}
    for name, option in command.options.items():
        if option["type"] == STRING and option.get("choices"):
            wanted: Any = option["choices"][0]["value"] if option.get("required") else None
        elif option["type"] == STRING:
            wanted = await _usual_text(who, hall, command, name, values)
        elif not option.get("required"):
            wanted = None
        elif option.get("choices"):
            wanted = option["choices"][0]["value"]
        else:
            things = {INTEGER: 1, BOOLEAN: True, USER: who, CHANNEL: hall, ATTACHMENT: FILE}
            wanted = things.get(option["type"])
            wanted = scene.guild.add_role("Some") if option["type"] == ROLE else wanted
            wanted = option.get("min_value", wanted) if option["type"] == INTEGER else wanted
        if wanted is not None:
            values[name] = wanted
    return values


async def _usual_text(who: Member, hall: Any, command: Command, name: str, before: dict[str, Any]) -> str | None:
    option = command.options[name]
    if option.get("autocomplete"):
        offered = (await who.autocomplete(command.name, hall, **before, **{name: ""})).interaction.choices
        if offered:
            return str(offered[0]["value"])
        return "x" if option.get("required") else None
    if name == "time":
        return USUAL_TIME_OF_DAY
    return USUAL.get(name, "x")


@dataclass(frozen=True)
class Form:
    """A modal that was found: what it does, its text inputs by name, and how it is opened."""

    action: str
    inputs: dict[str, dict[str, Any]]
    open: Callable[[], Awaitable[ShownReply]]


def form_of(reply: ShownReply, opened: Callable[[], Awaitable[ShownReply]]) -> Form | None:
    """Return the form that a reply opened."""
    if reply.modal is None:
        return None
    inputs = {item["custom_id"]: item for _, item in shown.inputs(reply.modal.data["components"])}
    texts = {name: item for name, item in inputs.items() if item["type"] == TEXT_INPUT}
    return Form(action_of(reply.modal.data["custom_id"]), texts, opened)


def action_of(custom_id: str) -> str:
    """Return what a custom id does: `events:draft_written`."""
    named = read(custom_id)
    assert named is not None
    return f"{named.bot}:{named.name}"


def usual_fields(form: Form) -> dict[str, str]:
    """Return texts with which a form is taken: of its own where it has some."""
    return {
        name: str(item.get("value") or USUAL.get(name, "x"))
        for name, item in form.inputs.items()
        if item.get("required", True) or name in USUAL
    }


def fitted(text: str, field: dict[str, Any]) -> str:
    """Return a text as Discord's client lets it be typed there: no longer, no shorter."""
    cut = text[: field.get("max_length") or 4000]
    least = max(field.get("min_length") or 0, 1 if field.get("required", False) else 0)
    return cut if cut.strip() or not least else cut[:-1] + "x" * max(1, least - len(cut) + 1)


ELSEWHERE = frozenset({"bets/commands/betting/slips.py", "bets/commands/rulings/ruling.py"})
"""Their forms need a game that is open for bets or disputed: tests/scenarios/bets fills them in."""


def forms_in_the_source() -> set[str]:
    """
    Return what each form of the bots does, as their source says.

    That is `.form(ACTION` of a panel, `.modal(ACTION.id(` of a form by itself, and `.form("name"` of a part of
    `/setup`, which asks for a zone besides.
    """
    found = set()
    bots = SOURCE / "steward" / "bots"
    for path in sorted(bots.rglob("*.py")):
        if path.relative_to(bots).as_posix() in ELSEWHERE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="form"), args=[ast.Constant(value=str(name)), *_]):
                    bot = path.relative_to(bots).parts[0]
                    found |= {f"{bot}:setup_{name}_set", f"{bot}:setup_zone_set"}
                case ast.Call(func=ast.Attribute(attr="form" | "modal"), args=[first, *_]):
                    module = importlib.import_module(".".join(path.relative_to(SOURCE).with_suffix("").parts))
                    action = eval(ast.unparse(first).partition(".id(")[0], vars(module))  # noqa: S307 - our own source
                    assert isinstance(action, Action), f"{path}: a form names no action"
                    found.add(f"{action.bot}:{action.name}")
    return found
