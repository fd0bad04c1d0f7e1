"""The health pages."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import setting
from steward.settings.kinds import integer, text, web_address


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
