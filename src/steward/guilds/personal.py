"""What is kept about members beside the bots: their wishes, and what they have set up."""

from __future__ import annotations

from steward.guilds.privacy.kept import Kept
from steward.guilds.setup.draft import SETUP_DATA, forget_drafts
from steward.guilds.zones.member_zones import ZONE_DATA, MemberZones
from steward.store import Store, Transaction
from steward.store.export.personal import PersonalData, selected
from steward.text.plurals import counted

GUILD_DATA = (
    PersonalData(
        "changes_of_settings",
        frozenset({"guild_settings.changed_by"}),
        selected("SELECT at, settings FROM guild_settings WHERE guild_id = ? AND changed_by = ? ORDER BY id"),
        lambda records: f"{counted(len(records), 'change')} of this server's settings that you made",
    ),
    PersonalData(
        "opted_out",
        frozenset({"opt_outs.user_id"}),
        selected("SELECT at FROM opt_outs WHERE guild_id = ? AND user_id = ?"),
        lambda _: "that you don't want to be counted",
        stays=True,
    ),
    SETUP_DATA,
)


def kept_by_guilds(store: Store, zones: MemberZones) -> list[Kept]:
    """Return what is kept about members beside the bots."""

    async def forget(guild_id: int, user_id: int) -> None:
        def work(tx: Transaction) -> None:
            sql = "UPDATE guild_settings SET changed_by = 0 WHERE guild_id = ? AND changed_by = ?"
            tx.execute(sql, (guild_id, user_id))
            forget_drafts(tx, guild_id, user_id)

        await store.write(work)

    return [
        Kept("In every server", lambda: ZONE_DATA, _nothing, lambda _, user_id: zones.clear(user_id)),
        Kept("Settings", lambda: GUILD_DATA, _nothing, forget),
    ]


async def _nothing() -> None:
    """Flush nothing: what is kept here is written at once."""
