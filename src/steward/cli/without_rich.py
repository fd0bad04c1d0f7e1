"""Keeps the terminal library out of the running bot."""

from __future__ import annotations

import sys


def load_structlog_without_rich() -> None:
    """
    Import structlog, but not rich with it.

    structlog loads rich where it is installed, for coloured tracebacks that Steward does not use: 3.6 MB resident in
    the bot. A later `import rich` works as ever. Nothing happens when structlog is loaded already.
    """
    if "structlog" in sys.modules or "rich" in sys.modules:
        return
    sys.modules["rich"] = None  # type: ignore[assignment] # how Python says "there is no such module"
    try:
        import structlog  # noqa: F401 - it is imported for those who import it next
    finally:
        del sys.modules["rich"]
