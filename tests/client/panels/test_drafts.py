"""Drafts are stored one a member, read as an earlier version wrote them, and deleted when old."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from steward.bots.events.editing.draft import EVENT_DRAFTS, Texts
from steward.bots.events.model.details import Details
from steward.bots.events.polls.draft import POLL_DRAFTS
from steward.client.panels.drafts import Drafts, HeldDraft, draft_data
from steward.client.panels.typed_times import TimeReading
from steward.store import kv, open_store
from tests.bots.events.test_writing import at

GUILD, ALICE, BOB = 10, 1, 2
DAY = 86_400_000

# As the version before `steward.client.panels` wrote them.
EVENT = (
    '{"id":7,"channel_id":8,"refused":{"seats":"many"},"problem":"p","notes":["n"],"rule":"","rule_worded":false,'
    '"lead":0,"whole":false,"base_rule":null,"base_lead":0,"zone":"Europe/Berlin","texts":{"title":"Raid","when":'
    '"fri","length":"1h","seats":"","description":""},"details":"{\\"title\\":\\"Raid\\",\\"roles\\":[5]}",'
    '"start":"2026-11-27T20:00","doubts":[["2026-11-27T20:00","Fri",null,""]],"repeats":"weekly",'
    '"occurrence_id":null,"base":null}'
)
POLL = (
    '{"id":9,"channel_id":8,"title":"Raid","minutes":null,"zone":"UTC","times":[["fri",[["2026-11-27T20:00","Fri",'
    '90,""]],["n"]]],"closes":null}'
)


@dataclass(frozen=True)
class Slip:
    """A bet that is being made."""

    id: int
    stake: int = 0


SLIPS = Drafts(Slip, "bets.slip.")


async def test_a_member_has_one_draft_in_a_guild_and_another_has_their_own(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        for user_id, stake in ((ALICE, 1), (BOB, 2), (ALICE, 3)):
            held = HeldDraft(Slip(1, stake), {"stake": "all"})
            await store.write(lambda tx, user=user_id, held=held: SLIPS.put(tx, GUILD, user, held))
        await store.write(lambda tx: SLIPS.drop(tx, GUILD, BOB))
        read = [await store.read(lambda tx, who=who: SLIPS.get(tx, *who)) for who in ((GUILD, ALICE), (GUILD, BOB))]
        assert read == [HeldDraft(Slip(1, 3), {"stake": "all"}), None]
        shown = draft_data(SLIPS.prefix, "slip", "a bet that you began")
        assert await store.read(lambda tx: shown.read(tx, GUILD, ALICE)) == [
            {"draft": '{"id":1,"stake":3,"refused":{"stake":"all"}}'}
        ]
        assert await store.read(lambda tx: shown.read(tx, GUILD, BOB)) == []


async def test_drafts_that_were_begun_before_an_upgrade_are_read(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        await store.write(lambda tx: kv.put(tx, "events.draft.10.1", EVENT))
        await store.write(lambda tx: kv.put(tx, "events.draft.poll.10.1", POLL))
        event = await store.read(lambda tx: EVENT_DRAFTS.get(tx, GUILD, ALICE))
        poll = await store.read(lambda tx: POLL_DRAFTS.get(tx, GUILD, ALICE))
    assert event is not None
    assert event.refused == {"seats": "many"}
    draft = event.draft
    assert (draft.id, draft.zone, draft.texts) == (7, ZoneInfo("Europe/Berlin"), Texts("Raid", "fri", "1h"))
    assert (draft.details, draft.start) == (Details("Raid", roles=frozenset({5})), at(27))
    assert draft.doubts == (TimeReading(at(27), "Fri"),)
    assert poll is not None
    assert poll.draft.times[0].readings == (TimeReading(at(27), "Fri", 90),)


async def test_old_drafts_are_deleted_a_portion_at_a_time(clock, tmp_path):
    def begun(day):
        return Slip(day * DAY << 22)

    async with open_store(tmp_path / "s.sqlite3", clock) as store:
        for day in range(1, 101):
            await store.write(lambda tx, day=day: SLIPS.put(tx, GUILD, day, HeldDraft(begun(day))))
        epoch = 1_420_070_400_000  # of Discord's ids
        left = []
        for _ in range(3):
            gone = await store.write(lambda tx: SLIPS.prune(tx, epoch + 50 * DAY, epoch + 101 * DAY))
            left.append(gone)
        assert left == [25, 19, 5]  # a quarter of the days that are kept
