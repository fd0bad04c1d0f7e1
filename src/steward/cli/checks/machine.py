"""Check the machine: time zones, disk, clock, and the port of the health pages."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from steward.cli.checks.finding import Finding, fail, ok, skipped, warn
from steward.cli.running import page
from steward.client.discord_clock import CLOCK_REMEDY, DISAGREES_FROM
from steward.runtime.http_date import read_http_date
from steward.runtime.process.disk import FEW_FILES, MEGABYTE, DiskUsage, disk_usage, nearest_existing, write_fault
from steward.web.server import reason

DISK_NONE_MB = 50
SKEW_WARN = 5.0
HEALTH_PORT = "health port"


def check_zones(zone: ZoneInfo | None, now: datetime) -> Finding:
    """Check that there is time zone data, and show the local time of `zone`."""
    count = len(available_timezones())
    if count == 0:
        return fail("time zones", "This machine has no time zone data.", "Install the Python package tzdata.")
    if zone is None:
        return ok("time zones", f"{count} zones are known.")
    return ok("time zones", f"{count} zones are known; in {zone.key} it is {now.astimezone(zone):%Y-%m-%d %H:%M}.")


def check_disk(
    folder: Path, *, little_mb: int = 200, measure: Callable[[Path], DiskUsage | None] = disk_usage
) -> Finding:
    """Check that there is room for data in a folder, which need not exist; warn below `little_mb` megabytes."""
    place = nearest_existing(folder)
    usage = measure(place)
    if usage is None:
        return warn("disk", f"{place} can't be checked.", "Check that the folder can be read.")
    fault = write_fault(place)
    if fault is not None:
        why = (fault.strerror or str(fault)).lower()
        return fail("disk", f"Nothing can be written to {place}: {why}.", "Free some space, or make it writable.")
    free = usage.free // MEGABYTE
    finding = f"{free} MB are free for {folder}."
    if usage.files is not None and usage.files < FEW_FILES:
        finding = f"Only {usage.files} more files fit on the disk of {folder}."
        return warn("disk", finding, "Delete small files: the disk is running out of inodes.")
    if free < DISK_NONE_MB:
        return fail("disk", finding, f"Free some space: Steward needs {DISK_NONE_MB} MB to start safely.")
    if free < little_mb:
        return warn("disk", finding, f"Free some space: it is below {little_mb} MB (STEWARD_DISK_WARN_MB).")
    return ok("disk", finding)


def check_clock(date: str, now: datetime) -> Finding:
    """Compare our clock with the `Date` header of an answer that has just arrived; its unit is a second."""
    theirs = read_http_date(date)
    if theirs is None:
        return skipped("clock", "Discord didn't say what time it is.")
    skew = (now - theirs).total_seconds()
    amount = abs(skew)
    if amount <= SKEW_WARN:
        return ok("clock", "This machine's clock agrees with Discord's.")
    finding = f"This machine's clock is {amount:.0f} s {'ahead of' if skew > 0 else 'behind'} Discord's."
    return fail("clock", finding, CLOCK_REMEDY) if amount >= DISAGREES_FROM else warn("clock", finding, CLOCK_REMEDY)


def check_health_port(host: str, port: int) -> Finding:
    """Bind the address as the bot would; at worst a warning, since the bot also runs without the pages."""
    if port == 0:
        return skipped(HEALTH_PORT, "The health pages are switched off (STEWARD_HEALTH_PORT is 0).")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family):
            return ok(HEALTH_PORT, f"Port {port} of {host} is free.")
    except OSError as error:
        if _is_steward(host, port):
            return ok(HEALTH_PORT, f"A running Steward serves its health pages at {host}:{port}.")
        return warn(
            HEALTH_PORT,
            f"The health pages can't be served at {host}:{port}: {reason(error)}.",
            "Set STEWARD_HEALTH_PORT to a free port, or to 0. The bot runs without these pages.",
        )


def _is_steward(host: str, port: int) -> bool:
    try:
        return bool(json.loads(page(host, port, "/healthz")) == {"alive": True})
    except (OSError, http.client.HTTPException, ValueError):
        return False
