"""One tab: where it is, and what has changed there since it was last told."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from steward.sim.events import Event
from steward.sim.interactions.interaction import Interaction
from steward.sim.page.fault_menu import CLEAR, FAULTS, OUTAGE
from steward.sim.page.tab import view
from steward.sim.page.tab.unread import Unread
from steward.sim.page.tab.viewpoint import Viewpoint, find_place
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.page.clock_control import ClockControl
    from steward.sim.page.request_log import RequestLog
    from steward.sim.server import Simulator

MAX_GATEWAY_ROWS = 200
_OF_PLACE = ("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "CHANNEL_DELETE", "THREAD_DELETE")
_OF_MEMBERS = (
    "VOICE_STATE_UPDATE",
    "GUILD_MEMBER_ADD",
    "GUILD_MEMBER_UPDATE",
    "GUILD_MEMBER_REMOVE",
    "PRESENCE_UPDATE",
    "USER_UPDATE",
)
_OF_GUILD = ("GUILD_UPDATE", "GUILD_EMOJIS_UPDATE")
_OF_GUILDS = ("GUILD_CREATE", "GUILD_DELETE", "GUILD_UPDATE")


class Viewer:
    """
    What one tab knows.

    Everything here runs on the simulator's loop. Instead of events, it notes which parts have changed; `changes`
    returns their newest state, so a tab that is slow, or a clock that races, costs no more than the parts there are.

    Attributes:
        place: where it is.
        held: whether its member may not write there now; slowmode and timeouts end without an event.
        looking: whether it has looked at a place yet.
        dirty: whether anything has been noted since.
        gateway: whether it shows the gateway's traffic.
        failure: why it was told nothing at the last try; None where it was.

    """

    def __init__(self, sim: Simulator, clock: ClockControl, requests: RequestLog) -> None:
        self._sim = sim
        self._clock = clock
        self._requests = requests
        self.place = Viewpoint()
        self.looking = False
        self.held = False
        self.dirty = False
        self.gateway = False
        self.failure: str | None = None
        self._parts: set[str] = set()
        self._messages: set[int] = set()
        self._afresh = False
        self._gone_messages: set[str] = set()
        self._gone_channels: set[str] = set()
        self._channels: set[int] = set()
        self._unread = Unread()
        self._other_unread = False
        self._typing: dict[str, str] = {}
        self._traffic: deque[Json] = deque(maxlen=MAX_GATEWAY_ROWS)
        self._told_row = 0

    def look(self, guild_id: int | None, channel_id: int | None, user_id: int | None, *, direct: bool = False) -> Json:
        """Go to a place, and return the whole view."""
        place = self.place = find_place(self._sim.world, guild_id, channel_id, user_id, direct=direct)
        self.looking = True
        self._forget()
        self._hold()
        self._unread.read(place.me, place.channel)
        rows = self._requests.since(0)
        self._told_row = self._requests.last
        return {
            "op": "view",
            "time": self._clock.state(),
            "faults": [*FAULTS, OUTAGE, CLEAR],
            "channels": [self._with_unread(channel) for channel in view.channels(self._sim, place)],
            "channel": str(place.channel.id) if place.channel else None,
            "unread": self._unread.by_server(),
            **view.newest(place),
            "log": rows,
            "totals": self._requests.totals,
            **{name: part(self._sim, place) for name, part in view.PARTS.items()},
        }

    def stay(self, place: Viewpoint) -> None:
        """Be at the former place after a view that failed, and tell all of it anew: what was noted is lost."""
        self.place = place
        self._afresh = self.dirty = True

    def heard(self, event: Event) -> None:
        """Note what an event has changed for this tab."""
        if self.gateway:
            row = {
                "at": self._sim.world.clock.now().isoformat(),
                "to_bot": True,
                "name": event.name,
                "data": event.data,
            }
            self._traffic.append(row)
            self.dirty = True
        name, place = event.name, self.place
        if name in _OF_GUILDS:
            self.note("guilds")
        if event.channel is not None and event.channel is place.channel:
            self._heard_here(event)
        elif self._unread.hear(event):
            self._other_unread = self.dirty = True
        if event.guild is not place.guild:
            return
        if name == "MESSAGE_CREATE":
            self._channels.add(int(event.data["channel_id"]))
        if name.startswith(("CHANNEL_", "THREAD_")) and "id" in event.data:
            self._channels.add(int(event.data["id"]))
            self.note("commands", "me")
        elif name in _OF_MEMBERS:
            self.note("members", "guild", "me")
            self._afresh |= _is_about(event, place)
        elif name in _OF_GUILD:
            self.note("guild", "me", "commands")
        if name in _OF_PLACE:  # what this member sees here may be another thing now
            self._afresh = self.dirty = True

    def _heard_here(self, event: Event) -> None:
        name, data, place = event.name, event.data, self.place
        if name == "MESSAGE_CREATE":
            self._messages.add(int(data["id"]))
            self._typing.pop(data["author"]["id"], None)
            if place.me is not None and data["author"]["id"] == str(place.me.id):
                self.note("me")  # slowmode
        elif name == "MESSAGE_UPDATE":
            self._messages.add(int(data["id"]))
        elif name in ("MESSAGE_DELETE", "MESSAGE_DELETE_BULK"):
            self._gone_messages.update(data.get("ids") or [data["id"]])
        elif "message_id" in data:  # reactions, votes
            self._messages.add(int(data["message_id"]))
        elif name == "TYPING_START":
            user = self._sim.world.user(int(data["user_id"]))
            self._typing[data["user_id"]] = user.shown_name if user is not None else ""
        self.dirty = True

    def answered(self, interaction: Interaction) -> None:
        """Note that an interaction has begun or got a response."""
        me = self.place.me
        if me is not None and interaction.user is me.user and interaction.channel is self.place.channel:
            self.note("ephemeral", "waiting")

    def sent(self, row: Json) -> None:
        """Note a payload of the gateway, either way."""
        if self.gateway:
            self._traffic.append(row)
            self.dirty = True

    @property
    def behind(self) -> bool:
        """Whether there are newer requests than the tab knows."""
        return self._told_row < self._requests.last

    def changes(self) -> Json | None:
        """Return what has changed since the last call, None if nothing has."""
        place, found = self.place, dict[str, object]()
        if self._afresh or len(self._messages) > view.MESSAGES:
            return self.look(*place.ids, direct=place.direct)
        if "me" in self._parts:
            self._hold()
        for part in self._parts:
            found[part] = view.PARTS[part](self._sim, place)
        if self._typing:
            found["typing"] = [{"id": user_id, "name": name} for user_id, name in self._typing.items()]
        if self._messages and place.me is not None and place.channel is not None:
            newest = (place.channel.message(one) for one in sorted(self._messages))
            found["messages"] = [view.message(one, place.me) for one in newest if one is not None]
        if self._channels:
            shown = {channel["id"]: channel for channel in view.channels(self._sim, place, self._channels)}
            wanted = {str(number) for number in self._channels}
            found["channels"] = [self._with_unread(shown[one]) for one in wanted if one in shown]
            self._gone_channels |= wanted - shown.keys()
        if self._other_unread:
            found["unread"] = self._unread.by_server()
        for name, gone in (("gone_messages", self._gone_messages), ("gone_channels", self._gone_channels)):
            if gone:
                found[name] = sorted(gone)
        if rows := self._requests.since(self._told_row):
            found |= {"log": rows, "totals": self._requests.totals}
            self._told_row = self._requests.last
        if self._traffic:
            found["gateway"] = list(self._traffic)
            self._traffic.clear()
        self._forget()
        return {"op": "change", "time": self._clock.state(), **found} if found else None

    def _hold(self) -> None:
        me, channel = self.place.me, self.place.channel
        self.held = me is not None and channel is not None and channel.why_not_write(me) is not None

    def _with_unread(self, channel: Json) -> Json:
        return channel | {"unread": self._unread.on(channel)}

    def note(self, *parts: str) -> None:
        """Note that these parts of the view have changed."""
        self._parts.update(parts)
        self.dirty = True

    def _forget(self) -> None:
        gone = self._gone_messages, self._gone_channels
        for noted in (self._parts, self._messages, *gone, self._channels, self._typing):
            noted.clear()
        self._afresh = self._other_unread = False
        self.dirty = bool(self._traffic)  # which no view carries


def _is_about(event: Event, place: Viewpoint) -> bool:
    """Return whether an event of a member is about the one as whom the tab acts."""
    user = event.data.get("user") or {}
    return place.me is not None and str(place.me.id) in (user.get("id"), event.data.get("user_id"))
