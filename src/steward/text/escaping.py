"""
Escapes user text: no formatting, no mentions.

Sources: discord-api-docs, Reference > "Message Formatting"; Discord's support article "Markdown Text 101". Like
discord.py's `utils.escape_markdown` and `escape_mentions`, without importing discord.py.
"""

from __future__ import annotations

import re

_MARKS = re.compile(
    r"(?P<link><[^: >]+:\/[^ >]+>|(?:https?|steam):\/\/[^\s<]+[^<.,:;\"\'\]\s])"
    r"|(?P<mark>[_\\~|*`]|^>(?:>>)?\s|\[.+\]\(.+\)|^#{1,3}|^\s*-)",
    re.MULTILINE,
)
_MENTIONS = re.compile("@(everyone|here|[!&]?[0-9]{17,20})")


def escape_markdown(text: str) -> str:
    """Escape markdown with backslashes; links stay unchanged."""
    return _MARKS.sub(lambda match: match["link"] or f"\\{match['mark']}", text)


def escape_mentions(text: str) -> str:
    """Break mentions of members, roles and everyone with a zero-width space; channel mentions stay."""
    return _MENTIONS.sub("@\u200b\\1", text)
