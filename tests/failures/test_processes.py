"""Real processes, real signals: killed at any moment, told to stop, started with what is wrong (F45, F49, F55, F60)."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.sim import Limits, Rate
from steward.store.migrate import load_schema
from steward.store.sqlite.maintenance.restoring import restore
from tests.failing_disk import FailingDisk
from tests.full_pipe import full_pipe
from tests.stage import stage, until

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]

WINDOW = 6.0  # seconds in which two renames are allowed here: minutes of the real limit in a test's time


@asynccontextmanager
async def process(scene, *words, stderr=asyncio.subprocess.PIPE, **environ):
    """`steward run` as an operator starts it, in the scene's folder; killed at the end if it still runs."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "steward",
        *(words or ("run",)),
        cwd=scene.folder,
        env={"PATH": os.environ["PATH"], **scene.environ, "STEWARD_LOG_FORMAT": "json", **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


def connected(scene):
    return any(session.connected for session in scene.sim.sessions)


def ready(scene):
    """Whether the bot knows its guilds: who joins before is in their count, and is not told to it as an event."""
    return connected(scene) and bool(scene.sim.recorder.requests(method="PUT", status=200))


def presences(scene):
    return [payload.data["activities"][0]["state"] for payload in scene.sim.recorder.ops(3)]


def rows(scene, sql):
    with sqlite3.connect(f"file:{scene.folder}/steward.sqlite3?mode=ro", uri=True) as database:
        found = database.execute(sql).fetchall()
    database.close()
    return found


class Community:
    """Members who come and go without pause while the bot is up: whatever they do must be kept."""

    def __init__(self, scene, random):
        self.sent = {"join": 0, "leave": 0, "ban": 0}
        self._scene = scene
        self._random = random
        self._people = []

    async def live(self):
        while True:
            await asyncio.sleep(self._random.uniform(0.0, 0.04))
            if connected(self._scene):
                self._act()

    def _act(self):
        if len(self._people) <= 20 or self._random.random() < 0.6:
            self._people.append(self._scene.guild.join(f"member {self.sent['join']}"))
            self.sent["join"] += 1
            return
        person = self._people.pop(self._random.randrange(len(self._people)))
        if self._random.random() < 0.1:
            self._scene.guild.ban(person)
            self.sent["ban"] += 1
        else:
            person.leave()
        self.sent["leave"] += 1


async def test_f45_killed_ten_times_in_a_replay_it_has_every_event_one_report_and_right_counters(tmp_path):
    """The kills fall where they fall; the report is due in the middle of it."""
    clock, random = SystemClock(), Random(45)
    due = (datetime.now(UTC) + timedelta(seconds=75)).replace(second=0, microsecond=0)
    settings = {
        "STEWARD_RENAME_WINDOW": f"{WINDOW:g}",
        "UPDATE_INTERVAL": "10",
        "STEWARD_REPORT_TIME": f"{due:%H:%M}",
    }
    async with stage(clock, tmp_path, limits=Limits(renames=Rate(2, WINDOW)), **settings) as scene:
        community = Community(scene, random)
        living = asyncio.create_task(community.live())
        for _ in range(10):
            async with process(scene) as child:
                await until(lambda: connected(scene), every=0.05)
                await asyncio.sleep(random.uniform(0.5, 5.0))
                child.send_signal(signal.SIGKILL)
                await child.wait()
            await until(lambda: not connected(scene), every=0.01)
        async with process(scene) as child:
            await until(lambda: connected(scene))
            await asyncio.sleep(max(2.0, (due - clock.now()).total_seconds() + 5))
            living.cancel()
            await asyncio.sleep(0.5)
            await assert_counters_are_true_within_a_minute(scene)
            child.send_signal(signal.SIGTERM)
            await child.wait()
        assert scene.sim.recorder.count(status=429) == 0
        assert dict(rows(scene, "SELECT kind, COUNT(*) FROM member_events GROUP BY kind")) == community.sent
        # On a Monday, or the first of a month, that on the week, or the month, comes at the same time.
        reports = Counter(message.embeds[0]["title"].partition(":")[0] for message in scene.reports.messages)
        assert reports["Daily report"] == 1
        assert set(reports.values()) == {1}
        assert rows(scene, "PRAGMA integrity_check") == [("ok",)]
        assert community.sent["join"] > 500


async def assert_counters_are_true_within_a_minute(scene):
    guild = scene.guild
    true = [f"Members: {guild.member_count}", f"Online: {guild.online_count}", f"Bans: {guild.ban_count}"]
    counters = (scene.members, scene.online, scene.bans)
    with suppress(TimeoutError):
        await until(lambda: [channel.name for channel in counters] == true, within=60)
    assert [channel.name for channel in counters] == true


async def test_f49_told_to_stop_it_is_gone_within_eight_seconds_with_all_that_happened_kept(tmp_path):
    async with stage(SystemClock(), tmp_path) as scene, process(scene) as child:
        await until(lambda: scene.members.name != "Members: 0", every=0.05)
        for number in range(100):
            scene.guild.join(f"member {number}")
        child.send_signal(signal.SIGTERM)
        async with asyncio.timeout(8):
            assert await child.wait() == 0
        assert presences(scene)[-1].startswith("Restarting")
        async with process(scene):
            await until(lambda: connected(scene), within=60, every=0.05)
            await asyncio.sleep(2)
        assert rows(scene, "SELECT COUNT(*) FROM member_events WHERE kind = 'join'") == [(100,)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_while_discord_cannot_be_reached_it_stops_too(tmp_path, number):
    async with stage(SystemClock(), tmp_path) as scene:
        await scene.sim.stop_listening()
        async with process(scene) as child:
            async with asyncio.timeout(60):
                while b"login_failed" not in await child.stderr.readline():
                    pass
            child.send_signal(number)
            async with asyncio.timeout(8):
                assert await child.wait() == 0


async def test_f60_bad_settings_are_all_named_at_once_and_discord_is_never_asked(tmp_path):
    async with stage(SystemClock(), tmp_path) as scene:
        wrong = {"BOT_TOKEN": "abc", "GUILD_ID": "penguins", "UPDATE_INTERVAL": "soon", "STEWARD_TIMEZON": "UTC"}
        async with process(scene, **wrong) as child:
            _, said = await child.communicate()
        assert child.returncode == 78
        for name in (*wrong, "STEWARD_TIMEZONE"):
            assert name in said.decode()
        assert "Traceback" not in said.decode()
        assert scene.sim.recorder.count() == 0


async def test_a_wrong_token_is_a_sentence_and_exit_code_78(tmp_path):
    async with stage(SystemClock(), tmp_path) as scene:
        head, _, _ = scene.sim.bot.token.rpartition(".")
        async with process(scene, BOT_TOKEN=f"{head}.{'x' * 38}") as child:
            _, said = await child.communicate()
        assert child.returncode == 78
        assert "doesn't accept the token" in said.decode()
        assert "Traceback" not in said.decode()
        assert scene.sim.recorder.identifies == []


async def test_f55_no_secret_is_ever_written_even_at_debug_while_things_break(tmp_path):
    async with stage(SystemClock(), tmp_path) as scene:
        secret = scene.sim.bot.token.rpartition(".")[2]
        async with process(scene, "run", "--log-level", "debug") as child:
            await until(lambda: connected(scene), within=60, every=0.05)
            scene.sim.faults.dispatch_raw("GUILD_MEMBER_ADD", {"guild_id": str(scene.guild.id)})
            scene.sim.faults.disconnect(4000)
            await asyncio.sleep(2)
            await scene.sim.stop_listening()
            await asyncio.sleep(2)
            child.send_signal(signal.SIGTERM)
            out, said = await child.communicate()
        written = [out, said, *(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())]
        assert sum(len(text) for text in written) > 20_000
        assert not [text for text in written if secret.encode() in text]


@pytest.mark.parametrize(("end", "code"), [("signal", 0), (4013, 78)])
async def test_a_database_that_another_program_holds_does_not_hold_up_the_end(tmp_path, end, code):
    async with stage(SystemClock(), tmp_path) as scene, process(scene) as child:
        await until(lambda: connected(scene), every=0.05)
        await asyncio.sleep(1)
        with sqlite3.connect(f"{tmp_path}/steward.sqlite3", isolation_level=None) as holder:
            holder.execute("BEGIN IMMEDIATE")
            scene.guild.join("ada")
            await asyncio.sleep(0.2)
            if end == "signal":
                child.send_signal(signal.SIGTERM)
            else:
                scene.sim.faults.disconnect(end)
            async with asyncio.timeout(12):
                assert await child.wait() == code
        holder.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_signal_in_the_first_moment_ends_it_as_asked(tmp_path):
    """As soon as it listens, or holds signals back over its restart: long before the bot is built."""
    async with stage(SystemClock(), tmp_path) as scene:
        for _ in range(3):
            async with process(scene) as child:
                status = Path(f"/proc/{child.pid}/status")
                await until(lambda: minds(status, signal.SIGTERM), every=0.002)  # noqa: B023 - awaited at once
                child.send_signal(signal.SIGTERM)
                async with asyncio.timeout(20):
                    assert await child.wait() == 0


def minds(status, number):
    """Whether a process blocks or catches a signal (proc(5))."""
    fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
    return bool((int(fields["SigBlk"], 16) | int(fields["SigCgt"], 16)) >> (number - 1) & 1)


async def test_more_signals_than_one_change_nothing_and_a_closed_terminal_is_one(tmp_path):
    async with stage(SystemClock(), tmp_path) as scene, process(scene) as child:
        await until(lambda: scene.members.name != "Members: 0", every=0.05)
        child.send_signal(signal.SIGHUP)
        with suppress(ProcessLookupError):
            while child.returncode is None:
                os.kill(child.pid, signal.SIGTERM)  # `send_signal` would look whether it has ended, and take its code
                await asyncio.sleep(0.005)
        async with asyncio.timeout(8):
            assert await child.wait() == 0
        assert presences(scene)[-1].startswith("Restarting")


@pytest.mark.parametrize("closed", ["from the start", "by its reader"])
async def test_without_anybody_who_reads_stderr_it_runs_and_ends_with_0(tmp_path, closed):
    words = [sys.executable, "-m", "steward", "run"]
    if closed == "from the start":
        words = ["sh", "-c", 'exec "$@" 2>&- >&-', "sh", *words]
    async with stage(SystemClock(), tmp_path) as scene:
        ours, theirs = os.pipe()
        child = await asyncio.create_subprocess_exec(
            *words,
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], **scene.environ},
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        os.close(ours)
        await until(lambda: connected(scene), every=0.05)
        await asyncio.sleep(1)
        child.send_signal(signal.SIGTERM)
        assert await child.wait() == 0
        assert rows(scene, "PRAGMA integrity_check") == [("ok",)]


async def test_f72_what_it_writes_is_for_its_owner_only(tmp_path):
    async with stage(SystemClock(), tmp_path / "kept") as scene:
        (tmp_path / "kept").mkdir()
        async with process(scene) as child:
            await until(lambda: connected(scene), every=0.05)
            child.send_signal(signal.SIGTERM)
            await child.wait()
        made = list((tmp_path / "kept").rglob("*"))
        assert {"steward.sqlite3", "steward.log"} <= {path.name for path in made}
        assert [path for path in made if path.stat().st_mode & 0o077] == []


async def test_f63_a_console_that_nobody_reads_holds_up_neither_the_bot_nor_its_end(clock, tmp_path):
    """Its pipe is full, and stays so until the end: members are recorded, the file is written, SIGTERM works."""
    limits = Limits(renames=Rate(2, WINDOW))
    async with stage(clock, tmp_path, limits=limits) as scene:
        with full_pipe() as (_, writing):
            async with process(scene, stderr=writing, LOG_LEVEL="DEBUG") as child:
                await until(lambda: ready(scene), within=120)
                for number in range(50):
                    scene.guild.join(f"member {number}")
                    await asyncio.sleep(0.02)
                await until(
                    lambda: rows(scene, "SELECT COUNT(*) FROM member_events WHERE kind = 'join'") == [(50,)], within=60
                )
                child.send_signal(signal.SIGTERM)
                async with asyncio.timeout(30):
                    assert await child.wait() == 0
        log = "".join(path.read_text() for path in sorted((scene.folder / "logs").glob("steward.log*")))
        assert '"stopped"' in log


async def test_f64_with_its_database_deleted_it_says_so_and_what_was_confirmed_is_saved_for_the_next_start(tmp_path):
    async with stage(SystemClock(), tmp_path) as scene:
        async with process(scene) as child:
            await until(lambda: ready(scene), every=0.05)
            ada = scene.guild.join("ada")
            await until(lambda: (ada.id,) in rows(scene, "SELECT user_id FROM member_events"), every=0.05)
            for file in tmp_path.glob("steward.sqlite3*"):
                file.unlink()
            scene.guild.join("bob")
            async with asyncio.timeout(60):
                while b"database_taken_away" not in await child.stderr.readline():
                    pass
            child.send_signal(signal.SIGTERM)
            assert await child.wait() == 0
        assert not (tmp_path / "steward.sqlite3").exists()
        restore(tmp_path / "steward.sqlite3.rescued-1", tmp_path / "steward.sqlite3", load_schema(MIGRATIONS))
        assert (ada.id,) in rows(scene, "SELECT user_id FROM member_events")


async def test_f70_while_its_disk_answers_with_io_errors_nothing_is_confirmed_and_then_it_goes_on(tmp_path_factory):
    """Three seconds of EIO for whatever the database file, its log and its index are asked."""
    disk = FailingDisk(tmp_path_factory.mktemp("disk"), "steward.sqlite3")
    async with stage(SystemClock(), tmp_path_factory.mktemp("bot")) as scene, process(scene, **disk.environ) as child:
        await until(lambda: ready(scene), every=0.05)
        people = [scene.guild.join(f"member {number}") for number in range(30)]
        confirmed, refused = set(), []

        async def set_zone(member):
            said = await member.run("/timezone set", place="tokyo")
            if "Got it" in said.content:
                confirmed.add(member.id)
            else:
                refused.append(said.content)

        await asyncio.gather(*map(set_zone, people[:10]))
        assert len(confirmed) == 10
        disk.break_down()
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*map(set_zone, people[10:20]))
        late = [scene.guild.join(f"late {number}") for number in range(5)]
        assert len(confirmed) == 10
        assert all("nothing was saved" in said for said in refused), refused
        await asyncio.sleep(began + 3 - asyncio.get_running_loop().time())
        disk.recover()
        await until(lambda: sum_of_joins(scene) == 35, within=60, every=0.05)
        await asyncio.gather(*map(set_zone, people[20:]))
        assert len(confirmed) == 20
        child.send_signal(signal.SIGTERM)
        assert await child.wait() == 0
        assert {user_id for (user_id,) in rows(scene, "SELECT user_id FROM member_zones")} == confirmed
        assert {member.id for member in late} <= {
            user_id for (user_id,) in rows(scene, "SELECT user_id FROM member_events")
        }
        assert rows(scene, "PRAGMA integrity_check") == [("ok",)]


def sum_of_joins(scene):
    return rows(scene, "SELECT COUNT(*) FROM member_events WHERE kind = 'join'")[0][0]
