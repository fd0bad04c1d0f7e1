"""The health pages."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import setting
from steward.settings.kinds import integer, text, web_address


@dataclass(frozen=True, kw_only=True)
class HealthSettings:
    """The health pages."""

    health_host: str = setting(
        text(), "The address that the health pages listen on; this machine only, unless changed.", default="127.0.0.1"
    )
    health_port: int = setting(integer(0, 65535), "The port of the health pages; 0 switches them off.", default=8080)
    public_url: str | None = setting(
        web_address(),
        "Where calendar applications reach these pages from outside; without it there are calendar files, no feeds.",
        default=None,
        example="https://steward.example.org",
    )
