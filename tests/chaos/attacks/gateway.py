"""What Discord's gateway does, or fails to do."""

from __future__ import annotations

import asyncio

from tests.chaos.attacks.attack import Attack, Scene

RESUMABLE = (None, 1001, 4000, 4001, 4002, 4003, 4005, 4008)
ENDS_THE_SESSION = (4007, 4009)


class Closes(Attack):
    """It closes the connection, with any code that a bot goes on after."""

    name = "close"
    logins = 3

    def draw(self) -> None:
        codes = (*RESUMABLE, *ENDS_THE_SESSION)
        self.codes = [self.random.choice(codes) for _ in range(self.random.randint(1, 3))]
        self.pause = self.random.uniform(0.5, 3.0)

    def __str__(self) -> str:
        return f"the gateway closes with {', '.join('a cut' if code is None else str(code) for code in self.codes)}"

    async def strike(self, scene: Scene) -> None:
        for code in self.codes:
            scene.sim.faults.disconnect(code)
            await asyncio.sleep(self.pause)


class Silent(Attack):
    """No frame comes any more; the socket stays open."""

    name = "silence"
    logins = 1

    def draw(self) -> None:
        self.seconds = self.span(3, 40)

    def __str__(self) -> str:
        return f"the gateway silent for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        with scene.ledger.absent():
            scene.sim.faults.silence()
            await asyncio.sleep(self.seconds)
            scene.sim.faults.speak()


class Withheld(Attack):
    """Heartbeats are answered, events do not come."""

    name = "withheld"

    def draw(self) -> None:
        self.seconds = self.span(3, 20)

    def __str__(self) -> str:
        return f"events withheld for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        with scene.ledger.absent():
            scene.sim.faults.withhold_dispatches()
            await asyncio.sleep(self.seconds)
            scene.sim.faults.release_dispatches()


class Reconnect(Attack):
    """It asks for a new connection (op 7), and sends what comes then twice and in disorder."""

    name = "op7"
    logins = 1

    def draw(self) -> None:
        self.times = self.random.randint(1, 3)
        self.twice = self.random.randint(5, 40)
        self.reordered = self.random.randint(2, 5)

    def __str__(self) -> str:
        return f"op 7, {self.times} times; {self.twice} events twice, {self.reordered} in disorder"

    async def strike(self, scene: Scene) -> None:
        for _ in range(self.times):
            scene.sim.faults.reconnect()
            scene.sim.faults.duplicate_next(self.twice)
            scene.sim.faults.reorder_next(self.reordered)
            await asyncio.sleep(1.5)


class Invalid(Attack):
    """It calls the session invalid (op 9), to be resumed or gone."""

    name = "op9"
    logins = 3

    def draw(self) -> None:
        self.resumable = self.random.random() < 0.5
        self.times = self.random.randint(1, 2)

    def __str__(self) -> str:
        return f"op 9, {'resumable' if self.resumable else 'gone'}, {self.times} times"

    async def strike(self, scene: Scene) -> None:
        for _ in range(self.times):
            scene.sim.faults.invalidate(resumable=self.resumable)
            await asyncio.sleep(3)


class RefusedLogin(Attack):
    """The session is gone, and the next logins are answered with op 9, too."""

    name = "op9-logins"
    logins = 4

    def draw(self) -> None:
        self.times = self.random.randint(1, 2)

    def __str__(self) -> str:
        return f"a session gone, and {self.times} logins answered with op 9"

    async def strike(self, scene: Scene) -> None:
        scene.sim.faults.answer_identify_with_invalid_session(self.times)
        scene.sim.faults.invalidate()
        await asyncio.sleep(4)


class GarbageFrames(Attack):
    """Frames that are no JSON, no object, or of no known kind."""

    name = "garbage"
    logins = 1

    def draw(self) -> None:
        choices = [
            b"{",
            b"null",
            b"[]",
            b'"\xff"',
            b'{"op":99,"d":null}',
            b'{"op":0}',
            b'{"op":10,"d":{}}',
            b"\x00" * 64,
        ]
        self.frames = [self.random.choice(choices) for _ in range(self.random.randint(1, 6))]

    def __str__(self) -> str:
        return f"the frames {', '.join(map(repr, self.frames))}"

    async def strike(self, scene: Scene) -> None:
        for frame in self.frames:
            for connection in tuple(scene.sim._hub.connections):
                connection._control.append(frame)
                connection.wake()
            await asyncio.sleep(0.5)


class Network(Attack):
    """Discord cannot be reached at all."""

    name = "network"
    logins = 1

    def draw(self) -> None:
        self.seconds = self.span(2, 20)

    def __str__(self) -> str:
        return f"no network for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        await scene.sim.stop_listening()
        await asyncio.sleep(self.seconds)
        await scene.sim.start_listening()


class Outage(Attack):
    """A server becomes unavailable, and comes back."""

    name = "outage"

    def draw(self) -> None:
        self.seconds = self.span(2, 10)

    def __str__(self) -> str:
        return f"a server unavailable for {self.seconds:.1f} s"

    async def strike(self, scene: Scene) -> None:
        with scene.ledger.absent(scene.community.second.id):
            scene.sim.faults.outage(scene.community.second)
            await asyncio.sleep(self.seconds)
            scene.sim.faults.end_outage(scene.community.second)


ATTACKS = (Closes, Silent, Withheld, Reconnect, Invalid, RefusedLogin, GarbageFrames, Network, Outage)
