"""
Addresses of pictures that would stop working, made lasting where that can be done, and warned of where not.

Source: discord-api-docs, Reference > "Signed Attachment CDN URLs": links to attachments expire, but without their
parameters Discord accepts them in embeds and renews them by itself. Those of attachments to commands
(`/ephemeral-attachments/`) end with the attachment.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, parse_qsl, urlsplit

CDN = "https://cdn.discordapp.com"
HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
OF_A_COMMAND = (
    "That picture was attached to a command, so Discord deletes it soon. Post it in a channel and copy its link there."
)
REMEDY = "Use an address that lasts: post the picture in a channel and copy its link."


def lasting(url: str) -> str:
    """Return the address that Discord keeps working, for a link to an attachment in a channel; any other as it is."""
    parts = _parts(url)
    if parts is None or parts.hostname not in HOSTS or not parts.path.startswith("/attachments/"):
        return url
    return f"{CDN}{parts.path}"


def warning(url: str) -> str:
    """Return a sentence about an address that will stop working, with the remedy; empty for one that lasts."""
    parts = _parts(url)
    if parts is None:
        return ""
    if parts.hostname in HOSTS and parts.path.startswith("/ephemeral-attachments/"):
        return OF_A_COMMAND
    ends = _signed_until(parts)
    return "" if ends is None else f"The picture's address works until <t:{int(ends.timestamp())}:f> only. {REMEDY}"


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # a broken host
        return None


def _signed_until(parts: SplitResult) -> datetime | None:
    """Return when a signed address of Amazon's, Google's or Microsoft's storage ends; None for any other."""
    signed = {name.lower(): value for name, value in parse_qsl(parts.query)}
    try:
        for maker in ("x-amz", "x-goog"):
            if f"{maker}-expires" in signed:
                begins = _instant(signed[f"{maker}-date"])
                return begins + timedelta(seconds=int(signed[f"{maker}-expires"]))
        if "expires" in signed and "signature" in signed:
            return datetime.fromtimestamp(int(signed["expires"]), UTC)
        if "se" in signed and "sig" in signed:
            return _instant(signed["se"])
    except (KeyError, ValueError, OverflowError, OSError):  # it only looks like one
        return None
    return None


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
