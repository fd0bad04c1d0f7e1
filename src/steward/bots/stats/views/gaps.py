"""How times of which nobody has told look in a report."""

from __future__ import annotations

from datetime import timedelta

from steward.bots.stats.counts.facts import Summary
from steward.bots.stats.intake.gaps import Gap, Reason

MIN_GAP = timedelta(minutes=1)
LONGEST_DAY = timedelta(hours=25)
_WHY = {
    Reason.NOT_CONNECTED: "Not connected",
    Reason.OUTAGE: "An outage of this server at Discord,",
    Reason.REMOVED: "Not in this server",
    Reason.NOT_SAVED: "Couldn't save anything",
}


def gap_lines(summary: Summary) -> list[str]:
    """Return a line for each of a summary's gaps, but for moments in which nothing changed."""
    return [_missing(gap, summary) for gap in summary.gaps if _matters(gap)]


def _matters(gap: Gap) -> bool:
    return gap.net != 0 or gap.ended_at - gap.began_at >= MIN_GAP


def _missing(gap: Gap, summary: Summary) -> str:
    """Say of which time nobody has told, on the clock of the report, and what is known of it all the same."""
    zone = summary.begin.tzinfo
    one_day = gap.ended_at - gap.began_at < timedelta(days=1)
    form = "%H:%M" if one_day and summary.end - summary.begin <= LONGEST_DAY else "%d %b %H:%M"
    span = f"{gap.began_at.astimezone(zone):{form}}\u2013{gap.ended_at.astimezone(zone):{form}}"
    said = f"{_WHY[gap.reason]} {span}"
    if gap.net is None:
        return f"{said}: I don't know who joined or left"
    if gap.net == 0:
        return f"{said}: just as many members as before"
    many = "member" if abs(gap.net) == 1 else "members"
    return f"{said}: {abs(gap.net):,} {'more' if gap.net > 0 else 'fewer'} {many}; I don't know who"
