"""
Converts Discord markdown to plain text, for calendars and names.

Sources: discord-api-docs, Reference > "Message Formatting"; Discord's support article "Markdown Text 101".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

_HOLDER = "\x00"
_LITERALS = re.compile(
    r"\\(?P<escaped>[^\w\s]|_)"
    r"|```(?:[\w+#.-]*\n)?(?P<block>.*?)```"
    r"|(?P<ticks>`{1,2})(?P<code>[^`].*?)(?P=ticks)(?!`)"
    r"|<(?P<mention>@[!&]?|#)\d+>"
    r"|</(?P<command>[^<>:\n]{1,100}):\d+>"
    r"|<id:(?P<page>\w+)>"
    r"|<a?(?P<emoji>:\w+:)\d+>"
    r"|<t:(?P<unix>-?\d{1,17})(?::(?P<style>[tTdDfFR]))?>"
    r"|\[(?P<words>[^\[\]\n]+)\]\(<?(?P<link>https?://[^\s()<>]+)>?\)"
    r"|<(?P<quiet>https?://[^\s<>]+)>"
    r"|(?P<address>https?://[^\s<>]+)",
    re.DOTALL,
)
_MENTIONED = {"@": "@member", "@!": "@member", "@&": "@role", "#": "#channel"}
_LINES = re.compile(r"^(?:#{1,3} |-# |>>> |> )+", re.MULTILINE)
_BULLET = re.compile(r"^([ \t]*)\* (?=\S)", re.MULTILINE)
_PAIRS = tuple(
    re.compile(pair, re.DOTALL)
    for pair in (
        r"\|\|(.+?)\|\|",
        r"\*\*(.+?)\*\*(?!\*)",
        r"(?<!_)__(.+?)__(?!_)",
        r"~~(.+?)~~",
        r"\*(?=\S)([^*]+?)(?<=\S)\*",
        r"(?<!\w)_(.+?)_(?!\w)",
    )
)
_STYLES = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%d %b %Y", "D": "%d %b %Y"}
_MOMENT = "%a %d %b %Y, %H:%M"


def unmarked(text: str, zone: tzinfo = UTC) -> str:
    """
    Return the text without markdown; if nothing would remain, the text itself.

    Mentions of members, roles and channels become `@member`, `@role` and `#channel`: their names are unknown here. A
    masked link is followed by its URL in brackets.

    Args:
        text: Discord markdown.
        zone: time zone of timestamps.

    """
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        words = found["words"]  # the text of a link may contain markdown
        kept.append(_literal(found, zone))
        return f"{words or ''}{_HOLDER}{len(kept) - 1}{_HOLDER}"

    plain = _LITERALS.sub(keep, text.replace(_HOLDER, ""))
    plain = _BULLET.sub(r"\1- ", _LINES.sub("", plain))
    for pair in _PAIRS:
        plain = pair.sub(r"\1", plain)
    plain = re.sub(f"{_HOLDER}(\\d+){_HOLDER}", lambda found: kept[int(found[1])], plain)
    return plain if plain.strip() else text


def _literal(found: re.Match[str], zone: tzinfo) -> str:
    """Return the replacement of a part without nested markdown."""
    match found.lastgroup:
        case "mention":
            return _MENTIONED[found["mention"]]
        case "command":
            return f"/{found['command']}"
        case "page":
            return f"#{found['page']}"
        case "unix" | "style":
            return _moment(found, zone)
        case "link":
            return f" ({found['link']})"
        case group:
            return str(found[group or 0]).strip()


def _moment(found: re.Match[str], zone: tzinfo) -> str:
    try:
        at = datetime.fromtimestamp(int(found["unix"]), UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError):  # Discord shows it unchanged
        return found[0]
    style = _STYLES.get(found["style"] or "f")
    return at.strftime(style) if style is not None else f"{at.strftime(_MOMENT)} ({zone})"
