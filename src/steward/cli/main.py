"""The command `steward`: run a subcommand, and turn every failure into a sentence and an exit code."""

from __future__ import annotations

import importlib
import keyword
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import steward
from steward.cli.start.streams import flush_streams, logs_on_stderr, replace_closed_streams
from steward.cli.start.without_docstrings import restart_without_docstrings
from steward.errors import Broken, ExitCode, NeedsOperator, StewardError
from steward.runtime.logs.masking import Masker
from steward.runtime.process.stop_signals import hold_stop_signals

if TYPE_CHECKING:
    import argparse

# Each is a module of `steward.cli.commands`, imported only when it is asked for: the running bot carries no table
# printer and no simulator. Its `add_parser(add)` adds the flags, and sets the default `run` to a function from the
# parsed flags to an exit code.
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
    "bets": "audit the ledger of play money",
    "music": "import listening and tags for the music bot",
}


# zoneinfo's default. Set, so that it need not load Python's build configuration (0.2 MB) to find out.
TIME_ZONES = "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"


AddParser = Callable[..., "argparse.ArgumentParser"]
"""Adds the parser of a command, and takes the rest of argparse's options for it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `argv` are the words after `steward`."""
    words = list(sys.argv[1:] if argv is None else argv)
    if argv is not None:
        return _run(words)
    os.umask(os.umask(0o077) | 0o077)  # files with members' data or the token are for their owner only
    replace_closed_streams()
    if words[:1] == ["run"]:  # the one that runs for months
        hold_stop_signals()
        restart_without_docstrings()
        os.environ.setdefault("PYTHONTZPATH", TIME_ZONES)
        from steward.cli.start.lean_dataclasses import share_dataclass_methods

        share_dataclass_methods()  # before the first are made, those of the settings
    try:
        return _run(words)
    finally:
        flush_streams()


def _run(words: list[str]) -> int:
    try:
        args: Any = _run_without_flags() if words == ["run"] else _parser(words).parse_args(words)
        with nullcontext() if words[:1] == ["run"] else logs_on_stderr():  # the bot sets up its own log
            code: int = args.run(args)
        sys.stdout.flush()
    except StewardError as error:
        return _fail(error)
    except ModuleNotFoundError as error:
        if (error.name or "steward").partition(".")[0] == "steward":
            raise  # a bug in the code, not in the installation
        extra = "sim" if words[:1] == ["sim"] else "bot"
        remedy = f"Install what this needs: pip install 'steward[{extra}]'."
        return _fail(NeedsOperator(f"Python's module {error.name} isn't installed.", remedy=remedy))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader of the output has gone, as with `| head`
        flush_streams()
        return ExitCode.DONE
    except Exception as error:
        if "debug" in " ".join(words).lower().replace("=", " ").split():
            raise
        return _fail(
            Broken(
                f"Steward ran into a bug: {type(error).__name__}: {error}.",
                remedy="Run the same command with --log-level debug to see where, and please report it.",
            )
        )
    return code


def _fail(error: StewardError) -> int:
    print(Masker().clean(str(error)), file=sys.stderr)
    return error.exit_code


def show_help(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Return a `run` for a command without an action: it prints the help."""

    def run(_: argparse.Namespace) -> int:
        parser.print_help()
        return 0

    return run


def _run_without_flags() -> SimpleNamespace:
    """Return what the parser would, as a service starts the bot: argparse would stay in memory, 0.7 MiB."""
    from steward.cli.commands.run import run

    return SimpleNamespace(run=run)


def _parser(words: list[str]) -> argparse.ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(
        prog="steward", description="A self-hosted Discord bot. Each command has its own --help."
    )
    parser.add_argument("--version", action="version", version=f"steward {steward.__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(run=show_help(parser))
    asked = next((word for word in words if not word.startswith("-")), None)
    for name, purpose in COMMANDS.items():
        add = partial(subparsers.add_parser, name, help=purpose)
        if name == asked:
            module = f"{name}_" if keyword.iskeyword(name) else name
            importlib.import_module(f"steward.cli.commands.{module}").add_parser(add)
        else:
            add()
    return parser
