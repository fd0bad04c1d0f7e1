"""The tabs of the page, on the simulator's loop: opens them, answers them, and collects what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from steward.sim.events import Event
from steward.sim.page.clock_control import ClockControl
from steward.sim.page.encoding import encoded
from steward.sim.page.fault_menu import inject
from steward.sim.page.request_log import RequestLog
from steward.sim.page.tab import view
from steward.sim.page.tab.actions import act
from steward.sim.page.tab.viewer import Viewer
from steward.sim.people.user import Json
from steward.sim.recorder import GatewayPayload
from steward.sim.rest.form import as_whole

if TYPE_CHECKING:
    from steward.sim.interactions.interaction import Interaction
    from steward.sim.page.tab.viewpoint import Viewpoint
    from steward.sim.server import Simulator

MAX_GUILD_NAME = 100  # characters
CLOCK_EVERY = 10  # flushes; the page goes on by itself in between


class Desk:
    """
    Everything that the page asks of the simulator; each method runs on the simulator's loop.

    Args:
        sim: the simulator.
        first: what a tab shows that asks for no place, or for a server that is not there.

    Attributes:
        used: whether a tab has acted as a member, or injected a fault.

    """

    def __init__(self, sim: Simulator, first: Viewpoint) -> None:
        self.used = False
        self._sim = sim
        self._first = first
        self._clock = ClockControl(sim.world.clock)
        self._requests = RequestLog(sim.recorder)
        self._viewers: set[Viewer] = set()
        self._flushes = 0
        self._connected: list[bool] = []
        self._registered = 0
        self._watching = ExitStack()  # what is told of the simulator while there is a tab

    def end(self) -> None:
        """Let the clock run as it did before the page, and unsubscribe from the simulator."""
        self._clock.let_go()
        self._requests.end()
        self._watching.close()

    def open(self) -> Viewer:
        """Return a new tab, which sees nothing until it looks."""
        viewer = Viewer(self._sim, self._clock, self._requests)
        if not self._viewers:
            self._watching.callback(self._sim.subscribe(self._heard))
            self._watching.callback(self._sim.world.interactions.subscribe(self._answered))
            self._watching.callback(self._sim.recorder.subscribe_payloads(self._sent))
        self._viewers.add(viewer)
        return viewer

    def close(self, viewer: Viewer) -> None:
        """Forget a tab."""
        self._viewers.discard(viewer)
        if not self._viewers:
            self._watching.close()

    def look(self, viewer: Viewer, asked: Json) -> bytes:
        """Bring a tab to a place, and return its view as JSON; if that fails, the tab stays where it is."""
        guild, channel, me = (as_whole(asked.get(name)) for name in ("guild", "channel", "me"))
        direct = asked.get("direct") is True
        named = guild in self._sim.world.guilds if guild is not None else channel is not None or me is not None
        if not direct and not named:
            (guild, channel, me), direct = self._first.ids, self._first.direct
        before = viewer.place
        try:
            return encoded(viewer.look(guild, channel, me, direct=direct))
        except Exception as error:  # noqa: BLE001 - the boundary of tabs: one without a view would connect for ever
            viewer.stay(before)
            self._report_once(viewer, error)
            return encoded({"op": "failed", "error": _words(error)})

    async def answer(self, viewer: Viewer, place: Viewpoint, asked: Json) -> bytes:
        """Do what a tab asked at a place, and return the answer as JSON."""
        answer: Json = {"op": "done", "n": asked.get("n"), "error": None, "result": {}}
        try:
            return encoded(answer | {"result": await self._do(viewer, place, asked)})
        except (LookupError, PermissionError, ValueError) as error:
            answer["error"] = str(error.args[0]) if error.args else type(error).__name__
        except Exception as error:  # noqa: BLE001 - the boundary of tabs: one that gets no answer would wait for ever
            _report(error)
            answer["error"] = _words(error)
        return encoded(answer)

    async def _do(self, viewer: Viewer, place: Viewpoint, asked: Json) -> Json:
        op, found = asked.get("op"), dict[str, Any]()
        self.used |= op in ("act", "fault", "create")
        if (read := _READS.get(str(op))) is not None:
            return read(place, asked)
        match op:
            case "act":
                found = await act(place, str(asked.get("do")), asked)
            case "members":
                found["members"] = await view.found_members(place.guild, str(asked.get("query", "")))
            case "request":
                found = self._requests.bodies(int(asked.get("row") or 0))
            case "time":
                found = self._set_time(asked)
            case "create":
                found = self._create(str(asked.get("name") or "").strip())
            case "gateway":
                viewer.gateway = asked.get("on") is True
            case "fault":
                inject(self._sim, str(asked.get("fault")), place.guild)
            case _:
                raise LookupError(f"There is no op {op!r}.")
        return found

    def _create(self, name: str) -> Json:
        """Create a server as Discord's client does: with one text channel."""
        if not name:
            raise ValueError("A server needs a name.")
        guild = self._sim.add_guild(name[:MAX_GUILD_NAME])
        guild.add_text_channel("general")
        return {"guild": str(guild.id)}

    def _set_time(self, asked: Json) -> Json:
        if asked.get("until") is not None:
            self._clock.run_until(_instant(str(asked["until"])))
        else:
            speed = asked.get("speed")
            self._clock.set_speed(None if speed is None else float(speed))
        return self._clock.state()

    def changes(self) -> dict[Viewer, bytes]:
        """Return what has changed for each tab, as JSON; every second the time, too."""
        self._flushes += 1
        connected = [session.connected for session in self._sim.sessions]
        registered = sum(len(commands) for bot in self._sim.world.bots.values() for commands in bot.commands.values())
        bots = connected != self._connected or registered != self._registered
        self._connected, self._registered = connected, registered
        ticking = self._flushes % CLOCK_EVERY == 0
        found: dict[Viewer, bytes] = {}
        for viewer in (one for one in self._viewers if one.looking):
            if bots:
                viewer.note("bots", "commands")
            if ticking and viewer.held:
                viewer.note("me")
            change = self._changes_of(viewer)
            if change is None and ticking:
                change = encoded({"op": "change", "time": self._clock.state()})
            if change is not None:
                found[viewer] = change
        return found

    def _changes_of(self, viewer: Viewer) -> bytes | None:
        try:
            if not viewer.dirty and not viewer.behind:
                return None
            change = viewer.changes()
            found = None if change is None else encoded(change)
        except Exception as error:  # noqa: BLE001 - the boundary of tabs: one whose view fails holds up no other
            self._report_once(viewer, error)
            return None
        viewer.failure = None
        return found

    def _heard(self, event: Event) -> None:
        self._tell(lambda viewer: viewer.heard(event))

    def _answered(self, interaction: Interaction) -> None:
        self._tell(lambda viewer: viewer.answered(interaction))

    def _sent(self, payload: GatewayPayload) -> None:
        row = {"at": payload.at.isoformat(), "to_bot": False, "name": f"op {payload.op}", "data": payload.data}
        self._tell(lambda viewer: viewer.sent(row))

    def _tell(self, note: Callable[[Viewer], None]) -> None:
        for viewer in self._viewers:
            try:
                note(viewer)
            except Exception as error:  # noqa: BLE001 - the boundary of tabs: nor does one that notes nothing
                self._report_once(viewer, error)

    def _report_once(self, viewer: Viewer, error: Exception) -> None:
        """Report why a tab is told nothing, unless that was the last reason: it is tried again ten times a second."""
        if viewer.failure != repr(error):
            viewer.failure = repr(error)
            _report(error)


_READS: Mapping[str, Callable[[Viewpoint, Json], Json]] = {
    "older": lambda place, asked: view.before(place, as_whole(asked.get("before")) or 0),
    "newer": lambda place, asked: view.after(place, as_whole(asked.get("after")) or 0),
    "around": lambda place, asked: view.around(place, as_whole(asked.get("message")) or 0),
    "pins": lambda place, _: {"messages": view.pinned(place)},
    "threads": lambda place, _: {"channels": view.archived_threads(place)},
}
"""What is only read at a place, by op."""


def _report(error: Exception) -> None:
    """Have a bug of the page logged, as asyncio does with callbacks."""
    asyncio.get_running_loop().call_exception_handler({"message": "The page failed", "exception": error})


def _words(error: Exception) -> str:
    return f"The simulator failed: {type(error).__name__}. See its log."


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not an instant, such as 2026-01-05T18:30:00+00:00.") from error
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
