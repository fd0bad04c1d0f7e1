"""What the statistics keep about members, for `/privacy`, and how a member is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from secrets import randbelow

from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.series import HOUR
from steward.store import Store, Transaction
from steward.store.export.personal import PersonalData, Record, selected
from steward.text.plurals import counted

NOBODY = "(forgotten)"


def _events(records: Sequence[Record]) -> str:
    kinds = Counter(str(record["kind"]) for record in records)
    told = ", ".join(counted(number, kind) for kind, number in kinds.items())
    return f"{told}, with your name at the time"


def _activity(records: Sequence[Record]) -> str:
    days = [record for record in records if record["level"] == Level.DAY] or records
    messages = sum(int(record["messages"] or 0) for record in days)
    seconds = sum(int(record["voice_seconds"] or 0) for record in days)
    return (
        f"{counted(messages, 'message')} and {seconds / HOUR:,.1f} h in voice, counted over {counted(len(days), 'day')}"
    )


STATS_DATA = (
    PersonalData(
        "joins_and_leaves",
        frozenset({"member_events.user_id"}),
        selected("SELECT at, kind, name FROM member_events WHERE guild_id = ? AND user_id = ? ORDER BY at, id"),
        _events,
    ),
    PersonalData(
        "activity",
        frozenset({"stats_members.user_id"}),
        selected(
            "SELECT level, at, messages, voice_seconds FROM stats_members"
            " WHERE guild_id = ? AND user_id = ? ORDER BY level, at"
        ),
        _activity,
    ),
)


async def forget_member(store: Store, guild_id: int, user_id: int) -> None:
    """Delete what a member did, and take name and id out of joins, leaves and bans."""
    # The same stand-in for all events of the member: who stayed how long is still known, of nobody in particular.
    await store.write(partial(_forget, guild_id=guild_id, user_id=user_id, stand_in=-1 - randbelow(2**62)))


def _forget(tx: Transaction, guild_id: int, user_id: int, stand_in: int) -> None:
    who = (guild_id, user_id)
    tx.execute("DELETE FROM stats_members WHERE guild_id = ? AND user_id = ?", who)
    for (event,) in tx.all("SELECT id FROM member_events WHERE guild_id = ? AND user_id = ?", who):
        tx.execute(
            "UPDATE member_events SET user_id = ?, name = ?, origin = ? WHERE id = ?",
            (stand_in, NOBODY, f"forgotten:{event}", event),
        )
