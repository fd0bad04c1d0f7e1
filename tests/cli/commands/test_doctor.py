from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from steward.bots.settings import load
from steward.cli.commands.doctor import check_discord
from steward.cli.main import main
from steward.cli.stage import Stage, build_stage
from steward.sim import Fault, Simulator
from tests.settings.examples import TOKEN


async def examine(sim: Simulator, stage: Stage, clock: Any, **more: str) -> dict[str, Any]:
    settings = load(stage.environment(sim) | more, Path("/nonexistent"))
    return {finding.label: finding for finding in await check_discord(settings, clock)}


def stage_of(sim: Simulator) -> Stage:
    return build_stage(sim, members=100, online=10, bans=3)


async def test_a_well_prepared_server_passes_every_check(clock):
    async with Simulator(clock=clock) as sim:
        stage = stage_of(sim)
        found = await examine(sim, stage, clock)
        assert {label: finding.status for label, finding in found.items() if finding.status != "ok"} == {}
        assert list(found) == [
            "login",
            "clock",
            "login budget",
            "intents",
            "server",
            "ban list",
            "member counter",
            "online counter",
            "ban counter",
            "heartbeat channel",
            "report channel",
        ]


async def test_no_login_is_spent(clock):
    async with Simulator(clock=clock) as sim:
        await examine(sim, stage_of(sim), clock)
        assert sim.recorder.identifies == []
        assert all(request.method == "GET" for request in sim.recorder.requests())


async def test_a_refused_token_ends_the_checks(clock):
    async with Simulator(clock=clock) as sim:
        found = await examine(sim, stage_of(sim), clock, BOT_TOKEN=TOKEN)
        assert found["login"].status == "fail"
        assert "Reset Token" in found["login"].remedy
        assert sim.recorder.count() == 1


async def test_a_missing_intent_names_the_switch(clock):
    async with Simulator(clock=clock) as sim:
        stage = stage_of(sim)
        sim.bot.privileged_intents = frozenset()
        found = await examine(sim, stage, clock)
        assert found["intents"].status == "fail"
        assert "Privileged Gateway Intents" in found["intents"].remedy
        found = await examine(sim, stage, clock, STEWARD_MEMBERS_INTENT="false")
        assert found["intents"].status == "ok"


async def test_a_server_without_the_bot_gets_an_invite_link(clock):
    async with Simulator(clock=clock) as sim:
        stage = stage_of(sim)
        found = await examine(sim, stage, clock, GUILD_ID="613425648685547541")
        assert found["server"].status == "fail"
        assert f"client_id={sim.bot.id}" in found["server"].remedy


async def test_a_locked_counter_is_explained(clock):
    async with Simulator(clock=clock) as sim:
        stage = stage_of(sim)
        channel = stage.channels["MEMBER_COUNT_CHANNEL_ID"]
        channel.deny(stage.guild.everyone, "connect")
        found = await examine(sim, stage, clock)
        assert found["member counter"].status == "fail"
        assert "can't connect" in found["member counter"].finding
        assert "allow Connect" in found["member counter"].remedy
        assert found["online counter"].status == "ok"


async def test_missing_permissions_are_named(clock):
    async with Simulator(clock=clock) as sim:
        stage = stage_of(sim)
        stage.guild.set_bot_permissions("view_channel", "connect", "send_messages", "read_message_history")
        found = await examine(sim, stage, clock)
        assert "Manage Channels" in found["member counter"].finding
        assert "Ban Members" in found["ban list"].remedy
        stage.channels["STATS_CHANNEL_ID"].deny(stage.guild.everyone, "send_messages")
        assert "Send Messages" in (await examine(sim, stage, clock))["report channel"].finding


