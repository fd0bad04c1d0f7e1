"""
What Discord answers when it refuses, as data.

Source: discord-api-docs, developers/topics/opcodes-and-status-codes.mdx and reference.mdx ("Error Messages").
"""

from __future__ import annotations

from steward.sim.user import Json

_SENTENCES = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10009: (404, "Unknown permission overwrite"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10026: (404, "Unknown Ban"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30013: (400, "Maximum number of guild channels reached (500)"),
    40005: (413, "Request entity too large"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on this channel type"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50109: (400, "The request body contains invalid JSON."),
}


class Refused(Exception):
    """
    The request is refused.

    Args:
        status: the HTTP status.
        body: the JSON error body.

    """

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body

    @classmethod
    def by_code(cls, code: int) -> Refused:
        """Return the refusal of one of Discord's JSON error codes."""
        status, sentence = _SENTENCES[code]
        return cls(status, {"message": sentence, "code": code})

    @classmethod
    def by_status(cls, status: int, words: str) -> Refused:
        """Return a refusal that has only an HTTP status, such as `401: Unauthorized`."""
        return cls(status, {"message": f"{status}: {words}", "code": 0})


class Limited(Exception):
    """
    The request is one too many: 429.

    Args:
        retry_after: seconds until it may be sent again.
        scope: `user`, `global` or `shared`.
        code: Discord's JSON error code, where it has one.
        message: the sentence in the body.

    """

    def __init__(
        self,
        retry_after: float,
        scope: str = "user",
        *,
        code: int | None = None,
        message: str = "You are being rate limited.",
    ) -> None:
        super().__init__(retry_after, scope)
        self.retry_after = retry_after
        self.scope = scope
        self.code = code
        self.message = message

    def body(self) -> Json:
        """Return the JSON body."""
        found: Json = {
            "message": self.message,
            "retry_after": self.retry_after,
            "global": self.scope == "global",
        }
        return found | {"code": self.code if self.code is not None else 0}
