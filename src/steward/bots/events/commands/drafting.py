"""The panel of an event in the making: each press changes the draft, which is kept, and shows it anew."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import Any

import discord
import structlog

from steward.bots.events.commands.choosing import require_own
from steward.bots.events.editing.draft import EVENT_DRAFTS, EventDraft, Texts, changes, taken_over
from steward.bots.events.editing.service import EventService
from steward.bots.events.model.details import BadEvent, Reach, Reminder
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.posts.promises import Obstacle, Promises
from steward.bots.events.roles.check import require_giveable
from steward.bots.events.rsvp import actions
from steward.bots.events.views import draft as views
from steward.bots.events.views import draft_forms as forms
from steward.client.access.channel_access import require_writer
from steward.client.access.permissions import POST
from steward.client.components import Action, Reply
from steward.client.embeds import Message
from steward.client.interactions import Use, guild_of
from steward.client.panels.panel import Panel, Press
from steward.client.panels.typed_times import TimeReader
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.text.recurrence.usual import Frequency

log = structlog.get_logger(__name__)

GONE = BadEvent("That draft isn't there any more.", remedy="Start again with `/event create`.")


class Drafting:
    """The panel of a draft: shows it, changes it and posts it."""

    def __init__(
        self, host: Host, organising: EventService, lookups: Lookups, reader: TimeReader, promises: Promises
    ) -> None:
        self._organising = organising
        self._lookups = lookups
        self._reader = reader
        self._access = host.access
        self._rest = host.client.rest
        self._clock = host.clock
        self._zones = host.guilds.zones
        self._promises = promises
        self._panel = Panel(host.interactions, host.store, EVENT_DRAFTS, self._draw, self._missing, command="event")
        self._panel.form(actions.WRITTEN, forms.text_form, self._written, opens=actions.WRITE)
        self._panel.form(actions.PEOPLE_SET, forms.people_form, self._people_set, opens=actions.PEOPLE)
        self._panel.form(actions.MORE_SET, forms.more_form, self._more_set, opens=actions.MORE)
        presses: tuple[tuple[Action, Press[EventDraft]], ...] = (
            (actions.WHERE, self._where),
            (actions.REPEATS, self._repeats),
            (actions.REMINDERS, self._reminders),
            (actions.EXTRAS, self._extras),
            (actions.MEANT, self._meant),
            (actions.POST_IT, self._post),
            (actions.DISCARD, self._discard),
        )
        for action, press in presses:
            self._panel.on(action, press)

    async def begin(self, interaction: discord.Interaction, draft: EventDraft) -> Reply:
        """Keep a new draft, and ask for its text."""
        await self._panel.keep(interaction, draft)
        return Reply(modal=forms.text_form(draft).modal(actions.WRITTEN.id(draft.id)))

    async def preview(self, interaction: discord.Interaction, draft: EventDraft, texts: Texts) -> Reply:
        """Keep a new draft with these texts, and show what it comes to."""
        return await self._panel.show(interaction, draft, self._read(interaction, draft, texts), **asdict(texts))

    async def resume(self, interaction: discord.Interaction, draft: EventDraft) -> Reply:
        """Keep a draft that has its text, and show it."""
        return await self._panel.show(interaction, draft)

    async def _missing(self, use: Use) -> Reply:
        if await self._lookups.is_made(guild_of(use.interaction), int(use.args[0])):
            return _ended("It's posted already.")
        raise GONE

    async def _draw(self, interaction: discord.Interaction, draft: EventDraft, problem: StewardError | None) -> Message:
        guild_id, note = guild_of(interaction), "" if problem is None else str(problem)
        zone_note = await self._zones.note(guild_id, interaction.user.id, draft.zone)
        obstacles = await self._obstacles(guild_id, draft) if draft.is_read else []
        warnings = [one.text for one in obstacles if one.text != note]
        return views.panel(draft, self._clock.now(), note=note, zone_note=zone_note, warnings=warnings)

    async def _obstacles(self, guild_id: int, draft: EventDraft) -> list[Obstacle]:
        """Return what Discord would refuse; nothing while it does not answer: it is asked again at Post."""
        try:
            return await self._promises.obstacles(guild_id, draft.channel_id, draft.details)
        except StewardError as error:
            log.warning("event_promises_untested", reason=str(error))
            return []

    async def _written(self, use: Use, draft: EventDraft, texts: dict[str, Any]) -> EventDraft:
        return await self._read(use.interaction, draft, Texts(**texts))

    async def _read(self, interaction: discord.Interaction, draft: EventDraft, texts: Texts) -> EventDraft:
        read = await draft.read(texts, partial(self._reader.read, locale=interaction.locale))
        try:
            read.recurrence()
        except StewardError as error:  # a rule that the new time makes impossible
            return replace(read, problem=str(error))
        return read

    async def _where(self, use: Use, draft: EventDraft) -> EventDraft:
        channel_id = int(use.values[0])
        require_writer(channel_id, _permissions(use, channel_id))
        await self._access.require(guild_of(use.interaction), channel_id, POST)
        return replace(draft, channel_id=channel_id)

    async def _repeats(self, use: Use, draft: EventDraft) -> EventDraft:
        changed = replace(draft, repeats=Frequency(use.values[0]), rule_worded=False)
        changed.recurrence()
        return changed

    async def _reminders(self, use: Use, draft: EventDraft) -> EventDraft:
        reach = next((reminder.reach for reminder in draft.details.reminders), Reach.MENTION)
        before = {reminder.minutes: reminder for reminder in draft.details.reminders}
        wanted = sorted(map(int, use.values), reverse=True)
        return draft.choosing(reminders=tuple(before.get(minutes, Reminder(minutes, reach)) for minutes in wanted))

    async def _extras(self, use: Use, draft: EventDraft) -> EventDraft:
        reach = [reach for reach in (Reach.DM, Reach.ROLE) if reach.value in use.values] or [Reach.MENTION]
        if len(reach) > 1:
            raise BadEvent("Reminders go out in one way only.", remedy="Choose DMs or the role.")
        reminders = draft.details.reminders
        both = {views.THREAD, views.NATIVE}
        if set(use.values) - both != set(views.chosen_extras(draft.details)) - both:  # else each keeps its own
            reminders = tuple(replace(reminder, reach=reach[0]) for reminder in reminders)
        return draft.choosing(thread=views.THREAD in use.values, native=views.NATIVE in use.values, reminders=reminders)

    async def _meant(self, use: Use, draft: EventDraft) -> EventDraft:
        number = int(use.args[1])
        if number >= len(draft.doubts):
            return draft  # it was chosen already
        changed = draft.meaning(draft.doubts[number])
        changed.recurrence()
        return changed

    async def _people_set(self, use: Use, draft: EventDraft, details: dict[str, Any]) -> EventDraft:
        role_id = details["role_id"]
        if role_id is not None and role_id != draft.details.role_id:
            await require_giveable(self._rest, guild_of(use.interaction), role_id, by=use.interaction.user.id)
        return draft.choosing(**details)

    async def _more_set(self, _: Use, draft: EventDraft, details: dict[str, Any]) -> EventDraft:
        return replace(draft, lead=details.pop("lead", draft.lead)).choosing(**details)

    async def _post(self, use: Use, draft: EventDraft) -> Reply:
        guild_id, user = guild_of(use.interaction), use.interaction.user
        if draft.occurrence_id is not None:
            return await self._save(use, draft)
        series = draft.series(guild_id, user.id, self._clock.now())
        if series.details.role_id is not None:  # it may come from a template, or from an event of somebody else's
            await require_giveable(self._rest, guild_id, series.details.role_id, by=user.id)
        warnings = await self._promises.require(guild_id, draft.channel_id, draft.details)
        first = await self._organising.create(series)
        await self._panel.drop(use.interaction)
        return Reply(views.made(draft, first, warnings), update=True)

    async def _save(self, use: Use, draft: EventDraft) -> Reply:
        assert draft.occurrence_id is not None and draft.base is not None  # noqa: S101 - an edit has both
        if draft.problem:
            raise BadEvent(draft.problem)
        event = await self._lookups.one(guild_of(use.interaction), draft.occurrence_id)
        require_own(use.interaction, event)
        base, wished = draft.base, draft.details
        what, when = changes(base, wished), draft.retimed()
        if not what and not when:
            raise BadEvent("You haven't changed anything.", remedy="Change something, or press Discard.")
        if draft.whole:
            await self._organising.replan(event.id, draft.replanned, past_id=use.interaction.id, what=what)
        else:
            await self._organising.edit(event.id, lambda now: taken_over(now, base, wished), what=what)
        await self._panel.drop(use.interaction)
        return _ended(f"Saved: {', '.join(filter(None, [what, when]))}.")

    async def _discard(self, use: Use, draft: EventDraft) -> Reply:
        del draft
        await self._panel.drop(use.interaction)
        return _ended("Nothing was posted or changed.")


def _ended(said: str) -> Reply:
    return Reply({"content": said, "embeds": [], "components": []}, update=True)


def _permissions(use: Use, channel_id: int) -> discord.Permissions:
    """Return what the member may do in a chosen channel, as Discord resolved it."""
    data: dict[str, Any] = dict(use.interaction.data or {})
    channel = data.get("resolved", {}).get("channels", {}).get(str(channel_id), {})
    return discord.Permissions(int(channel.get("permissions", 0)))
