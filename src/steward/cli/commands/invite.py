"""`steward invite`: print the link that adds the bot to a server."""

from __future__ import annotations

import argparse

from steward.cli.main import AddParser
from steward.cli.outcome import CommandOutcome, print_outcome
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.client.access.permissions import NEEDED, invite_link
from steward.errors import NeedsOperator
from steward.settings import token_owner


def add_parser(add: AddParser) -> None:
    parser = add(
        description="Print the link that adds the bot to a server, with exactly the permissions it needs.",
        epilog="Exit codes: 0 printed, 78 the settings can't be used.",
    )
    parser.add_argument("--id", type=int, metavar="ID", help="the application's id; default: taken from the token")
    print_outcome(parser, _link)
    add_settings_flags(parser)


def _link(args: argparse.Namespace) -> CommandOutcome:
    application = args.id if args.id is not None else token_owner(load_settings(args).token.reveal())
    if application is None:
        raise NeedsOperator("The token doesn't start with a bot's id.", remedy="Name the application: --id ID.")
    link = invite_link(application)
    return CommandOutcome(link, {"link": link, "application": str(application), "permissions": NEEDED.labels()})
