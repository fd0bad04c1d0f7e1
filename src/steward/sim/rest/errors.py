"""
Discord's REST errors.

Source: discord-api-docs, developers/topics/opcodes-and-status-codes.mdx and reference.mdx ("Error Messages").
"""

from __future__ import annotations

from typing import Any, TypeVar

from steward.sim.limits import RateWindow
from steward.sim.people.user import Json

T = TypeVar("T")
_MESSAGES = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10005: (404, "Unknown Integration"),
    10006: (404, "Unknown Invite"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10009: (404, "Unknown permission overwrite"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10026: (404, "Unknown Ban"),
    10027: (404, "Unknown SKU"),
    10029: (404, "Unknown Entitlement"),
    10057: (404, "Unknown guild template"),
    10060: (404, "Unknown sticker"),
    10061: (404, "Unknown sticker pack"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10065: (404, "Unknown Voice State"),
    10066: (404, "Unknown application command permissions"),
    10067: (404, "Unknown Stage Instance"),
    10069: (404, "Unknown Guild Welcome Screen"),
    10070: (404, "Unknown Guild Scheduled Event"),
    10087: (404, "Unknown Tag"),
    10097: (404, "Unknown sound"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30003: (400, "Maximum number of pins reached for the channel (50)"),
    30005: (400, "Maximum number of guild roles reached (250)"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30008: (400, "Maximum number of emojis reached"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30013: (400, "Maximum number of guild channels reached (500)"),
    30031: (400, "Guild already has a template"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    30039: (400, "Maximum number of stickers reached"),
    50045: (400, "File uploaded exceeds the maximum size"),
    50046: (400, "Invalid file uploaded"),
    50080: (400, "Cannot edit stickers within a message"),
    50081: (400, "Invalid sticker sent"),
    30038: (400, "Maximum number of uncompleted guild scheduled events reached (100)"),
    30045: (400, "Maximum number of soundboard sounds reached"),
    30048: (400, "Maximum number of tags in a forum channel has been reached (20)"),
    40005: (413, "Request entity too large"),
    40018: (400, "Only consumable SKUs can be consumed"),
    40019: (400, "You can only delete sandbox entitlements."),
    40032: (400, "Target user is not connected to voice."),
    40033: (400, "This message was already crossposted"),
    40058: (403, "Cannot message this thread until after the post author has sent an initial message"),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on this channel type"),
    50004: (403, "Guild widget disabled"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50016: (400, "Provided too few or too many messages to delete. Must provide at least 2 and at most 100."),
    50019: (400, "A message can only be pinned in the channel it was sent in"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50028: (400, "Invalid Role"),
    50034: (400, "You can only bulk delete messages that are under 14 days old."),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    500000: (400, "Failed to ban users"),
    180000: (400, "Cannot update a finished event"),
    50068: (400, "Invalid message type"),
    150006: (400, "The Stage is already open"),
    160002: (400, "Cannot reply without permission to read message history"),
    160005: (400, "This thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    350000: (400, "Cannot enable onboarding, requirements are not met"),
    520001: (400, "Poll expired"),
    520003: (400, "Cannot edit a poll message"),
    520004: (400, "Cannot use an emoji included with the poll"),
    520006: (400, "Cannot expire a non-poll message"),
    160004: (400, "A thread has already been created for this message"),
}


class RestRefused(Exception):
    """The request fails with an HTTP status and a JSON error body."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body

    @classmethod
    def by_code(cls, code: int) -> RestRefused:
        """Return the error of one of Discord's JSON error codes."""
        status, message = _MESSAGES[code]
        return cls(status, {"message": message, "code": code})

    @classmethod
    def by_status(cls, status: int, words: str) -> RestRefused:
        """Return an error that has only an HTTP status, such as `401: Unauthorized`."""
        return cls(status, {"message": f"{status}: {words}", "code": 0})


class Limited(Exception):
    """
    The request exceeds a rate limit: 429; `retry_after` in seconds, `scope` is `user`, `global` or `shared`.

    `hidden` describes a limit that no header reveals, for the log of requests.
    """

    def __init__(
        self,
        retry_after: float,
        scope: str = "user",
        *,
        code: int = 0,
        message: str = "You are being rate limited.",
        hidden: str | None = None,
    ) -> None:
        super().__init__(retry_after, scope)
        self.retry_after = retry_after
        self.scope = scope
        self.hidden = hidden
        self.body = {"message": message, "retry_after": retry_after, "global": scope == "global", "code": code}


def refuse_if(condition: object, code: int) -> None:
    """Raise the error of one of Discord's JSON error codes if a condition holds."""
    if condition:
        raise RestRefused.by_code(code)


def or_refuse(found: T | None, code: int) -> T:
    """Return what was found; raise the error of one of Discord's JSON error codes if nothing was."""
    if found is None:
        raise RestRefused.by_code(code)
    return found


def take_or_refuse(window: RateWindow, now: float, scope: str = "user", **details: Any) -> None:
    """Count a request in a window; raise `Limited`, with these details, if its limit is exceeded."""
    if not window.take(now):
        raise Limited(window.reset_after(now), scope, **details)


class CloudflareBan(Exception):
    """The request makes Cloudflare ban the address."""
