"""The documentation against the code: what a page names exists, and what the code has is on a page."""

from __future__ import annotations

import argparse
import ast
import asyncio
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import steward
from steward.bots.settings import OF_OURS, settings_table
from steward.bots.stats.views.report import NAMES_SHOWN
from steward.cli import main
from steward.client.access.permissions import invite_link
from steward.client.gateway import gateway, health, identify_ledger
from steward.errors import ExitCode, StewardError
from steward.runtime.monitor import LoopWatch
from steward.runtime.process import stop_signals
from steward.sim import time as accelerated
from steward.web.metrics import MetricsPage
from tests import rooms
from tests.failures import catalogue
from tests.settings.reference import reference
from tests.stage import EVERY_BOT, admin, stage, until

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "steward"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OPERATING = ROOT / "docs" / "operating.md"

ALLOWED = {
    None: "everyone",
    str(1 << 3): "Administrator",
    str(1 << 5): "Manage Server",
    str(1 << 33): "Manage Events",
}  # default_member_permissions
MANAGERS = "For bet managers: "
"""So begin the descriptions of commands that Discord shows to everyone, and that Steward refuses to all others."""

FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
IMAGE = re.compile(r'<img [^>]*src="([^"]+)"')
FILES_NAMED_LIKE_MODULES = re.compile(r"steward\.(sqlite3|log|toml|service)\b.*")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", page.read_text())


def code(page: Path) -> list[str]:
    """The fenced blocks and the code spans of a page."""
    blocks = [block.split("\n", 1)[1].rsplit("\n", 1)[0] for block in FENCE.findall(page.read_text())]
    return [*blocks, *re.findall(r"`([^`]+)`", prose(page))]


def section(page: Path, title: str) -> str:
    """What stands under a heading of the second level."""
    _, found, rest = page.read_text().partition(f"\n## {title}\n")
    assert found, f"{page.name} has no section {title}"
    return rest.partition("\n## ")[0]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def first_column(table: str) -> list[str]:
    """The code spans in the first column of a table."""
    rows = re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)
    return [span for row in rows for span in re.findall(r"`([^`]+)`", row)]


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path, ast.parse(path.read_text())


def flags_of(command: str) -> set[str]:
    parser = main._parser([command])
    (subparsers,) = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return flags_in(subparsers.choices[command]) - {"--help"}


def flags_in(parser: argparse.ArgumentParser) -> set[str]:
    flags = {flag for action in parser._actions for flag in action.option_strings if flag.startswith("--")}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            flags |= set().union(*map(flags_in, action.choices.values()))
    return flags


@pytest.mark.parametrize("command", main.COMMANDS)
def test_every_command_and_each_of_its_flags_is_documented_and_no_other(command):
    words = section(ROOT / "docs" / "commands.md", f"`steward {command}`").partition("```")[0]
    shown = {match for span in re.findall(r"`([^`]+)`", words) for match in re.findall(r"--[a-z-]+", span)}
    assert shown == flags_of(command)


async def test_every_slash_command_is_documented_with_its_options_and_who_may_use_it_and_no_other(clock, tmp_path):
    """What Discord was told when the bot started, beside the table of docs/commands.md."""
    async with stage(clock, tmp_path, **EVERY_BOT) as scene, scene.steward() as steward:
        await admin(scene, steward)
        registered = {use.name: use for item in scene.sim.bot.commands[None].values() for use in uses(item)}
    table = section(ROOT / "docs" / "commands.md", "In Discord")
    rows = re.findall(r"^\| `(/[^`]+)` \| ([^|]*) \| ([^|]*) \|", table, re.MULTILINE)
    shown = {}
    for name, options, who in rows:
        required, _, optional = options.partition("optional")
        shown[name] = SlashCommand(name, spans(required), spans(optional), who)
    assert len(rows) == len(shown), "a command stands there twice"
    assert shown == registered


@dataclass(frozen=True)
class SlashCommand:
    """One command as a member types it."""

    name: str
    required: set[str]
    optional: set[str]
    who: str


def uses(command: dict[str, Any], before: str = "/", who: str = "") -> Iterator[SlashCommand]:
    """Yield each command that a member can type, of one as Discord's API takes it."""
    name, options = before + command["name"], command.get("options", [])
    if not before.endswith(" "):
        who = ALLOWED[command["default_member_permissions"]]
    inner = [option for option in options if option["type"] in (1, 2)]  # SUB_COMMAND, SUB_COMMAND_GROUP
    for option in inner:
        yield from uses(option, f"{name} ", who)
    if not inner:
        who = "bet managers" if command["description"].startswith(MANAGERS) else who
        required = {option["name"] for option in options if option.get("required")}
        yield SlashCommand(name, required, {option["name"] for option in options} - required, who)


def spans(text: str) -> set[str]:
    """The code spans of a text."""
    return set(re.findall(r"`([^`]+)`", text))


