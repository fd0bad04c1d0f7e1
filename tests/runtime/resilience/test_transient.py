"""Which errors are transient by default."""

import subprocess
import sys
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from steward.errors import NeedsOperator, NotReady
from steward.runtime.resilience import Breaker, Circuit, Retry, transient_errors


def answered(kind, status):
    return kind(SimpleNamespace(status=status, reason="said Discord"), "no")


PASSING = [
    NotReady("away"),
    TimeoutError(),
    ConnectionResetError(),
    aiohttp.ServerDisconnectedError(),
    aiohttp.ServerTimeoutError(),
    aiohttp.ClientConnectionError(),
    answered(discord.DiscordServerError, 503),
]
LASTING = [
    NeedsOperator("A person is needed."),
    ValueError(),
    aiohttp.InvalidURL("nowhere"),
    answered(discord.Forbidden, 403),
    answered(discord.NotFound, 404),
]


@pytest.mark.parametrize("error", PASSING, ids=repr)
async def test_a_transient_failure_is_retried_and_counts_for_the_breaker(error):
    raised = [error]
    breaker = Breaker("X", failure_threshold=1)

    @Retry()
    async def ask():
        if raised:
            raise raised.pop()
        return "answer"

    assert await ask() == "answer"
    with pytest.raises(type(error)), breaker.attempt():
        raise error
    assert breaker.state is Circuit.OPEN


@pytest.mark.parametrize("error", LASTING, ids=repr)
async def test_a_permanent_error_is_not_retried_and_is_a_success_for_the_breaker(error):
    calls = []
    breaker = Breaker("X", failure_threshold=1)

    @Retry()
    async def ask():
        calls.append(error)
        raise error

    with pytest.raises(type(error)):
        await ask()
    assert len(calls) == 1
    with pytest.raises(type(error)), breaker.attempt():
        raise error
    assert breaker.state is Circuit.CLOSED


async def test_given_errors_replace_the_default_ones():
    calls = []

    @Retry(on=(KeyError,), attempts=2)
    async def ask(error):
        calls.append(error)
        raise error

    for error in (KeyError(), OSError()):
        with pytest.raises(type(error)):
            await ask(error)
    assert len(calls) == 2 + 1


def test_libraries_are_not_imported_for_their_errors():
    script = (
        "import sys\n"
        "from steward.runtime.resilience import transient_errors\n"
        "print(*[kind.__name__ for kind in transient_errors()], 'discord' in sys.modules, 'aiohttp' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["NotReady", "OSError", "False", "False"]
    assert {aiohttp.ClientConnectionError, discord.DiscordServerError} <= set(transient_errors())
