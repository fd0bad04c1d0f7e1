"""Feeds of webhooks: errors, the log, performance, and members joining and leaving."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from steward.client.lean import LeanClient
from steward.client.payloads import Payload, snowflake, user_name
from steward.client.rest.webhook import Webhooks
from steward.runtime.clock import Clock
from steward.runtime.logs.line_feed import LineFeed
from steward.runtime.tasks import Supervisor
from steward.settings import Secret, Settings

Choose = Callable[[logging.LogRecord], bool]
FeedLogs = Callable[[LineFeed, Choose], None]

OWN = ("steward.runtime.logs.line_feed",)  # its own lines would loop
PERFORMANCE = ("steward.monitoring", "steward.runtime.monitor", "steward.runtime.memory")
MEMBER_EVENTS: Mapping[str, str] = {
    "GUILD_MEMBER_ADD": "joined",
    "GUILD_MEMBER_REMOVE": "left",
    "GUILD_BAN_ADD": "was banned from",
    "GUILD_BAN_REMOVE": "was unbanned from",
}


def errors(record: logging.LogRecord) -> bool:
    """Select errors."""
    return record.levelno >= logging.ERROR and record.name not in OWN


def info(record: logging.LogRecord) -> bool:
    """Select lines that are neither errors nor about performance."""
    chosen = logging.INFO <= record.levelno < logging.ERROR
    return chosen and not record.name.startswith(PERFORMANCE) and record.name not in OWN


def performance(record: logging.LogRecord) -> bool:
    """Select measurements and alerts."""
    return record.levelno >= logging.INFO and record.name.startswith(PERFORMANCE)


def feed_nothing(feed: LineFeed, choose: Choose) -> None:
    """Feed nothing."""


def feed_webhooks(
    settings: Settings, clock: Clock, client: LeanClient, tasks: Supervisor, webhooks: Webhooks, feed_logs: FeedLogs
) -> None:
    """
    Start feeding the configured webhooks.

    Args:
        settings: webhook URLs.
        clock: time of member events.
        client: source of member events.
        tasks: runs the feeds.
        webhooks: sends.
        feed_logs: adds selected log lines to a feed.

    """

    def feed(name: str, address: Secret | None) -> LineFeed | None:
        if address is None:
            return None
        made = LineFeed(name, webhooks.sender(f"STEWARD_{name.upper()}_WEBHOOK", address.reveal()))
        tasks.start(f"feed {name} webhook", made.run)
        return made

    chosen = (
        ("error", settings.error_webhook, errors),
        ("info", settings.info_webhook, info),
        ("performance", settings.performance_webhook, performance),
    )
    for name, address, choose in chosen:
        made = feed(name, address)
        if made is not None:
            feed_logs(made, choose)
    members = feed("member", settings.member_webhook)
    if members is not None:
        for event, verb in MEMBER_EVENTS.items():
            client.on_gateway(event, _member_lines(members, clock, client, verb))


def _member_lines(feed: LineFeed, clock: Clock, client: LeanClient, verb: str) -> Callable[[Payload], None]:
    def tell(data: Payload) -> None:
        user, guild = data["user"], client.get_guild(snowflake(data["guild_id"]))
        name, user_id = user_name(user), snowflake(user["id"])
        where = "the server" if guild is None else guild.name
        feed.add(f"{clock.now():%H:%M:%S} {name} ({user_id}) {verb} {where}")

    return tell
