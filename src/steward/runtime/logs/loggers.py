"""
Loggers for code that also runs in other people's bots.

Where structlog is configured, as it is in Steward itself, events go there. Everywhere else they go to the standard
`logging`, to the logger of the module's name, so they are in the host's own log file. This module doesn't import
structlog: that would load rich wherever it's installed, 3.6 MB.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

_OF_LOGGING = ("exc_info", "stack_info")
_TO_THE_CALLER = 3  # frames from logging's own back to the line that logs


class Logger:
    """
    Logs an event, a short name, with its details as keywords: `log.info("circuit_closed", circuit="scores")`.

    Args:
        name: of the logger, `__name__`.

    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._structured: Any = None

    def debug(self, event: str, **details: Any) -> None:
        """Log what helps to find a fault."""
        self._log(logging.DEBUG, event, details)

    def info(self, event: str, **details: Any) -> None:
        """Log what's normal and worth a line."""
        self._log(logging.INFO, event, details)

    def warning(self, event: str, **details: Any) -> None:
        """Log what may need a person."""
        self._log(logging.WARNING, event, details)

    def error(self, event: str, **details: Any) -> None:
        """Log what failed."""
        self._log(logging.ERROR, event, details)

    def exception(self, event: str, **details: Any) -> None:
        """Log what failed, with the error that's being handled."""
        self._log(logging.ERROR, event, {"exc_info": True} | details)

    def _log(self, level: int, event: str, details: dict[str, Any]) -> None:
        structlog = sys.modules.get("structlog")
        if structlog is not None and structlog.is_configured():
            if self._structured is None:
                self._structured = structlog.get_logger(self._name)
            getattr(self._structured, logging.getLevelName(level).lower())(event, **details)
            return
        logger = logging.getLogger(self._name)
        if logger.isEnabledFor(level):
            options = {key: details.pop(key) for key in _OF_LOGGING if key in details}
            text = " ".join([event, *(f"{key}={value!r}" for key, value in details.items())])
            logger.log(level, "%s", text, stacklevel=_TO_THE_CALLER, **options)


def get_logger(name: str) -> Logger:
    """Return the logger of a module; `name` is its `__name__`."""
    return Logger(name)
