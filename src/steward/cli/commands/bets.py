"""`steward bets audit|feeds|waiting|decide|result`: the ledger of play money, and what feeds tell of games."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial

from steward.bots.bets.ledger.audit import Audited, audit
from steward.cli.bet_feeds import add_decisions, decide_item, decide_result, feeds_now, waiting_now
from steward.cli.main import AddParser, show_help
from steward.cli.outcome import CommandOutcome, print_outcome
from steward.cli.reading import reading_tables
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.errors import ExitCode
from steward.text.plurals import counted

_reading = partial(reading_tables, bot="bets", what="the ledger")


def add_parser(add: AddParser) -> None:
    parser = add(epilog="Exit codes: 0 it adds up, 1 it doesn't, 75 the database can't be read now, 78 there is none.")
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    parser.set_defaults(run=show_help(parser))
    purpose = "check every rule of the ledger of play money, in all servers; the bot can keep running"
    action = actions.add_parser("audit", help=purpose, description=purpose.capitalize() + ".")
    action.add_argument("--json", action="store_true", help="print what was read and found as JSON")
    add_settings_flags(action)
    action.set_defaults(run=_audit)
    decisions = []
    for name, work, purpose in (
        ("feeds", _feeds, "show how each feed of games is, and what is left of its budget; the bot can keep running"),
        ("waiting", _waiting, "list the names, games and results that wait for you; the bot can keep running"),
        ("decide", decide_item, "say which team or game a feed means; stop the bot first, or use /feeds"),
        ("result", decide_result, "say how a game ended, whatever feeds tell; stop the bot first, or use /feeds"),
    ):
        action = actions.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
        print_outcome(action, work)
        add_settings_flags(action)
        decisions.append(action)
    add_decisions(*decisions[2:])


def _feeds(args: argparse.Namespace) -> CommandOutcome:
    settings = load_settings(args)
    with _reading(settings) as tx:
        return feeds_now(settings, tx)


def _waiting(args: argparse.Namespace) -> CommandOutcome:
    with _reading(load_settings(args)) as tx:
        return waiting_now(tx)


def _audit(args: argparse.Namespace) -> int:
    settings = load_settings(args)
    with _progress(shown=sys.stdout.isatty() and not args.json) as step, _reading(settings) as tx:
        done = audit(tx, step)
    print(json.dumps({"ok": not done.found, **asdict(done)}) if args.json else "\n".join(_sentences(done)))
    return ExitCode.FOUND if done.found else ExitCode.DONE


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[float], None]]:
    """Give what is told the share that is done: a progress bar on a terminal, nothing elsewhere."""
    if not shown:
        yield lambda _: None
        return
    from rich.progress import Progress

    with Progress(transient=True) as progress:
        task = progress.add_task("Auditing", total=1.0)
        yield lambda share: progress.update(task, completed=share)


def _sentences(done: Audited) -> Iterator[str]:
    read = (
        f"{counted(done.entries, 'entry', 'entries')} of {counted(done.transactions, 'transaction')}"
        f" in {counted(done.accounts, 'account')} of {counted(done.guilds, 'server')}"
    )
    if not done.found:
        yield f"The ledger adds up: {read}."
        return
    yield f"The ledger does not add up. I read {read} and found {counted(done.found, 'flaw')}:"
    yield from (f"- {flaw.sentence}" for flaw in done.flaws)
    if done.found > len(done.flaws):
        yield f"... and {counted(done.found - len(done.flaws), 'other')}."
    yield "Keep a copy of the database (`steward db backup`), and find out what wrote to it beside Steward."
