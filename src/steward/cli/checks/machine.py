"""Checks of the machine: time zones, disk, clock."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from steward.cli.checks.finding import Finding, fail, ok, skipped, warn

MEGABYTE = 1024 * 1024
DISK_LITTLE_MB = 500
DISK_NONE_MB = 50
SKEW_WARN = 5.0
SKEW_FAIL = 60.0


def check_zones(zone: ZoneInfo | None, now: datetime) -> Finding:
    """Is there time zone data, and what does the server's zone say."""
    count = len(available_timezones())
    if count == 0:
        return fail("time zones", "This machine has no time zone data.", "Install the Python package tzdata.")
    if zone is None:
        return ok("time zones", f"{count} zones are known.")
    return ok("time zones", f"{count} zones are known; in {zone.key} it is {now.astimezone(zone):%Y-%m-%d %H:%M}.")


def check_disk(
    folder: Path, *, free_bytes: Callable[[Path], int] = lambda place: shutil.disk_usage(place).free
) -> Finding:
    """
    Is there room for data, where it lies or would lie.

    Args:
        folder: where; it need not exist.
        free_bytes: measures a folder that exists.

    """
    place = nearest_existing(folder)
    try:
        free = free_bytes(place) // MEGABYTE
    except OSError as error:
        return warn("disk", f"{place} cannot be looked at: {error.strerror}.", "Check that the folder can be read.")
    found = f"{free} MB are free for {folder}."
    if free < DISK_NONE_MB:
        return fail("disk", found, "Free some space: below it nothing can be stored.")
    if free < DISK_LITTLE_MB:
        return warn("disk", found, f"Free some space; {DISK_LITTLE_MB} MB leave room for backups.")
    return ok("disk", found)


def check_clock(date: str, now: datetime) -> Finding:
    """Compare our clock with the `Date` header of an answer that has just arrived; it counts whole seconds."""
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return skipped("clock", "The API did not say what time it is.")
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    skew = (now - theirs).total_seconds()
    amount = abs(skew)
    if amount <= SKEW_WARN:
        return ok("clock", "This machine's clock agrees with Discord's.")
    found = f"This machine's clock is {amount:.0f} s {'ahead of' if skew > 0 else 'behind'} Discord's."
    remedy = "Switch on time synchronisation (timedatectl set-ntp true)."
    return fail("clock", found, remedy) if amount > SKEW_FAIL else warn("clock", found, remedy)


def nearest_existing(path: Path) -> Path:
    """Return `path`, or the nearest folder above that exists."""
    whole = path.absolute()
    return next((place for place in (whole, *whole.parents) if place.exists()), whole)