@each_page
def test_every_slash_command_a_page_names_is_one_of_the_table(page):
    table = section(ROOT / "docs" / "commands.md", "In Discord")
    commands = set(re.findall(r"^\| `(/[^`]+)` \|", table, re.MULTILINE))
    groups = {name.rsplit(" ", words)[0] for name in commands for words in (1, 2)}
    for text in re.findall(r"`(/[a-z-]+(?: [a-z-]+)?)", prose(page)):
        if text.split()[0] in groups:
            assert text in commands | groups, text


@each_page
def test_every_command_a_page_names_exists_or_is_said_to_be_missing(page):
    for paragraph in page.read_text().split("\n\n"):
        for command in re.findall(r"(?:`|^|bin/)steward ([a-z]+)", paragraph, re.MULTILINE):
            assert command in main.COMMANDS or "not built yet" in paragraph, command


def test_the_settings_page_is_what_the_settings_say():
    assert (ROOT / "docs" / "settings.md").read_text() == reference(OF_OURS), (
        "run: python -m tests.settings.reference > docs/settings.md"
    )


@each_page
def test_every_setting_a_page_names_exists(page):
    known = {name for item in settings_table() for name in item.names} | {
        "STEWARD_FUZZ_ALL",
        "STEWARD_FUZZ_SEED",
        "STEWARD_SHARED",
        "STEWARD_TEST_KILLS",
        "STEWARD_TEST_POSTGRESQL",
        "STEWARD_",
    }
    assert set(re.findall(r"\bSTEWARD_[A-Z_]*", page.read_text())) <= known


def test_the_table_of_exit_codes_is_complete():
    for module in pkgutil.walk_packages(steward.__path__, "steward."):
        if module.name != "steward.__main__":
            importlib.import_module(module.name)
    errors, left = set[int](), [StewardError]
    while left:
        error = left.pop()
        errors.add(error.exit_code)
        left += error.__subclasses__()
    assert errors <= set(ExitCode)
    shown = re.findall(r"^\| (\d+) \|", section(OPERATING, "Exit codes"), re.MULTILINE)
    assert list(map(int, shown)) == list(ExitCode)


def test_a_command_ends_with_a_code_of_the_table_only():
    """In the code of the commands no other number is returned, and none is told in their help."""
    for path, tree in sources():
        if path.parent.name == "cli":
            helps = re.findall(r"Exit codes: ([^\n]*)", path.read_text())
            told = {int(code) for text in helps for code in re.findall(r"\b(\d+) ", text)}
            returned = {
                node.value.value
                for function in ast.walk(tree)
                if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name in {"run", "main"}
                for node in ast.walk(function)
                if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant)
            }
            assert {code for code in told | returned if isinstance(code, int)} <= set(ExitCode), path


@each_page
def test_every_link_within_the_project_leads_somewhere(page):
    for target in LINK.findall(prose(page)) + IMAGE.findall(prose(page)):
        address = urlsplit(target)
        if address.scheme:
            continue
        there = (page.parent / address.path).resolve() if address.path else page
        assert there.exists(), target
        if address.fragment:
            assert address.fragment in anchors(there), target


def runnable() -> list[tuple[str, str]]:
    marked = re.compile(r"<!-- runnable -->\n```python\n(.*?)```", re.DOTALL)
    return [
        (f"{page.name}-{number}", block)
        for page in PAGES
        for number, block in enumerate(marked.findall(page.read_text()))
    ]


@pytest.mark.parametrize("block", [block for _, block in runnable()], ids=[name for name, _ in runnable()])
def test_every_example_that_is_marked_runnable_runs(block, tmp_path, monkeypatch):
    """`main()` of the example is run, and its tests as they would be in a file of tests."""
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(block, "example", "exec"), names)  # noqa: S102 - our own pages
    ran = 0
    for name, example in names.items():
        if name == "main" and inspect.iscoroutinefunction(example):
            asyncio.run(example())
            ran += 1
        if name.startswith("test_") and inspect.iscoroutinefunction(example):
            accelerated.run(lambda clock, example=example: example(clock, tmp_path))
            ran += 1
    assert ran == 1


@each_page
def test_every_make_target_a_page_names_exists(page):
    makefile = (ROOT / "Makefile").read_text().replace("$(VENV)", ".venv")
    targets = set(re.findall(r"^([\w./-]+):(?!=)", makefile, re.MULTILINE))
    for text in code(page):
        for line in text.splitlines():
            for target in re.findall(r"(?:^|\s)make ([a-z.][\w./-]*)", line):
                assert target in targets, target


@each_page
def test_every_path_and_module_a_page_names_exists(page):
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"data", "logs"}
    for text in code(page):
        if re.fullmatch(r"[\w.-]+/[\w./-]+", text) and text.split("/")[0] in folders - {".venv"}:
            assert (ROOT / text).exists(), text
        if re.fullmatch(r"steward(\.\w+)+(\(.*\))?", text) and not FILES_NAMED_LIKE_MODULES.fullmatch(text):
            assert importable(text.partition("(")[0]), text


