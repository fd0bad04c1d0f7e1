"""What all bots keep about one member of a guild: shown, exported, forgotten."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from steward.store import Store, Transaction, from_millis
from steward.store.export.export import LARGEST_FILE, PLAIN_UP_TO, Exported, readable
from steward.store.export.personal import PersonalData, Record


class OptOuts:
    """Knows who is not to be counted one by one; `(guild_id, user_id) in opt_outs` asks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: set[tuple[int, int]] = set()

    def __contains__(self, member: tuple[int, int]) -> bool:
        return member in self._known

    def may_track(self, guild_id: int, user_id: int) -> bool:
        """Tell whether a member may be counted one by one."""
        return (guild_id, user_id) not in self._known

    async def load(self) -> None:
        rows = await self._store.read(lambda tx: tx.all("SELECT guild_id, user_id FROM opt_outs"))
        self._known = {(guild_id, user_id) for guild_id, user_id in rows}

    async def add(self, guild_id: int, user_id: int) -> None:
        """Count a member no more; what was counted stays until it is forgotten."""

        def work(tx: Transaction) -> None:
            tx.insert_new("opt_outs", {"guild_id": guild_id, "user_id": user_id, "at": tx.now_ms})

        self._known.add((guild_id, user_id))
        await self._store.write(work)

    async def remove(self, guild_id: int, user_id: int) -> None:
        """Count a member again."""
        sql = "DELETE FROM opt_outs WHERE guild_id = ? AND user_id = ?"
        await self._store.write(lambda tx: tx.execute(sql, (guild_id, user_id)))
        self._known.discard((guild_id, user_id))


@dataclass(frozen=True, slots=True)
class Kept:
    """
    What a bot keeps about members: shown and exported by `/privacy`, dropped by `/privacy forget-me`.

    Attributes:
        bot: whose it is, as members read it.
        data: returns each kind of it.
        flush: returns once all that has happened until now can be read.
        forget: called with a guild and a user: deletes it, or keeps it of nobody in particular.
        until: when it is deleted by itself, such as "deleted after 400 days"; empty for never.
        is_off: the bot doesn't run, so it can't forget.
        loss: what a member who is forgotten loses, such as "your own time zone"; empty for nothing to be missed.

    """

    bot: str
    data: Callable[[], Sequence[PersonalData]]
    flush: Callable[[], Awaitable[None]]
    forget: Callable[[int, int], Awaitable[None]]
    until: str = ""
    is_off: bool = False
    loss: str = ""


@dataclass(frozen=True, slots=True)
class KeptRecords:
    """
    Records of one kind, at least one.

    Attributes:
        kept: the bot that keeps them, and for how long.

    """

    kept: Kept
    data: PersonalData
    records: Sequence[Record]

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """When the first and the last of them happened; None where that isn't kept."""
        instants = [at for record in self.records if isinstance(at := record.get("at"), int)]
        return (from_millis(min(instants)), from_millis(max(instants))) if instants else None


class Privacy:
    """
    Reads and deletes what is kept about members.

    Args:
        kept: what each bot keeps; bots may add to it after this was made.

    """

    def __init__(self, store: Store, kept: Sequence[Kept]) -> None:
        self._store = store
        self._kept = kept

    @property
    def data(self) -> list[PersonalData]:
        """Every kind of data about members that any bot keeps."""
        return [data for kept in self._kept for data in kept.data()]

    @property
    def losses(self) -> list[str]:
        """What a member who is forgotten loses."""
        return [kept.loss for kept in self._kept if kept.loss]

    async def about(self, guild_id: int, user_id: int) -> list[KeptRecords]:
        """Return what is kept about a user in a guild, what happened until this moment included."""
        for kept in self._kept:
            await kept.flush()

        def read(tx: Transaction) -> list[KeptRecords]:
            found = [
                KeptRecords(kept, data, data.read(tx, guild_id, user_id)) for kept in self._kept for data in kept.data()
            ]
            return [one for one in found if one.records]

        return await self._store.read(read)

    async def export(self, guild_id: int, user_id: int, now: datetime) -> Exported | None:
        """Return all that is kept about a user in a guild as a JSON file; None where it is more than Discord takes."""
        found = await self.about(guild_id, user_id)
        bots: dict[str, dict[str, list[Record]]] = {}
        for one in found:
            records: list[Record] = [
                {name: readable(name, value) for name, value in record.items()} for record in one.records
            ]
            bots.setdefault(one.kept.bot, {})[one.data.name] = records
        whole = {"server_id": str(guild_id), "user_id": str(user_id), "exported_at": now.isoformat(), "data": bots}
        content = orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        rows = sum(len(one.records) for one in found)
        if len(content) <= PLAIN_UP_TO:
            return Exported("my-data.json", content, rows)
        import gzip  # seldom used, and the bot is to stay small

        packed = gzip.compress(content, mtime=0)
        return Exported("my-data.json.gz", packed, rows) if len(packed) <= LARGEST_FILE else None

    async def forget(self, guild_id: int, user_id: int) -> None:
        """Have every bot forget a member of a guild."""
        for kept in self._kept:
            await kept.forget(guild_id, user_id)
