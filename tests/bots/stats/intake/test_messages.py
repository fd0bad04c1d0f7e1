"""What of Discord's events counts as a message."""

from types import SimpleNamespace

from steward.bots.stats.intake.messages import ActivityWiring
from steward.client.payloads import EPOCH_MS

GUILD = "10"


class Told:
    """Stands where the client hands its payloads over, and writes down what comes of them."""

    def __init__(self):
        self.sinks = {}
        self.messages = []
        self.telling_of_the_past = False
        activity = SimpleNamespace(
            message=lambda *facts: self.messages.append(("now", *facts)),
            past_message=lambda *facts: self.messages.append(("past", *facts)),
        )
        ActivityWiring(self, self, activity)

    def on_gateway(self, event, sink):
        self.sinks[event] = sink

    def message(self, author=None, channel="5", **data):
        author = {"id": "7"} if author is None else author
        known = {"id": str(1 << 22), "guild_id": GUILD, "channel_id": channel, "type": 0, "author": author}
        self.sinks["MESSAGE_CREATE"](known | data)

    def guild(self, **data):
        self.sinks["GUILD_CREATE"]({"id": GUILD, "threads": []} | data)


def test_a_message_is_counted_at_the_instant_of_its_id():
    told = Told()
    told.message()
    told.message(type=19)
    assert told.messages == [("now", 10, 5, 7, 1 << 22, EPOCH_MS + 1)] * 2


def test_bots_webhooks_and_discords_own_messages_do_not_count():
    told = Told()
    told.message(author={"id": "7", "bot": True})
    told.message(webhook_id="9")
    told.message(type=7)  # somebody has joined
    assert not told.messages


def test_what_the_earlier_session_tells_is_marked_as_past():
    told = Told()
    told.telling_of_the_past = True
    told.message()
    assert told.messages[0][0] == "past"


def test_a_threads_messages_are_those_of_its_channel():
    told = Told()
    told.guild(threads=[{"id": "50", "parent_id": "5"}])
    told.message(channel="50")
    thread = {"id": "60", "parent_id": "6", "guild_id": GUILD, "thread_metadata": {"archived": False}}
    told.sinks["THREAD_CREATE"](thread)
    told.message(channel="60")
    told.sinks["THREAD_DELETE"](thread)
    told.message(channel="60")
    assert [message[2] for message in told.messages] == [5, 6, 60]


def test_a_thread_is_known_while_it_is_active_so_that_old_ones_do_not_pile_up():
    told = Told()
    told.guild()
    thread = {"id": "60", "parent_id": "6", "guild_id": GUILD}
    for archived in (False, True, False):
        told.sinks["THREAD_UPDATE"](thread | {"thread_metadata": {"archived": archived}})
        told.message(channel="60")
    assert [message[2] for message in told.messages] == [6, 60, 6]
