"""How a value is shown when it is wrong: enough to recognise it, nothing that must stay hidden."""

from __future__ import annotations

import re

LONGEST = 60
# A credential pasted into the wrong setting: a token, a key, anything long without a space or a slash.
_CREDENTIAL = re.compile(r"[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]+\.|/api/webhooks/|[A-Za-z0-9_+=-]{28,}")
_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^/\s]*@")


def shown(value: str, *, secret: bool) -> str:
    """Return `value` for a message: hidden when it is or may be a secret, shortened when long, one line always."""
    if secret or _CREDENTIAL.search(value):
        noun = "character" if len(value) == 1 else "characters"
        return f"(hidden, {len(value)} {noun})"
    safe = _PASSWORD.sub(r"\1********@", value)
    printable = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in safe)
    return f'"{printable}"' if len(printable) <= LONGEST else f'"{printable[:LONGEST]}" ... ({len(value)} characters)'
