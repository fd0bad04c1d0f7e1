"""What a guild has set up is kept whole and comes back the same."""

from datetime import time

import orjson
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.stats.counters.counters import Counted, Counter, NumberStyle
from steward.bots.stats.setup.guild_settings import Goal, GuildSettings, ReportKind

ids = st.integers(1, 2**63 - 1)
counters = st.builds(
    Counter,
    ids,
    st.sampled_from(Counted),
    st.none() | st.text(max_size=60),
    st.sampled_from(NumberStyle),
    st.none() | ids,
)
settings = st.builds(
    GuildSettings,
    zone=st.sampled_from(["UTC", "Europe/Berlin"]),
    counters=st.lists(counters, max_size=5).map(tuple),
    report_channel_id=st.none() | ids,
    report_time=st.times().map(lambda at: at.replace(microsecond=0)),
    reports=st.frozensets(st.sampled_from(ReportKind)),
    heartbeat_channel_id=st.none() | ids,
    goal=st.none() | st.builds(Goal, ids, st.none() | ids),
    count_people=st.booleans(),
)


def in_json(kept):
    return orjson.loads(orjson.dumps({**kept.encoded(), "zone": kept.zone, "zone_chosen": kept.zone_chosen}))


@given(settings)
def test_settings_come_back_as_they_were_kept(kept):
    assert GuildSettings.decoded(in_json(kept)) == kept


def test_what_an_earlier_version_did_not_know_has_its_default():
    assert GuildSettings.decoded({"zone": "Europe/Berlin", "gone": 1}) == GuildSettings(zone="Europe/Berlin")
    assert GuildSettings.decoded({}) == GuildSettings()


@given(settings, counters)
def test_a_channel_has_one_counter(kept, counter):
    edited = kept.with_counter(counter)
    assert [item for item in edited.counters if item.channel_id == counter.channel_id] == [counter]
    assert counter.channel_id not in {item.channel_id for item in edited.without_counter(counter.channel_id).counters}


def test_report_times_are_whole():
    assert GuildSettings.decoded(in_json(GuildSettings(report_time=time(9, 30)))).report_time == time(9, 30)
