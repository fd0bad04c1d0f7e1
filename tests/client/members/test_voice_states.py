"""What of Discord's events counts as sitting in voice."""

from types import SimpleNamespace

from steward.client.members.voice_states import VoiceStates

GUILD = "10"


class Told:
    """Stands where the client hands its payloads over, and writes down what comes of them."""

    def __init__(self):
        self.sinks = {}
        self.moves, self.places = [], []
        self.telling_of_the_past = False
        voice = SimpleNamespace(
            moved=lambda *facts: self.moves.append(facts),
            seen=lambda *facts: self.places.append(facts),
            gone=lambda *facts: self.places.append(facts),
        )
        VoiceStates(self, voice)

    def on_gateway(self, event, sink):
        self.sinks[event] = sink

    def guild(self, **data):
        known = {"id": GUILD, "afk_channel_id": None, "members": [], "voice_states": []}
        self.sinks["GUILD_CREATE"](known | data)

    def voice(self, channel, **member):
        state = {"guild_id": GUILD, "user_id": "7", "channel_id": channel, "member": {"user": {"id": "7"} | member}}
        self.sinks["VOICE_STATE_UPDATE"](state)


def test_bots_are_not_in_voice_and_neither_is_who_sits_in_the_afk_channel():
    told = Told()
    states = [{"user_id": user, "channel_id": channel} for user, channel in (("7", "1"), ("8", "2"), ("9", "1"))]
    told.guild(afk_channel_id="2", voice_states=states, members=[{"user": {"id": "9", "bot": True}}])
    assert told.places == [(10, {7: 1})]
    told.voice("1", bot=True)
    assert not told.moves
    told.voice("2")
    told.voice("1")
    told.voice(None)
    assert told.moves == [(10, 7, None), (10, 7, 1), (10, 7, None)]


def test_what_the_earlier_session_tells_has_no_time_and_is_passed_over():
    told = Told()
    told.telling_of_the_past = True
    told.guild(voice_states=[{"user_id": "7", "channel_id": "1"}])
    told.voice("6")
    assert not told.moves
    assert not told.places


def test_a_guild_that_is_gone_is_forgotten():
    told = Told()
    told.sinks["GUILD_DELETE"]({"id": GUILD})
    assert told.places == [(10,)]