def importable(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return hasattr(importlib.import_module(module), attribute)
    return True


def logged() -> dict[str, str]:
    """Each event that the source logs, with its level; of one whose level varies, the severest."""
    found = {}
    for _, tree in sources():
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr="log"), args=[_, ast.Constant(value=str(event))]
                ):
                    found[event] = "warning"
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=level), args=[ast.Constant(value=str(event))]
                ):
                    found[event] = level
                case ast.Assign(
                    targets=[ast.Subscript(value=ast.Name(id="event"), slice=ast.Constant(value="event"))],
                    value=ast.Constant(value=str(event)),
                ):
                    found[event] = "warning"
    return found


def test_the_table_of_log_events_is_complete_with_their_levels():
    rows = re.findall(r"^\| (`[^|]*) \| (\w+) \|", section(OPERATING, "Logs"), re.MULTILINE)
    shown = {event: level for events, level in rows for event in re.findall(r"`([^`]+)`", events)}
    assert shown == logged()


async def test_every_metric_and_every_alert_is_documented_and_no_other(clock, tmp_path):
    """What the running bot shows to Prometheus, beside the tables of docs/monitoring.md."""
    text = (ROOT / "docs" / "monitoring.md").read_text()
    with LoopWatch(asyncio.get_running_loop(), every=60) as watch:
        async with stage(clock, tmp_path, **EVERY_BOT) as scene, scene.steward(loop_watch=watch) as steward:
            await until(lambda: steward.health.ready)
            monitoring = steward.monitoring
            monitoring.measuring.leak.slope = 0.0  # it takes hours until that is known
            page = (await MetricsPage(monitoring.monitor, monitoring.alerts).text()).decode()
            alerts = set(monitoring.alerts.names)
    shown = re.findall(r"^# TYPE (\w+)", page, re.MULTILINE)
    assert set(first_column(text.partition("### Metrics")[2])) == set(shown)
    assert set(first_column(text.partition("### Raised alerts")[2].partition("###")[0])) == alerts


def test_every_sentence_under_needs_attention_is_one_that_the_code_says():
    said = [
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    sentences = first_column(section(OPERATING, "Needs attention"))
    assert len(sentences) > 5
    for sentence in sentences:
        for part in filter(None, (part.strip(" .():") for part in sentence.split("…"))):
            assert any(part in text for text in said), f"{part!r} of {sentence!r}"


def test_the_invitation_asks_for_what_the_doctor_asks_for():
    page = (ROOT / "docs" / "start.md").read_text()
    assert invite_link("APPLICATION_ID") in page
    bits = invite_link("").rpartition("=")[2]
    assert f"`{bits}` is" in page


def test_the_figures_on_the_pages_are_those_of_the_code():
    pages = {page.name: " ".join(page.read_text().split()) for page in PAGES}
    ledger = identify_ledger
    spread = (
        f"The first {ledger.FREE} in 24 hours are {ledger.MIN_SPACING:.0f} s apart; then the wait doubles every "
        f"{ledger.DOUBLES_EVERY} logins up to {ledger.MAX_SPACING / 60:.0f} minutes"
    )
    assert spread in pages["operating.md"]
    assert ledger.RESERVE == 0.1
    assert f"within {health.SILENT_AFTER:.0f} seconds" in pages["operating.md"]
    assert f"at most {gateway.LONGEST_PAUSE:.0f} seconds apart" in pages["operating.md"]
    assert f"ends Steward within {stop_signals.STOP_WITHIN} seconds" in pages["operating.md"]
    assert f"{accelerated.SETTLE * 1e6:.0f} µs of wall time" in pages["architecture.md"]
    assert NAMES_SHOWN == 10
    assert "up to ten names each" in pages["stats.md"]


def test_each_figure_of_the_front_page_is_one_that_was_measured():
    """Those of the second and the third column of its table."""
    pages = [ROOT / "docs" / name for name in ("benchmarks.md", "reliability.md")]
    measured = {number for page in pages for number in re.findall(r"\d[\d.,]*", page.read_text())}
    rows = [row.split("|")[2:4] for row in section(ROOT / "README.md", "Figures").splitlines() if row.startswith("| ")]
    figures = {number for row in rows for cell in row for number in re.findall(r"\d[\d.,]*", cell)}
    assert len(figures) > 6
    assert figures <= measured


def test_the_page_on_the_architecture_names_each_room_and_no_other():
    text = rooms.PAGE.read_text()
    assert rooms.page(text) == text, "run: python -m tests.rooms"


def test_the_page_of_failures_names_the_test_of_each():
    assert (ROOT / "docs" / "failures.md").read_text() == catalogue.page(), (
        "run: python -m tests.failures.catalogue > docs/failures.md"
    )
