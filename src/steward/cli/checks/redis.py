"""Check the Redis server of cache and limits."""

from __future__ import annotations

from typing import Any

from steward.cli.checks.finding import Finding, fail, ok, warn
from steward.runtime.cache.reasons import reason

WITHIN = 3.0  # seconds
PROBE = "steward:1:doctor"
SCRIPTS_SINCE = 5  # since this version a script may write after it has read the time


def check_redis(url: str, *, within: float = WITHIN) -> Finding:
    """
    Write and read as the cache does, and run a script as the limits do, with `within` seconds for each answer.

    Anything but a missing library is at worst a warning, since the bot also runs without Redis.
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
    """Return the server's version; None if it does not tell."""
    from valkey.exceptions import ResponseError

    try:
        version = client.info("server").get("redis_version")
    except ResponseError:  # this user may not run INFO
        return None
    return None if version is None else str(version)
