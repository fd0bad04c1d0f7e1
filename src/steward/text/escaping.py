"""
Show somebody's text as it was written: no formatting, no mention.

Source: discord-api-docs, Reference > "Message Formatting"; the marks are those of Discord's support article "Markdown
Text 101". discord.py's `utils.escape_markdown` and `escape_mentions` do the same; this floor stands without discord.py.
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
    """Put a backslash before each mark that Discord would read; links stay as they are."""
    return _MARKS.sub(lambda match: match["link"] or f"\\{match['mark']}", text)


def escape_mentions(text: str) -> str:
    """Break each mention of a member, a role, or everyone by an invisible character; one of a channel stays."""
    return _MENTIONS.sub("@\u200b\\1", text)
