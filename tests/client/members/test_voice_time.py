"""Time in voice is counted while Discord's events arrive, and nothing else is."""

from datetime import timedelta

from steward.client.members.voice_time import VoiceTime
from steward.store import to_millis
from tests.bots.stats.book import GUILD, MINUTE, MONDAY


class Heard:
    """Voice time on a clock that is set by hand, and what it says."""

    def __init__(self):
        self.at = MONDAY
        self.hears = True
        self.spans = []
        self.in_voice = []
        self.time = VoiceTime(self, hears=lambda: self.hears)
        self.time.on_sat(self.voice)
        self.time.on_number(lambda guild_id, count: self.in_voice.append((guild_id, count)))

    def now(self):
        return self.at

    def voice(self, guild_id, channel_id, user_id, begin, end):
        first, last = ((at - to_millis(MONDAY)) // 60_000 for at in (begin, end))
        if first < last:
            self.spans.append((channel_id, user_id, first, last))

    def after(self, minutes):
        self.at += timedelta(minutes=minutes)


def test_a_sitting_is_counted_minute_by_minute_until_it_ends():
    heard = Heard()
    heard.time.moved(GUILD, 7, 1)
    heard.after(1)
    heard.time.count()
    heard.after(2)
    heard.time.moved(GUILD, 7, None)
    heard.time.count()
    assert heard.spans == [(1, 7, 0, 1), (1, 7, 1, 3)]
    assert heard.in_voice == [(GUILD, 1), (GUILD, 0)]


def test_a_move_ends_one_sitting_and_begins_another_and_muting_is_no_move():
    heard = Heard()
    heard.time.moved(GUILD, 7, 1)
    heard.after(1)
    heard.time.moved(GUILD, 7, 1)
    heard.after(1)
    heard.time.moved(GUILD, 7, 2)
    heard.after(1)
    heard.time.moved(GUILD, 7, None)
    assert heard.spans == [(1, 7, 0, 2), (2, 7, 2, 3)]


def test_time_without_news_from_discord_is_not_counted():
    heard = Heard()
    heard.time.moved(GUILD, 7, 1)
    heard.after(1)
    heard.time.count()
    heard.hears = False
    for _ in range(20):
        heard.after(1)
        heard.time.count()
    heard.hears = True
    heard.time.seen(GUILD, {7: 1, 8: 1})
    heard.after(1)
    heard.time.count()
    assert heard.spans == [(1, 7, 0, 1), (1, 7, 21, 22), (1, 8, 21, 22)]


def test_who_left_while_nothing_was_heard_is_counted_no_more():
    heard = Heard()
    heard.time.moved(GUILD, 7, 1)
    heard.after(3)
    heard.time.seen(GUILD, {8: 1})
    heard.after(1)
    heard.time.count()
    assert heard.spans == [(1, 8, 3, 4)]
    assert heard.in_voice[-1] == (GUILD, 1)


def test_a_guild_that_is_gone_is_counted_no_more():
    heard = Heard()
    heard.time.moved(GUILD, 7, 1)
    heard.time.gone(GUILD)
    heard.at += MINUTE
    heard.time.count()
    heard.time.moved(GUILD, 7, None)
    assert not heard.spans


def test_who_is_not_heard_of_for_hours_is_doubted_and_then_counts_no_longer_until_heard_of_again():
    heard = Heard()
    heard.time.moved(GUILD, 7, 1)
    heard.after(179)
    assert heard.time.doubtful() == []
    heard.after(1)
    assert heard.time.doubtful() == [(GUILD, 7)]
    for _ in range(10):
        heard.after(60)
        heard.time.count()
    assert sum(last - first for _, _, first, last in heard.spans) == 210
    heard.time.moved(GUILD, 7, 1)  # muted: still there
    assert heard.time.doubtful() == []
    heard.after(5)
    heard.time.moved(GUILD, 7, None)
    assert sum(last - first for _, _, first, last in heard.spans) == 215


def test_a_channel_that_is_deleted_has_nobody_in_it():
    heard = Heard()
    heard.time.moved(GUILD, 7, 1)
    heard.time.moved(GUILD, 8, 2)
    heard.after(1)
    heard.time.emptied(GUILD, 1)
    heard.after(1)
    heard.time.count()
    assert heard.spans == [(1, 7, 0, 1), (2, 8, 0, 2)]
    assert heard.in_voice[-1] == (GUILD, 1)
