"""When a channel may be renamed: within the limit whatever is wished, and as soon as it allows."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from steward.client.channel_names import MARGIN, ChannelName, RenameLimit

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LIMIT = RenameLimit()


def test_a_channel_never_renamed_may_be_renamed_at_once():
    assert ChannelName(1, wanted="a").due(LIMIT) is None


def test_two_renames_are_spread_over_the_window():
    assert ChannelName(1, renames=[NOON]).due(LIMIT) == NOON + timedelta(minutes=4) + MARGIN


def test_after_two_at_once_the_whole_window_is_waited_out():
    burst = [NOON, NOON + timedelta(seconds=1)]
    assert ChannelName(1, renames=burst).due(LIMIT) == NOON + timedelta(minutes=10) + MARGIN


def test_a_channel_that_shows_what_it_should_or_is_gone_is_not_stale():
    assert not ChannelName(1, wanted="a", shown="a").stale
    assert not ChannelName(1, wanted="a", gone=True).stale
    assert ChannelName(1, wanted="a", shown="b").stale


@given(
    st.lists(st.floats(0, 7200), min_size=1, max_size=60),
    st.integers(1, 5),
    st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(hours=1)),
)
def test_whenever_names_are_wished_for_no_window_holds_more_renames_than_allowed(wishes, count, window):
    limit = RenameLimit(count, window)
    channel = ChannelName(1)
    sent: list[datetime] = []
    for wish in sorted(wishes):
        now = max(NOON + timedelta(seconds=wish), *sent[-1:]) if sent else NOON + timedelta(seconds=wish)
        at = max(now, channel.due(limit) or now)
        sent.append(at)
        channel.renames = [*channel.renames[1 - count :], at] if count > 1 else [at]
    for first, later in zip(sent, sent[count:], strict=False):
        assert later - first > window
