"""`steward setup`: ask for the settings that the bot needs, check them with Discord, and write them to `.env`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

import aiohttp

from steward.bots.installed import OURS
from steward.cli.checks.account import MEMBERS_GRANTED, check_login
from steward.cli.checks.finding import Status, failed
from steward.cli.checks.machine import check_health_port
from steward.cli.checks.report import print_report
from steward.cli.checks.rest import DoctorRest
from steward.cli.commands.doctor import examine
from steward.cli.env_file import EnvFile, names_of
from steward.cli.main import AddParser
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.client.access.permissions import invite_link
from steward.errors import NeedsOperator, NotReady
from steward.runtime.clock import Clock, SystemClock
from steward.settings import Settings, SettingsError
from steward.text.places import UTC_NAME, find_places, meant_places, zone_named

PORTAL = "https://discord.com/developers/applications"
LOCALTIME = Path("/etc/localtime")
PORTS_TRIED = 20
PLACES_SHOWN = 10


def add_parser(add: AddParser) -> None:
    parser = add(
        description="Ask for what the bot needs, check it with Discord, and write it to .env. Run it again at any"
        " time: it offers your current values and keeps other lines.",
        epilog="Exit codes: 0 ready to run, 1 something must be fixed, 78 no terminal, or a setting is wrong;"
        " 130 Ctrl-C, and nothing was written.",
    )
    add_settings_flags(parser)
    parser.set_defaults(run=run)


@dataclass(frozen=True, slots=True)
class Talk:
    """How the wizard shows text and asks questions, with or without showing what is typed."""

    ask: Callable[[str], str]
    ask_secret: Callable[[str], str]
    say: Callable[[str], None]

    def choose(self, question: str, usual: str) -> str:
        """Ask with a default answer for Enter."""
        return self.ask(f"{question} [{usual}]: ").strip() or usual

    def agree(self, question: str) -> bool:
        """Ask yes or no, where Enter means yes."""
        return self.ask(f"{question} [Y/n]: ").strip().lower() not in {"n", "no"}


def run(args: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NeedsOperator(
            "`steward setup` asks questions, and this isn't a terminal.",
            remedy="Write BOT_TOKEN=... to a file named .env instead; `steward doctor` checks it.",
        )
    talk = Talk(input, getpass.getpass, print)

    async def converse() -> int:
        # asyncio would have Ctrl-C cancel this task, but it waits for a key, not for the loop.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return await SetupWizard(args, talk, SystemClock()).run()

    try:
        return asyncio.run(converse())
    except EOFError:
        raise KeyboardInterrupt from None


class SetupWizard:
    """One run of the wizard; flags override the answers."""

    def __init__(self, args: argparse.Namespace, talk: Talk, clock: Clock) -> None:
        self._args = args
        self._talk = talk
        self._clock = clock
        self._file = EnvFile.found_in(Path.cwd(), args.env_file)
        self._answers: dict[str, str] = {}

    async def run(self) -> int:
        """Ask, check, write; return the exit code."""
        say = self._talk.say
        say(f"This writes {self._file.path}. Press Enter to take what's in [brackets]; Ctrl-C writes nothing.\n")
        application = await self._token()
        self._zone()
        self._port()
        self._file.write(self._answers)
        say(f"\nWritten to {self._file.path}; only you can read it.\n")
        findings = await examine(load_settings(self._args))
        shown = [item for item in findings if item.status not in {Status.OK, Status.SKIPPED}]
        if shown:
            print_report(shown, sys.stdout, as_json=False)
        if failed(findings):
            say("\nFix that, then check with `steward doctor`.")
            return 1
        say(f"Invite the bot to your server:\n\n  {invite_link(application)}\n")
        say("Then start it with `steward run`, and type /setup in your server.")
        self._offer_bots()
        return 0

    async def _token(self) -> int:
        """Ask until Discord accepts the token; return the application's id."""
        talk, names = self._talk, names_of("token")
        in_environment = next((name for name in names if os.environ.get(name)), None)
        name = in_environment or next((name for name in names if self._file.value(name)), names[0])
        known = os.environ.get(name) or self._file.value(name)
        if known is None or not talk.agree(f"There's a token already ({name}). Keep it?"):
            if in_environment is not None:
                raise NeedsOperator(
                    f"{name} is set in the environment, which wins over {self._file.path.name}.",
                    remedy="Unset it, then run `steward setup` again.",
                )
            talk.say(f"Open {PORTAL}, choose your application or\nmake one, and press Reset Token on its page Bot.")
            known = None
        while True:
            token = known or talk.ask_secret("Paste the token (it isn't shown): ").strip()
            known = None
            settings = self._settings({name: token})
            application = None if settings is None else await self._account(settings)
            if application is not None:
                if in_environment is None:
                    self._answers[name] = token
                return application

    def _settings(self, more: Mapping[str, str]) -> Settings | None:
        """Return the settings with these answers; None if one of them is wrong, after saying why."""
        args = argparse.Namespace(**vars(self._args))
        args.env_file = self._file.path if self._file.path.is_file() else None
        args.assignments = [*self._args.assignments, *more.items()]
        try:
            return load_settings(args)
        except SettingsError as error:
            ours = [problem for problem in error.problems if problem.name in more]
            if not ours:
                raise
            for problem in ours:
                self._talk.say(f"That {problem.why.removeprefix('the value ')} {problem.fix}\n")
            return None

    async def _account(self, settings: Settings) -> int | None:
        """Check the token with Discord; return the application's id, or None after saying why."""
        say = self._talk.say
        async with aiohttp.ClientSession() as session:
            rest = DoctorRest(session, settings.api_url, settings.token)
            try:
                me = await rest.get("/users/@me")
                application = await rest.get("/applications/@me")
            except NotReady as error:
                raise NotReady(error.sentence, remedy="Check your network, then run `steward setup` again.") from error
            finding = check_login(me)
            say(f"{finding.finding} {finding.remedy}".strip() + "\n")
            if finding.status is not Status.OK or not application.good:
                return None
            if settings.members_intent:
                await self._members_intent(rest)
            return int(application.body["id"])

    async def _members_intent(self, rest: DoctorRest) -> None:
        talk = self._talk
        while not int((await rest.get("/applications/@me")).body.get("flags") or 0) & MEMBERS_GRANTED:
            talk.say("The Server Members intent is off. Steward needs it to record who joins and leaves. Turn it on on")
            talk.say("the page Bot, under Privileged Gateway Intents, and save.")
            if talk.choose("Enter when that's done, or `skip` to do without", "done").lower() == "skip":
                self._answers["STEWARD_MEMBERS_INTENT"] = "false"
                return

    def _offer_bots(self) -> None:
        """Name the bots that are off, unless somebody has chosen."""
        name = "STEWARD_BOTS"
        off = [bot.name for bot in OURS if not bot.on_by_default]
        if off and not (os.environ.get(name) or self._file.value(name)):
            every = ",".join(bot.name for bot in OURS)
            self._talk.say(f"\nOff so far: {', '.join(off)}. {name}={every} in {self._file.path} switches all on.")

    def _zone(self) -> None:
        name = "STEWARD_TIMEZONE"
        usual = os.environ.get(name) or self._file.value(name) or local_zone() or UTC_NAME
        while True:
            typed = self._talk.choose("Where is your server's clock? A city or country, such as Berlin", usual)
            zone = self._place(typed)
            if zone is not None and self._settings({**self._answers, name: zone}) is not None:
                self._answers[name] = zone
                return

    def _place(self, typed: str) -> str | None:
        """Return the zone of a place and say which place; None if there is none or several, after saying so."""
        if zone_named(typed) is not None and (typed == UTC_NAME or "/" in typed):
            return typed
        now = self._clock.now()
        meant = meant_places(typed, now)
        if len(meant) == 1:
            self._talk.say(f"{meant[0].label(now)}.")
            return meant[0].zone
        near = meant or find_places(typed, now)
        problem = f"“{typed}” can mean several places" if meant else f"I don't know a place called “{typed}”"
        shown = "".join(f"\n  {place.label(now)}" for place in near[:PLACES_SHOWN])
        self._talk.say(f"{problem}. {f'Write one of these:{shown}' if near else 'Write a city or country.'}\n")
        return None

    def _port(self) -> None:
        settings = self._settings(self._answers)
        if settings is None or check_health_port(settings.health_host, settings.health_port).status is not Status.WARN:
            return
        above = range(settings.health_port + 1, min(65536, settings.health_port + PORTS_TRIED))
        free = next((port for port in above if check_health_port(settings.health_host, port).status is Status.OK), 0)
        instead = f"Use {free} instead?" if free else "Do without them?"
        if self._talk.agree(f"Port {settings.health_port}, for the health pages, is taken. {instead}"):
            self._answers["STEWARD_HEALTH_PORT"] = str(free)


def local_zone(localtime: Path = LOCALTIME) -> str | None:
    """Return the machine's zone, such as `Europe/Berlin`, from TZ or the target of /etc/localtime; None if unknown."""
    named = os.environ.get("TZ", "").lstrip(":")
    target = str(localtime.resolve()) if localtime.exists() else ""
    for name in (named, target.partition("/zoneinfo/")[2]):
        if name in available_timezones():
            return "UTC" if name == "Etc/UTC" else name
    return None
