"""Pages as Discord shows them: one line a figure, as a phone shows it, the worst first, what to do below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from steward.bots.ops.facts import Fact, Standing
from steward.runtime.monitor import Alert, Severity

Message = dict[str, Any]

DOTS = {Standing.FINE: "🟢", Standing.WATCH: "🟡", Standing.BAD: "🔴"}
COLOURS = {Standing.FINE: 0x22C55E, Standing.WATCH: 0xF59E0B, Standing.BAD: 0xEF4444}
MOST_LINES = 25
LINE_LENGTH = 150
TEXT_LENGTH = 3500  # of Discord's 4,096


def page_view(title: str, facts: Sequence[Fact], at: datetime) -> Message:
    """Return a page as a message of one embed; what does not fit is counted."""
    worst = max((fact.standing for fact in facts), default=Standing.FINE)
    ordered = sorted(facts, key=lambda fact: -fact.standing)
    lines, length = [], 0
    for fact in ordered[:MOST_LINES]:
        line = _line(fact)
        length += len(line) + 1
        if length > TEXT_LENGTH:
            break
        lines.append(line)
    if len(lines) < len(ordered):
        lines.append(f"and {len(ordered) - len(lines)} more")
    embed: dict[str, Any] = {
        "title": title,
        "description": "\n".join(lines) or "There is nothing to tell yet.",
        "color": COLOURS[worst],
        "timestamp": at.isoformat(),
    }
    advice = list(dict.fromkeys(fact.advice for fact in ordered if fact.advice))
    if advice:
        embed["fields"] = [{"name": "What to do", "value": _bulleted(advice), "inline": False}]
    return {"embeds": [embed]}


def alert_view(alert: Alert) -> Message:
    """Return an alert as a message of one embed."""
    standing = (
        Standing.FINE if alert.cleared else Standing.BAD if alert.severity >= Severity.SERIOUS else Standing.WATCH
    )
    since = f"since <t:{int(alert.since.timestamp())}:R>"
    embed = {
        "title": f"{DOTS[standing]} {alert.name.replace('_', ' ').capitalize()}: {_said(alert)}",
        "description": f"It is over. Now: {alert.sentence}" if alert.cleared else f"{alert.sentence} ({since})",
        "color": COLOURS[standing],
    }
    return {"embeds": [embed]}


def _said(alert: Alert) -> str:
    return "over" if alert.cleared else alert.severity.name.lower()


def _line(fact: Fact) -> str:
    line = f"{DOTS[fact.standing]} **{fact.name}** {fact.value}"
    return line if len(line) <= LINE_LENGTH else line[: LINE_LENGTH - 1] + "…"


def _bulleted(sentences: Sequence[str]) -> str:
    kept, length = [], 0
    for sentence in sentences:
        length += len(sentence) + 3
        if length > 1000:  # noqa: PLR2004 - of the 1,024 that Discord allows a field
            break
        kept.append(f"• {sentence}")
    return "\n".join(kept)
