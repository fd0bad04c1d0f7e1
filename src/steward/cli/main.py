"""The command `steward`: finds the command's file, runs it, turns every failure into a sentence and an exit code."""

from __future__ import annotations

import argparse
import importlib
import keyword
import os
import sys
from collections.abc import Callable, Sequence
from typing import Protocol, cast

import steward
from steward.cli.start.streams import let_go_of_streams, replace_closed_streams
from steward.cli.start.without_docstrings import restart_without_docstrings
from steward.errors import Broken, ExitCode, NeedsOperator, StewardError
from steward.runtime.logs.masking import Masker
from steward.runtime.process.stop_signals import hold_stop_signals

# Each is a module of this package with `add_parser(subparsers)`, imported only when it is the one that was asked for:
# the running bot carries no table printer and no simulator.
COMMANDS = {
    "setup": "set the bot up: ask for its token, check it, write .env",
    "run": "run the bot on Discord",
    "invite": "print the link that adds the bot to a server",
    "logs": "show the newest lines of the log, and follow it",
    "demo": "see the bot at work on a simulated Discord, without a token",
    "sim": "run a simulated Discord for bots to connect to",
    "doctor": "check settings, token, permissions, database and machine",
    "bench": "measure the bot on this machine, next to a plain one",
    "optimize": "suggest improvements, and apply the safe ones",
    "db": "upgrade, back up, restore, check or export the database",
    "import": "import another bot's data",
}


# Where zoneinfo looks by default; told, it need not load the record of how Python was built, 0.2 MB, to find out.
TIME_ZONES = "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"


class Subparsers(Protocol):
    """What a command adds its parser to: the part of argparse's private class that is used."""

    def add_parser(self, name: str, **options: object) -> argparse.ArgumentParser:
        """Return the new parser of a command."""
        ...


class Command(Protocol):
    """A module of a command."""

    def add_parser(self, subparsers: Subparsers) -> None:
        """Describe the command's flags; set the default `run` to a function from the parsed flags to an exit code."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `argv` are the words after `steward`."""
    words = list(sys.argv[1:] if argv is None else argv)
    if argv is not None:
        return _run(words)
    os.umask(os.umask(0o077) | 0o077)  # what it writes is for its owner: data of members, and the token
    replace_closed_streams()
    if words[:1] == ["run"]:  # the one that runs for months
        hold_stop_signals()
        restart_without_docstrings()
        os.environ.setdefault("PYTHONTZPATH", TIME_ZONES)
    try:
        return _run(words)
    finally:
        let_go_of_streams()


def _run(words: list[str]) -> int:
    try:
        args = _parser(words).parse_args(words)
        code: int = args.run(args)
        sys.stdout.flush()
    except StewardError as error:
        return _fail(error)
    except ModuleNotFoundError as error:
        if (error.name or "steward").partition(".")[0] == "steward":
            raise  # a fault in the code, not in the installation
        return _fail(_not_installed(words, error))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # whoever read the output has gone, as with `| head`
        let_go_of_streams()
        return ExitCode.DONE
    except Exception as error:
        if _debugging(words):
            raise
        return _fail(
            Broken(
                f"Steward ran into a bug: {type(error).__name__}: {error}.",
                remedy="Run the same command with --log-level debug to see where, and please report it.",
            )
        )
    return code


def _not_installed(words: list[str], error: ModuleNotFoundError) -> StewardError:
    extra = "sim" if words[:1] == ["sim"] else "bot"
    return NeedsOperator(
        f"Python's module {error.name} isn't installed.",
        remedy=f"Install what this needs: pip install 'steward[{extra}]'.",
    )


def _fail(error: StewardError) -> int:
    print(Masker().clean(str(error)), file=sys.stderr)
    return error.exit_code


def _debugging(words: list[str]) -> bool:
    return "debug" in " ".join(words).lower().replace("=", " ").split()


def show_help(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Return what a command does whose action is left out: its help is printed, and all is well."""

    def run(_: argparse.Namespace) -> int:
        parser.print_help()
        return 0

    return run


def _parser(words: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="steward", description="A self-hosted Discord bot. Each command has its own --help."
    )
    parser.add_argument("--version", action="version", version=f"steward {steward.__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(run=show_help(parser))
    asked = next((word for word in words if not word.startswith("-")), None)
    for name, purpose in COMMANDS.items():
        if name == asked:
            module = f"{name}_" if keyword.iskeyword(name) else name
            command = cast(Command, importlib.import_module(f"steward.cli.commands.{module}"))
            command.add_parser(cast(Subparsers, subparsers))
        else:
            subparsers.add_parser(name, help=purpose)
    return parser
