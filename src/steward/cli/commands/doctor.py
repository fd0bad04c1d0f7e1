"""`steward doctor`: find what keeps the bot from working, and say what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from steward.bots.bets import BOT as BETS_BOT
from steward.bots.bets.settings import BetsSettings
from steward.bots.installed import choose
from steward.bots.stats.settings import StatsSettings
from steward.cli.checks.account import check_identify_budget, check_intents, check_login, check_token
from steward.cli.checks.channels import check_bans, check_channel, check_guild
from steward.cli.checks.database import check_database, check_file_system, check_server, sqlite_path
from steward.cli.checks.feeds import check_feeds
from steward.cli.checks.finding import Finding, Status, fail, failed, ok, skipped, warn
from steward.cli.checks.machine import check_clock, check_disk, check_health_port, check_zones
from steward.cli.checks.redis import check_redis
from steward.cli.checks.report import print_report
from steward.cli.checks.rest import DoctorRest
from steward.cli.main import AddParser
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.errors import NotReady
from steward.runtime.clock import Clock, SystemClock
from steward.runtime.logs.masking import Masker
from steward.settings import Settings, SettingsError
from steward.store.sqlite.file_system import Mount, mounts_here


def add_parser(add: AddParser) -> None:
    parser = add(
        description="Check what the bot needs, without starting it: it doesn't log in and changes nothing.",
        epilog="Exit codes: 0 ready to run, 1 something must be fixed, 78 the settings can't be used.",
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--offline", action="store_true", help="ask Discord nothing")
    add_settings_flags(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run every check, print the report, return the exit code."""
    clock = SystemClock()
    try:
        settings = load_settings(args)
    except SettingsError as error:
        findings = [*_settings_findings(error), *check_machine(None, clock)]
        print_report(findings, sys.stdout, as_json=args.json)
        return error.exit_code
    findings = asyncio.run(examine(settings, offline=args.offline))
    print_report(findings, sys.stdout, as_json=args.json)
    return 1 if failed(findings) else 0


async def examine(settings: Settings, *, offline: bool = False) -> list[Finding]:
    """Run every check and return the findings, without secrets."""
    clock, masker = SystemClock(), Masker(settings.secrets())
    findings = [_loaded(settings), check_token(settings.token)]
    if offline:
        findings.append(skipped("Discord", "You asked for --offline."))
    else:
        findings += await check_discord(settings, clock)
    if any(bot is BETS_BOT for bot in choose(settings.bots).bots):
        findings.append(check_feeds(settings.of(BetsSettings)))
    findings += check_machine(settings, clock)
    return [Finding(f.label, f.status, masker.clean(f.finding), masker.clean(f.remedy)) for f in findings]


async def check_discord(settings: Settings, clock: Clock) -> list[Finding]:
    """Check the settings with Discord, by 5 requests and one for each channel."""
    import aiohttp

    async with aiohttp.ClientSession() as session:
        try:
            return await _ask(DoctorRest(session, settings.api_url, settings.token), settings, clock)
        except NotReady as error:
            return [fail("login", error.sentence, "Check the network, a proxy, DISCORD_API_URL; then try again.")]


async def _ask(rest: DoctorRest, settings: Settings, clock: Clock) -> list[Finding]:
    me = await rest.get("/users/@me")
    now = clock.now()
    findings = [check_login(me), check_clock(me.date, now)]
    if not me.good:
        return findings
    findings.append(check_identify_budget(await rest.get("/gateway/bot")))
    findings.append(check_intents(await rest.get("/applications/@me"), members_intent=settings.members_intent))
    bot_id = me.body["id"]
    if settings.guild_id is None:
        return [*findings, skipped("server", "GUILD_ID isn't set: you set up servers in Discord, with /setup.")]
    guild = await rest.get(f"/guilds/{settings.guild_id}")
    findings.append(check_guild(guild, settings.guild_id, bot_id))
    if not guild.good:
        return findings
    member = await rest.get(f"/guilds/{settings.guild_id}/members/{bot_id}")
    if not member.good:
        return [*findings, skipped("permissions", f"Discord didn't say which roles the bot has ({member.status}).")]
    findings += check_bans(guild.body, member.body, settings.of(StatsSettings).channel_ids)
    alerts = {} if settings.alert_channel_id is None else {"alert_channel_id": settings.alert_channel_id}
    for field, channel_id in {**settings.of(StatsSettings).channel_ids, **alerts}.items():
        channel = await rest.get(f"/channels/{channel_id}")
        findings.append(check_channel(field, channel_id, channel, guild.body, member.body))
    return findings


def check_machine(settings: Settings | None, clock: Clock) -> list[Finding]:
    """Check the database, Redis and the machine; without settings, the machine only."""
    findings = [check_zones(settings.timezone if settings else None, clock.now())]
    if settings is None:
        return [*findings, check_disk(Path.cwd())]
    findings.append(check_disk(settings.data_dir, little_mb=settings.disk_warn_mb))
    findings.append(check_health_port(settings.health_host, settings.health_port))
    if settings.redis_url is not None:
        findings.append(check_redis(settings.redis_url))
    path = sqlite_path(settings.database)
    if path is None:
        return [*findings, check_server(settings.database)]
    return [*findings, check_database(path), check_file_system(path, _mounts())]


def _mounts() -> list[Mount]:
    mounts = mounts_here()
    if mounts:
        return mounts
    import psutil

    return [Mount(part.mountpoint, part.fstype) for part in psutil.disk_partitions(all=True)]


def _loaded(settings: Settings) -> Finding:
    summary = f"{len(settings.origins)} are set; profile {settings.profile}, {settings.environment}."
    if settings.of(StatsSettings).channel_ids or settings.guild_id is None:
        return ok("settings", summary)
    return warn(
        "settings",
        f"{summary} No channel is set, so the bot shows nothing.",
        "Set MEMBER_COUNT_CHANNEL_ID, STATS_CHANNEL_ID or another channel from docs/settings.md.",
    )


def _settings_findings(error: SettingsError) -> list[Finding]:
    findings = [
        fail(
            "settings",
            f"{problem.name} ({problem.where}){f' = {problem.value}' if problem.value else ''}: {problem.why}",
            problem.fix,
        )
        for problem in error.problems
    ]
    return [*findings, Finding("Discord", Status.SKIPPED, "It's checked once the settings are right.")]
