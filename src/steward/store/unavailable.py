"""What a store says when it cannot be read or written, whatever was asked of it."""

from __future__ import annotations

from steward.errors import NotReady


class StoreUnavailable(NotReady):
    """The disk, the file or the server takes nothing now; the fault is not in what was asked."""
