"""The check of Redis: is it there, does it let us in, is it new enough."""

from __future__ import annotations

from typing import Any

from steward.cli.checks.finding import Finding, fail, ok, warn
from steward.runtime.cache.reasons import reason

WITHIN = 3.0
PROBE = "steward:1:doctor"
SCRIPTS_SINCE = 5  # from then on a script may write after it has asked for the time


def check_redis(url: str, *, within: float = WITHIN) -> Finding:
    """
    Write and read as the cache does, and run a script as the limits do.

    The bot runs without Redis, too, so that nothing but a missing library is worse than a warning.

    Args:
        url: as `Settings.redis_url`.
        within: seconds for each answer.

    """
    server = url.rpartition("@")[2].removeprefix("redis://").partition("/")[0]
    try:
        import valkey
    except ImportError:
        return fail(
            "Redis",
            "The valkey library isn't installed, so the bot wouldn't start with REDIS_HOST.",
            "Install it with pip install 'steward[redis]', or remove REDIS_HOST.",
        )
    try:
        with valkey.Valkey.from_url(url, socket_timeout=within, socket_connect_timeout=within) as client:
            client.set(PROBE, 1, px=1000)
            version = _version(client)
            client.eval("return 1", 0)
    except (valkey.ValkeyError, OSError, ValueError) as error:
        sentence, remedy = reason(error, server)
        return warn("Redis", f"{sentence} The bot continues in memory.", remedy)
    if version is None:
        return ok("Redis", f"{server} answers, but doesn't say its version.")
    if int(version.partition(".")[0]) < SCRIPTS_SINCE:
        return warn(
            "Redis",
            f"{server} is version {version}: it works for the cache, but not for command limits.",
            f"Use Redis {SCRIPTS_SINCE} or newer, or Valkey.",
        )
    return ok("Redis", f"{server} answers, version {version}.")


def _version(client: Any) -> str | None:
    """Return its version; None where it does not tell."""
    from valkey.exceptions import ResponseError

    try:
        version = client.info("server").get("redis_version")
    except ResponseError:  # INFO is not allowed to that user
        return None
    return None if version is None else str(version)
