"""Whether anything brings the bets bot games to bet on."""

from __future__ import annotations

from steward.bots.bets.settings import BetsSettings
from steward.cli.checks.finding import Finding, ok, warn


def check_feeds(settings: BetsSettings) -> Finding:
    """Say where games come from."""
    if settings.has_feed:
        return ok("feeds of bets", "At least one is set up; `steward bets feeds` says how each is.")
    return warn(
        "feeds of bets",
        "No feed is set up, so there are no games to bet on: only markets of members and slips.",
        "Set STEWARD_BETS_CSV_FOLDER, STEWARD_ODDS_API_KEY or STEWARD_API_SPORTS_KEY; see docs/feeds.md.",
    )
