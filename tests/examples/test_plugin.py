"""examples/plugin: a bot of another package runs beside ours, and a failing one affects no other."""

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from steward.bots import installed
from steward.settings import SettingsError
from tests.examples.loading import EXAMPLES
from tests.stage import admin, stage, until, until_midnight

WELL = """
from discord import app_commands
from steward.bots.bot import Bot, Part
from steward.client.components import Action

class NoWork(Exception):
    pass

class Broken(Part):
    def work(self):
        raise NoWork("neither")

def take_help(host):
    host.interactions.add(app_commands.Group(name="help", description="Mine"))

def take_action(host):
    host.interactions.on(Action("guilds", "mine"), build)

def build(host):
    return Part()

BOT = Bot("other", "Other", "steward_other:build")
"""


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """A folder of installed packages."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    installed.plugins.cache_clear()
    installed.load_plugin.cache_clear()
    yield folder
    installed.plugins.cache_clear()
    installed.load_plugin.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] in {"steward_thanks", "steward_other"}]:
        del sys.modules[name]


def install(folder, source, name="other"):
    """Install a package there as pip would, with an entry point."""
    (folder / f"steward_{name}.py").write_text(source)
    about = folder / f"steward_{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: steward-{name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[steward.bots]\n{name} = steward_{name}:BOT\n")


def pip_install(folder, project):
    quietly = ("--quiet", "--disable-pip-version-check", "--retries", "1")
    words = (sys.executable, "-m", "pip", *quietly, "install", "--no-deps", "--target", str(folder), str(project))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"pip can't install here: {done.stderr.strip().splitlines()[-1]}")


@pytest.mark.evening
async def test_a_bot_of_another_package_has_commands_settings_tables_jobs_and_personal_data(clock, tmp_path, packages):
    pip_install(packages, EXAMPLES / "plugin")
    async with stage(clock, tmp_path, STEWARD_THANKS_TIME="23:00", STEWARD_BOTS="thanks,ops") as scene:
        ada, ben = scene.guild.join("ada"), scene.guild.join("ben")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(5)
            assert set(steward.bots.parts) == {"thanks", "ops"}
            paul = await admin(scene, steward, "paul")
            seen = await paul.run("/setup")
            assert (seen.embeds[0]["title"], seen.embeds[0]["fields"][0]["value"]) == ("Thanks of Penguins", "none")
            told = await ada.run("/thanks give", to=ben)
            assert told.content == f"<@{ada.id}> thanks <@{ben.id}>!"
            await paul.click(await paul.select(seen, scene.set.general, menu="thanks:setup_channel_id.1"), "Save")
            assert "1 thanks by you or to you" in (await ben.run("/privacy show")).content
            await asyncio.sleep(until_midnight(clock))
            assert scene.set.general.messages[-1].content.startswith("1 thanks so far")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            olga = await admin(scene, steward)
            assert (await olga.run("/export", what="thanks")).message.attachments
            await ben.click(await ben.run("/privacy forget-me"), "Delete")
            assert "I've stored nothing about you" in (await ben.run("/privacy show")).content
            await asyncio.sleep(timedelta(days=1).total_seconds())
            assert scene.set.general.messages[-1].content.startswith("0 thanks so far")
            assert await steward.problems.now() == []


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("raise OSError('no sound card')", "importing steward_other:BOT failed (OSError: no sound card)."),
        (WELL.replace(':build")', ':build", needs="99")'), "it needs Steward 99, and this is"),
        (WELL.replace("return Part()", "return 1 / 0"), "it failed. ZeroDivisionError"),
        (WELL.replace('"other"', '"another"'), "isn't a Bot of that name."),
        (WELL.replace("return Part()", "return None"), "returned no Part"),
        (WELL.replace('build")', 'build", migrations="/nowhere")'), "a folder of migrations that isn't there"),
        (
            WELL.replace("return Part()", "host.interactions.add(app_commands.Group(name='help', description='x'))"),
            "own",
        ),
        (
            WELL.replace("return Part()", "host.interactions.on(Action('guilds', 'x'), build)"),
            "carries the name guilds",
        ),
        (WELL.replace("return Part()", "return Broken()"), "NoWork: neither"),
    ],
)
async def test_a_bot_that_cannot_run_is_named_and_left_out_and_the_others_run(clock, tmp_path, packages, source, why):
    install(packages, source)
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name == "Members: 1000")
        (problem,) = await steward.problems.now()
        assert problem.startswith("The bot other is left out: ")
        assert why in problem
        assert set(steward.bots.parts) == {"events", "stats", "ops"}


async def test_a_failed_bot_leaves_no_registrations(clock, tmp_path, packages):
    install(
        packages,
        "from discord import app_commands\n"
        "from steward.bots.bot import Bot\n"
        "from steward.client.interactions import Action\n"
        "def build(host):\n"
        "    host.interactions.add(app_commands.Group(name='half', description='Half'))\n"
        "    host.interactions.on(Action('other', 'half'), host, command='half')\n"
        "    host.gateway.on_gateway('GUILD_MEMBER_ADD', lambda data: 1 / 0)\n"
        "    raise LookupError('the other half')\n"
        "BOT = Bot('other', 'Other', 'steward_other:build')\n",
    )
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(5)
        scene.guild.join("ada")
        await asyncio.sleep(5)
        (put,) = scene.sim.recorder.requests(method="PUT", status=200)
        assert "half" not in {command["name"] for command in put.result}
        assert steward.health.unreadable == 0


async def test_a_bot_that_is_off_is_not_imported(clock, tmp_path, packages):
    install(packages, "raise SystemExit('imported')")
    async with stage(clock, tmp_path, STEWARD_BOTS="ops") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        assert set(steward.bots.parts) == {"ops"}


async def test_an_unknown_bot_is_a_problem_of_the_settings(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_BOTS="stats,evnts") as scene:
        with pytest.raises(SettingsError, match=r"(?s)names a bot that isn't installed, evnts.*Did you mean events\?"):
            assert scene.settings


def test_the_example_is_short():
    assert len((EXAMPLES / "plugin" / "steward_thanks" / "__init__.py").read_text().splitlines()) < 100


async def test_its_settings_are_no_typos_while_it_is_off(clock, tmp_path, packages):
    install(packages, "raise SystemExit('imported')")
    async with stage(clock, tmp_path, STEWARD_BOTS="ops", STEWARD_OTHER_TIME="1") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)


async def test_an_error_for_the_operator_ends_that_bot_only(clock, tmp_path, packages):
    install(
        packages,
        WELL.replace("NoWork(Exception)", "NoWork(NeedsOperator)")
        .replace(
            'raise NoWork("neither")',
            'yield "look", self.look\n    async def look(self):\n        raise NoWork("no key")',
        )
        .replace("return Part()", "return Broken()")
        .replace("from discord", "from steward.errors import NeedsOperator\nfrom discord"),
    )
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name == "Members: 1000")
        assert "no key" in (await steward.problems.now())[0]
        assert "other" not in steward.bots.parts


async def test_a_bot_that_cannot_be_imported_is_tried_once_and_logged_once(clock, tmp_path, packages):
    install(packages, "raise OSError('no sound card')")
    with capture_logs() as lines:
        async with stage(clock, tmp_path) as scene, scene.steward() as steward:
            await until(lambda: steward.health.ready)
    assert [line["bot"] for line in lines if line["event"] == "plugin_not_imported"] == ["other"]