async def test_hidden_deleted_foreign_and_mistyped_channels_are_distinguished(clock):
    async with Simulator(clock=clock) as sim:
        stage = stage_of(sim)
        stage.channels["STATS_CHANNEL_ID"].deny(stage.guild.everyone, "view_channel")
        elsewhere = sim.add_guild("Elsewhere", members=5).add_voice_channel("Members: 0")
        text = stage.guild.add_text_channel("count-me")
        found = await examine(
            sim,
            stage,
            clock,
            MEMBER_COUNT_CHANNEL_ID=str(elsewhere.id),
            ONLINE_COUNT_CHANNEL_ID=str(text.id),
            BAN_COUNT_CHANNEL_ID="613425648685547541",
            HEARTBEAT_CHANNEL_ID=str(stage.channels["BAN_COUNT_CHANNEL_ID"].id),
        )
        assert "another server" in found["member counter"].finding
        assert (found["online counter"].status, found["online counter"].remedy[:19]) == ("warn", "Use a voice channel")
        assert "There is no channel" in found["ban counter"].finding
        assert "isn't a text channel" in found["heartbeat channel"].finding
        assert "can't see" in found["report channel"].finding


async def test_the_alert_channel_is_checked_too_and_may_be_in_another_server(clock):
    async with Simulator(clock=clock) as sim:
        stage = stage_of(sim)
        here, elsewhere = stage.guild.add_text_channel("alerts"), sim.add_guild("Elsewhere").add_text_channel("alerts")
        found = await examine(sim, stage, clock, STEWARD_ALERT_CHANNEL_ID=str(here.id))
        assert found["alert channel"].status == "ok"
        here.deny(stage.guild.everyone, "send_messages")
        found = await examine(sim, stage, clock, STEWARD_ALERT_CHANNEL_ID=str(here.id))
        assert "Send Messages" in found["alert channel"].finding
        found = await examine(sim, stage, clock, STEWARD_ALERT_CHANNEL_ID=str(elsewhere.id))
        assert found["alert channel"].status == "skipped"


@pytest.mark.parametrize("fault", [Fault.reset(), Fault.status(502), Fault.cloudflare(), Fault.malformed_json()])
async def test_an_error_of_discord_is_a_finding(clock, fault):
    async with Simulator(clock=clock) as sim:
        stage = stage_of(sim)
        sim.faults.rest(method="GET", route="/users/@me", action=fault, times=5)
        found = await examine(sim, stage, clock)
        assert found["login"].status == "fail"
        assert found["login"].remedy


async def test_a_discord_that_never_answers_is_a_finding(clock):
    async with Simulator(clock=clock) as sim:
        stage = stage_of(sim)
        sim.faults.rest(method="GET", route="/users/@me", action=Fault.delay(60))
        began = clock.monotonic()
        found = await examine(sim, stage, clock)
        assert "doesn't answer" in found["login"].finding
        assert clock.monotonic() - began < 15


def test_bad_settings_are_all_reported_and_exit_78(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_TOKEN", "canary")
    monkeypatch.setenv("GUILD_ID", "my server")
    assert main(["doctor", "--json"]) == 78
    document = json.loads(capsys.readouterr().out)
    texts = [item["finding"] for item in document["findings"] if item["label"] == "settings"]
    assert [text.split()[0] for text in texts] == ["BOT_TOKEN", "GUILD_ID"]
    assert "canary" not in json.dumps(document)


def test_offline_asks_discord_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["doctor", "--offline", "--set", f"BOT_TOKEN={TOKEN}", "--set", "GUILD_ID=613425648685547541"]) == 0
    out = capsys.readouterr().out
    assert "SKIPPED Discord" in out
    assert "No channel is set" in out
    assert list(tmp_path.iterdir()) == []


def test_bets_without_a_feed_are_warned_about_only_where_they_are_on(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    base = ["doctor", "--offline", "--set", f"BOT_TOKEN={TOKEN}"]
    bets = [*base, "--set", "STEWARD_BOTS=stats,bets"]
    said = []
    for words in (base, bets, [*bets, "--set", "STEWARD_BETS_CSV_FOLDER=football"]):
        main(words)
        said.append(capsys.readouterr().out)
    assert ["feeds of bets" in one for one in said] == [False, True, True]
    assert "No feed is set up, so there are no games to bet on" in said[1]
    assert "No feed is set up" not in said[2]


def test_an_unreachable_discord_exits_1(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    flags = {"BOT_TOKEN": TOKEN, "GUILD_ID": "613425648685547541", "DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
    words = [word for name, value in flags.items() for word in ("--set", f"{name}={value}")]
    assert main(["doctor", *words]) == 1
    assert "doesn't answer" in capsys.readouterr().out
