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
    lines = [cut_text(f"{DOTS[fact.standing]} **{fact.name}** {fact.value}", LINE_LENGTH) for fact in ordered]
    embed: dict[str, Any] = {
        "title": title,
        "description": cut_list(lines, TEXT_LENGTH) or "There's nothing to show yet.",
        "color": COLOURS[worst],
        "timestamp": at.isoformat(),
    }
    advice = list(dict.fromkeys(fact.advice for fact in ordered if fact.advice))
    if advice:
        bullets = cut_list([f"• {sentence}" for sentence in advice], FIELD_LENGTH)
        embed["fields"] = [{"name": "What to do", "value": bullets, "inline": False}]
    return {"embeds": [embed]}


def alert_view(alert: Alert) -> Message:
    """Return an alert as a message of one embed."""
    standing = Grade.FINE if alert.cleared else Grade.BAD if alert.severity >= Severity.SERIOUS else Grade.WATCH
    since = f"since <t:{int(alert.since.timestamp())}:R>"
    said = "over" if alert.cleared else alert.severity.name.lower()
    embed = {
        "title": f"{DOTS[standing]} {alert.name.replace('_', ' ').capitalize()}: {said}",
        "description": f"It's over. Now: {alert.sentence}" if alert.cleared else f"{alert.sentence} ({since})",
        "color": COLOURS[standing],
    }
    return {"embeds": [embed]}
