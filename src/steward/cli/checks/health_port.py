"""Check the port of the health pages: free, or used by a running Steward."""

from __future__ import annotations

import http.client
import json
import socket

from steward.cli.checks.finding import Finding, ok, skipped, warn
from steward.cli.running import page
from steward.web.server import reason

LABEL = "health port"


def check_health_port(host: str, port: int) -> Finding:
    """Bind the address as the bot would; at worst a warning, since the bot also runs without the pages."""
    if port == 0:
        return skipped(LABEL, "The health pages are switched off (STEWARD_HEALTH_PORT is 0).")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family):
            return ok(LABEL, f"Port {port} of {host} is free.")
    except OSError as error:
        if _is_steward(host, port):
            return ok(LABEL, f"A running Steward serves its health pages at {host}:{port}.")
        return warn(
            LABEL,
            f"The health pages can't be served at {host}:{port}: {reason(error)}.",
            "Set STEWARD_HEALTH_PORT to a free port, or to 0. The bot runs without these pages.",
        )


def _is_steward(host: str, port: int) -> bool:
    try:
        return bool(json.loads(page(host, port, "/healthz")) == {"alive": True})
    except (OSError, http.client.HTTPException, ValueError):
        return False
