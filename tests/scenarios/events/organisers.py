"""Words for scenarios of organisers: who may manage events, and an event made in Discord."""

from __future__ import annotations

from typing import Any

from steward.running import Steward
from steward.sim.interactions.reply import ShownReply
from steward.sim.people.member import Member
from tests.stage import Stage, until


async def organiser(scene: Stage, steward: Steward, name: str = "olga") -> Member:
    """Return a member with Manage Events, once the bot's commands are there."""
    await until(lambda: steward.health.ready and bool(scene.sim.recorder.requests(method="PUT", status=200)))
    member = scene.guild.join(name)
    member.give(scene.guild.add_role("Organisers", "manage_events").id)
    return member


async def drafted(olga: Member, hall: Any, /, *, command: str = "/event create", **form: str) -> ShownReply:
    """Fill in the form of a new event and return the preview; `hall` is where the command is given."""
    options = {name: form.pop(name) for name in ("template", "rule", "answers", "timezone", "event") if name in form}
    opened = await olga.run(command, hall, **options)
    assert opened.modal is not None, opened.content
    given = {"title": "Raid night", "when": "tomorrow 20:00"} if command == "/event create" else {}
    return await olga.submit(opened, **given | form)
