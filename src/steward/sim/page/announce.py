"""Tells where the page is, and opens it where there is a browser to see."""

from __future__ import annotations

import os
import sys
import webbrowser


def announce(address: str, what: str, *, browser: bool) -> None:
    """
    Write the page's address to standard error.

    Args:
        address: of the page.
        what: what one sees there, after "to see".
        browser: whether to open a browser, where there is a terminal and a display.

    """
    lines = [f"Open {address} to see {what}."]
    if "SSH_CONNECTION" in os.environ:
        number = address.rstrip("/").rpartition(":")[2]
        lines.append(f"From your own computer, first: ssh -L {number}:127.0.0.1:{number} this-machine")
    elif browser and sys.stdout.isatty() and _has_display():
        webbrowser.open(address)
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
