from __future__ import annotations

from datetime import timedelta

import pytest

from benchmarks.week import live
from steward.cli.commands.demo import START
from steward.cli.demo.life import DemoScript
from steward.sim import time as accelerated
from steward.sim.traces.trace import Trace

RENAME = "PATCH /channels/{channel_id}"
BEAT = "PATCH /channels/{channel_id}/messages/{message_id}"


@pytest.mark.real_time  # on an accelerated loop of its own, that begins in the evening
@pytest.mark.parametrize("who", ["steward", "plain"])
def test_both_bots_do_the_whole_work_on_the_same_evening(who, tmp_path):
    """Every event stored, counters renamed, a heartbeat, a report: the plain bot does its work, too."""
    script = DemoScript([(Trace.community_day(),)], "invented", 0.2, 2000)
    evening = START + timedelta(hours=20)
    week = accelerated.run(lambda clock: live(clock, tmp_path, who, script), start=evening)
    assert week.recorded == week.sent
    assert min(week.sent[kind] for kind in ("join", "leave", "ban")) > 0
    assert 57 <= week.rest[RENAME] <= 3 * 58
    beats = {"steward": 58, "plain": 287}  # each five minutes, and each minute
    assert abs(week.rest[BEAT] - beats[who]) <= 1
    assert week.reports == 1
    for counter, error in week.error.items():
        assert week.least[counter] * 0.95 <= error < 10, counter
