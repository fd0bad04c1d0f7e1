"""Pages as Discord shows them: one line a figure, as a phone shows it, the worst first, what to do below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from steward.bots.ops.facts import Fact, Grade
from steward.client.embeds import FIELD_LENGTH, Message
from steward.runtime.monitor import Alert, Severity
from steward.text.cutting import cut_list, cut_text

DOTS = {Grade.FINE: "🟢", Grade.WATCH: "🟡", Grade.BAD: "🔴"}
COLOURS = {Grade.FINE: 0x22C55E, Grade.WATCH: 0xF59E0B, Grade.BAD: 0xEF4444}
LINE_LENGTH = 600  # a cause with its remedy fits
TEXT_LENGTH = 3500  # of Discord's 4,096


def page_view(title: str, facts: Sequence[Fact], at: datetime) -> Message:
    """Return a page as a message of one embed; what does not fit is counted."""
    worst = max((fact.standing for fact in facts), default=Grade.FINE)
    ordered = sorted(facts, key=lambda fact: -fact.standing)
    embed: dict[str, Any] = {
        "title": title,
        "description": cut_list([_line(fact) for fact in ordered], TEXT_LENGTH) or "There's nothing to show yet.",
        "color": COLOURS[worst],
        "timestamp": at.isoformat(),
    }
    advice = list(dict.fromkeys(fact.advice for fact in ordered if fact.advice))
    if advice:
        embed["fields"] = [{"name": "What to do", "value": _bulleted(advice), "inline": False}]
    return {"embeds": [embed]}


def alert_view(alert: Alert) -> Message:
    """Return an alert as a message of one embed."""
    standing = Grade.FINE if alert.cleared else Grade.BAD if alert.severity >= Severity.SERIOUS else Grade.WATCH
    since = f"since <t:{int(alert.since.timestamp())}:R>"
    embed = {
        "title": f"{DOTS[standing]} {alert.name.replace('_', ' ').capitalize()}: {_said(alert)}",
        "description": f"It's over. Now: {alert.sentence}" if alert.cleared else f"{alert.sentence} ({since})",
        "color": COLOURS[standing],
    }
    return {"embeds": [embed]}


def _said(alert: Alert) -> str:
    return "over" if alert.cleared else alert.severity.name.lower()


def _line(fact: Fact) -> str:
    return cut_text(f"{DOTS[fact.standing]} **{fact.name}** {fact.value}", LINE_LENGTH)


def _bulleted(sentences: Sequence[str]) -> str:
    return cut_list([f"• {sentence}" for sentence in sentences], FIELD_LENGTH)
