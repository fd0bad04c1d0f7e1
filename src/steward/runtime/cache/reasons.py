"""Sentences and remedies for connection errors of Redis."""

from __future__ import annotations


class CacheRefused(Exception):
    """Redis replied with an error."""


class TooSlow(Exception):
    """Redis replies too late; the argument is the limit in seconds."""


def reason(error: Exception, server: str) -> tuple[str, str]:
    """Return the sentence and the remedy for an error."""
    from valkey import exceptions

    words = str(error).strip(". ")
    redis = f"Redis at {server}"
    if isinstance(error, TooSlow):
        found = (
            f"{redis} takes longer than {error.args[0] * 1000:.0f} ms to answer.",
            "Use one nearer by, or look at what keeps it busy.",
        )
    elif isinstance(error, exceptions.AuthenticationError) or words.startswith(("NOAUTH", "WRONGPASS")):
        found = (f"{redis} refuses the password: {words}.", "Check the user and the password of Redis.")
    elif isinstance(error, exceptions.NoPermissionError) or words.startswith(
        ("NOPERM", "this user has no permissions")
    ):
        found = (
            f"The user of {redis} lacks permissions that a cache needs: {words}.",
            (
                "Allow SET, DEL, MGET, GETRANGE, PTTL, PUBLISH, SUBSCRIBE, PING, EVAL and EVALSHA"
                " on the keys and the channel of Steward."
            ),
        )
    elif "unknown command" in words.lower() or isinstance(error, (exceptions.InvalidResponse, ValueError)):
        found = (
            f"What answers at {server} doesn't speak the Redis protocol: {words}.",
            "Check host and port; Redis 2.8 or newer is needed, or Valkey.",
        )
    elif isinstance(error, (CacheRefused, exceptions.ResponseError)):
        found = (f"{redis} refuses what is asked of it: {words}.", "Look into the log of Redis.")
    elif isinstance(error, (TimeoutError, exceptions.TimeoutError)):
        found = (f"{redis} does not answer.", "See whether it runs and the network lets it through.")
    else:
        found = (f"{redis} cannot be reached: {words}.", "See whether it runs, and check host and port.")
    return found
