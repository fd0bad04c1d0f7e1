"""What is being set up is read back as it was kept, by an earlier version, too."""

import orjson

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.setup.draft import SETUP_DRAFTS, SetupDraft
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.client.panels.drafts import HeldDraft
from steward.store import kv, open_store

GUILD, ADA = 10, 1
ROLE = Counter(0, Counted.ROLE, "Owls: {count}", role_id=7)


async def test_a_draft_is_read_as_it_was_kept(clock, tmp_path):
    draft = SetupDraft(GuildSettings(zone="Asia/Tokyo"), GuildSettings(), (ROLE,), (5,))
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        await store.write(lambda tx: SETUP_DRAFTS.put(tx, GUILD, ADA, HeldDraft(draft)))
        assert await store.read(lambda tx: SETUP_DRAFTS.get(tx, GUILD, ADA)) == HeldDraft(draft)


async def test_a_draft_of_the_time_when_only_kinds_were_kept_to_be_made_is_read(clock, tmp_path):
    settings = GuildSettings(report_channel_id=3).encoded()
    text = orjson.dumps({"settings": settings, "base": settings, "make": ["members", "bans"], "made": []}).decode()
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        await store.write(lambda tx: kv.put(tx, SETUP_DRAFTS.key(GUILD, ADA), text))
        held = await store.read(lambda tx: SETUP_DRAFTS.get(tx, GUILD, ADA))
    draft = held.draft
    assert draft.make == tuple(Counter(0, kind, kind.template) for kind in (Counted.MEMBERS, Counted.BANS))
    assert draft.settings.report_channel_id == 3
