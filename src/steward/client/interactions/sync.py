"""Tells Discord of the commands, and only when they have changed: it allows 200 new ones a day (30034)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import discord
from discord.http import Route

from steward.client.payloads import Payload
from steward.client.rest.asking import asking
from steward.client.rest.errors import Refused
from steward.errors import NotReady
from steward.runtime.backoff import full_jitter
from steward.runtime.logs.loggers import get_logger
from steward.store import Store, Transaction, kv

log = get_logger(__name__)

LONGEST_PAUSE = 300.0
REFUSED_WAIT = 3600.0  # a refusal stays until the code is changed, or, by the limit of new commands, for a day


class CommandSync:
    """
    Keeps Discord's list of global commands equal to the bot's.

    Args:
        store: remembers what Discord has accepted.
        commands: returns the commands as Discord's API takes them.

    """

    def __init__(self, client: discord.Client, store: Store, commands: Callable[[], list[Payload]]) -> None:
        self._client = client
        self._store = store
        self._commands = commands
        self.ids: Mapping[tuple[int, str], int] = {}
        """Discord's ids of the commands, by type and name, once it has them."""
        self.problem: str | None = None
        """A sentence for the operator while Discord does not have the commands."""

    async def run(self) -> None:
        """
        Send the commands if they differ from those last accepted; try again for as long as it takes.

        Raises:
            NeedsOperator: the token is not valid.

        """
        failures = 0
        while True:
            try:
                await self._once()
            except Refused as error:
                self.problem = str(error)
                log.error("commands_refused", reason=str(error), again_in_seconds=REFUSED_WAIT)
                await asyncio.sleep(REFUSED_WAIT)
            except NotReady as error:
                failures += 1
                self.problem = str(error)
                if failures == 1:
                    log.warning("commands_delayed", reason=str(error))
                least = getattr(error, "retry_after", 0.0)
                await asyncio.sleep(max(least, full_jitter(failures, max_delay=LONGEST_PAUSE)))
            else:
                self.problem = None
                return

    async def _once(self) -> None:
        commands = sorted(self._commands(), key=lambda command: (command["type"], command["name"]))
        digest = sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
        key = f"commands.{self._client.application_id} at {Route.BASE}"
        held, known = await self._store.read(lambda tx: (kv.get(tx, key), kv.get(tx, f"{key} ids")))
        if known is not None:
            self.ids = _ids(json.loads(known))  # those of commands that stay are the same
            if held == digest:
                return
        async with asking("register the commands"):
            made = await self._client.http.request(
                Route("PUT", "/applications/{application_id}/commands", application_id=self._client.application_id),
                json=commands,
            )
            listed = [[command["type"], command["name"], int(command["id"])] for command in made]
        self.ids = _ids(listed)

        def work(tx: Transaction) -> None:
            kv.put(tx, key, digest)
            kv.put(tx, f"{key} ids", json.dumps(listed))

        await self._store.write(work)
        log.info("commands_registered", count=len(commands))


def _ids(listed: Iterable[Sequence[Any]]) -> dict[tuple[int, str], int]:
    return {(kind, name): command_id for kind, name, command_id in listed}
