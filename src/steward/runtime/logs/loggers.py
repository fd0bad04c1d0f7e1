"""
Loggers for code that also runs in other people's bots.

Events go to structlog if it is configured, as in Steward itself, else to the standard `logging`, under the module's
name. This module does not import structlog: that would load rich if installed, 3.6 MB.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

_OF_LOGGING = ("exc_info", "stack_info")
_TO_THE_CALLER = 3  # frames from logging's up to the logging line


class Logger:
    """Logs an event name with details as keywords: `log.info("circuit_closed", circuit="scores")`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._structured: Any = None

    def debug(self, event: str, **details: Any) -> None:
        """Log details for debugging."""
        self._log(logging.DEBUG, event, details)

    def info(self, event: str, **details: Any) -> None:
        """Log normal operation."""
        self._log(logging.INFO, event, details)

    def warning(self, event: str, **details: Any) -> None:
        """Log what may need attention."""
        self._log(logging.WARNING, event, details)

    def error(self, event: str, **details: Any) -> None:
        self._log(logging.ERROR, event, details)

    def exception(self, event: str, **details: Any) -> None:
        """Log a failure with the current exception."""
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


get_logger = Logger
