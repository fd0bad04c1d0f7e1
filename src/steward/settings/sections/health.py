"""The health pages."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import setting
from steward.settings.kinds import boolean, host_names, integer, password, text, web_address
from steward.settings.secret import Secret


@dataclass(frozen=True, kw_only=True)
class HealthSettings:
    """Health pages."""

    health_host: str = setting(
        text(),
        "The address the health pages listen on; by default only this machine can reach them.",
        default="127.0.0.1",
    )
    health_port: int = setting(integer(0, 65535), "The port of the health pages. 0 turns them off.", default=8080)
    public_url: str | None = setting(
        web_address(),
        "The public URL of the health pages, for calendar apps. Without it, members get calendar files, not feeds.",
        default=None,
        example="https://steward.example.org",
    )
    dashboard: bool = setting(boolean(), "Whether there is a dashboard on the port of the health pages.", default=True)
    dashboard_password: Secret | None = setting(
        password(),
        "What whoever reads the dashboard has to type. Without it only this machine can read it. Set it before a proxy"
        " on this machine shows the dashboard to others: to the bot, they'd all be on this machine.",
        default=None,
        secret=True,
    )
    dashboard_hosts: tuple[str, ...] = setting(
        host_names(),
        "Names under which a browser reaches the dashboard from elsewhere, as they stand in its address.",
        default=(),
        example="bot.example.org",
    )
