"""Routes of scheduled events. Source: discord-api-docs, developers/resources/guild-scheduled-event.mdx."""

from __future__ import annotations

from steward.sim.guilds import audit_log
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.guilds.scheduled_event_form import read
from steward.sim.scheduled.event import EXTERNAL, MAX_OPEN, ScheduledEvent

_MAX_USERS = 100


def events(call: Call) -> Body:
    guild = call.guild()
    counted = call.flag("with_user_count")
    return [event.payload(with_count=counted) for event in guild.scheduled_events.open]


def one_event(call: Call) -> Body:
    _, event = _event(call)
    return event.payload(with_count=call.flag("with_user_count"))


def create(call: Call) -> Body:
    guild = call.guild()
    form = call.form()
    form.required("name", "scheduled_start_time", "privacy_level", "entity_type")
    now = call.world.clock.now()
    event = read(form, now, ScheduledEvent(guild, 0, "", EXTERNAL, now, call.bot.user), new=True)
    form.check()
    _need(call, guild, event)
    refuse_if(len(guild.scheduled_events.open) >= MAX_OPEN, 30038)
    event.id = call.world.snowflakes.next()
    guild.scheduled_events.add(event)
    call.log(guild, audit_log.EVENT_CREATE, event.id, after=event.payload())
    return event.payload()


def edit(call: Call) -> Body:
    guild, event = _event(call)
    _need_to_change(call, guild, event)
    refuse_if(not event.open, 180000)
    form = call.form()
    changed = read(form, call.world.clock.now(), event)
    if changed.status != event.status and not event.may_become(changed.status):
        form.refuse("status", "GUILD_SCHEDULED_EVENT_INVALID_STATUS", "Invalid Guild Scheduled Event Status Transition")
    form.check()
    _need(call, guild, changed)
    before = event.payload()
    event.update_from(changed)
    guild.scheduled_events.changed(event)
    call.log(guild, audit_log.EVENT_UPDATE, event.id, before=before, after=event.payload())
    return event.payload()


def delete(call: Call) -> None:
    guild, event = _event(call)
    _need_to_change(call, guild, event)
    guild.scheduled_events.remove(event)
    call.log(guild, audit_log.EVENT_DELETE, event.id, before=event.payload())


def user_counts(call: Call) -> Body:
    _, event = _event(call)
    return {"guild_scheduled_event_count": len(event.interested), "guild_scheduled_event_exception_counts": {}}


def users(call: Call) -> Body:
    guild, event = _event(call)
    ids = call.page(sorted(event.interested), _MAX_USERS, int)
    with_member = call.flag("with_member")
    return [_user(guild, event, user_id, with_member=with_member) for user_id in ids]


def _user(guild: Guild, event: ScheduledEvent, user_id: int, *, with_member: bool) -> Json:
    user = guild.world.user(user_id)
    assert user is not None  # noqa: S101 - only users can be interested
    data: Json = {
        "guild_scheduled_event_id": str(event.id),
        "user_id": str(user_id),
        "user": user.payload(),
        "response": 1,
    }
    if with_member and user_id in guild.members:
        data["member"] = guild.members.peek(user_id).payload()
    return data


def _event(call: Call) -> tuple[Guild, ScheduledEvent]:
    guild = call.guild()
    event = or_refuse(guild.scheduled_events.get(call.id("guild_scheduled_event_id")), 10070)
    return guild, event


def _need(call: Call, guild: Guild, event: ScheduledEvent) -> None:
    """Require the permissions for an event, also in its channel."""
    may = guild.roles.permissions_of(call.bot.id)
    refuse_if(not may & (BITS["create_events"] | BITS["manage_events"]), 50013)
    if event.kind != EXTERNAL and event.channel_id is not None:
        call.require_in_channel(guild.channels[event.channel_id], "view_channel", "connect")


def _need_to_change(call: Call, guild: Guild, event: ScheduledEvent) -> None:
    """Require CREATE_EVENTS for the bot's own events, else MANAGE_EVENTS."""
    may = guild.roles.permissions_of(call.bot.id)
    own = BITS["create_events"] if event.creator.id == call.bot.id else 0
    refuse_if(not may & (own | BITS["manage_events"]), 50013)


_ALL = "/guilds/{guild_id}/scheduled-events"
_ONE = f"{_ALL}/{{guild_scheduled_event_id}}"
ROUTES = (
    Route("GET", _ALL, events),
    Route("POST", _ALL, create),
    Route("GET", _ONE, one_event),
    Route("PATCH", _ONE, edit),
    Route("DELETE", _ONE, delete),
    Route("GET", f"{_ONE}/users", users),
    Route("GET", f"{_ONE}/users/counts", user_counts),
)
