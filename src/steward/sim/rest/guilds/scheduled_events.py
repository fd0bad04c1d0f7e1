"""Routes of scheduled events. Source: discord-api-docs, developers/resources/guild-scheduled-event.mdx."""

from __future__ import annotations

from hashlib import sha256

from steward.sim.guilds import audit_log
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json
from steward.sim.rest.call import Call, RestAnswer, Route
from steward.sim.rest.errors import RestRefused
from steward.sim.rest.form import Form
from steward.sim.rest.guilds.scheduled_event_form import Wanted, read
from steward.sim.scheduled.event import EXTERNAL, MAX_OPEN, ScheduledEvent

_MAX_USERS = 100


def events(call: Call) -> RestAnswer:
    guild = call.guild()
    counted = call.flag("with_user_count")
    return RestAnswer(200, [found.payload(with_count=counted) for found in guild.scheduled_events.open])


def event(call: Call) -> RestAnswer:
    _, found = _event(call)
    return RestAnswer(200, found.payload(with_count=call.flag("with_user_count")))


def create(call: Call) -> RestAnswer:
    guild = call.guild()
    form = call.form()
    form.required("name", "scheduled_start_time", "privacy_level", "entity_type")
    wanted = read(form, guild, call.world.clock.now())
    form.check()
    _need(call, guild, wanted)
    if len(guild.scheduled_events.open) >= MAX_OPEN:
        raise RestRefused.by_code(30038)
    assert wanted.starts_at is not None  # noqa: S101 - form.check() has checked
    made = ScheduledEvent(
        guild,
        call.world.snowflakes.next(),
        wanted.name,
        wanted.kind,
        wanted.starts_at,
        call.bot.user,
        image=_image(form),
    )
    wanted.write_to(made)
    guild.scheduled_events.add(made)
    call.log(guild, audit_log.EVENT_CREATE, made.id, after=made.payload())
    return RestAnswer(200, made.payload())


def edit(call: Call) -> RestAnswer:
    guild, found = _event(call)
    _need_to_change(call, guild, found)
    if not found.open:
        raise RestRefused.by_code(180000)
    form = call.form()
    wanted = read(form, guild, call.world.clock.now(), found)
    if wanted.status != found.status and not found.may_become(wanted.status):
        form.refuse("status", "GUILD_SCHEDULED_EVENT_INVALID_STATUS", "Invalid Guild Scheduled Event Status Transition")
    form.check()
    _need(call, guild, wanted)
    before = found.payload()
    if "image" in form:
        found.image = _image(form)
    wanted.write_to(found)
    guild.scheduled_events.changed(found)
    call.log(guild, audit_log.EVENT_UPDATE, found.id, before=before, after=found.payload())
    return RestAnswer(200, found.payload())


def delete(call: Call) -> RestAnswer:
    guild, found = _event(call)
    _need_to_change(call, guild, found)
    guild.scheduled_events.remove(found)
    call.log(guild, audit_log.EVENT_DELETE, found.id, before=found.payload())
    return RestAnswer(204)


def user_counts(call: Call) -> RestAnswer:
    _, found = _event(call)
    shown = {"guild_scheduled_event_count": len(found.interested), "guild_scheduled_event_exception_counts": {}}
    return RestAnswer(200, shown)


def users(call: Call) -> RestAnswer:
    guild, found = _event(call)
    ids = call.page(sorted(found.interested), _MAX_USERS, int)
    with_member = call.flag("with_member")
    return RestAnswer(200, [_user(guild, found, user_id, with_member=with_member) for user_id in ids])


def _user(guild: Guild, found: ScheduledEvent, user_id: int, *, with_member: bool) -> Json:
    user = guild.world.user(user_id)
    assert user is not None  # noqa: S101 - only users can be interested
    data: Json = {
        "guild_scheduled_event_id": str(found.id),
        "user_id": str(user_id),
        "user": user.payload(),
        "response": 1,
    }
    if with_member and user_id in guild.members:
        data["member"] = guild.members.peek(user_id).payload()
    return data


def _event(call: Call) -> tuple[Guild, ScheduledEvent]:
    guild = call.guild()
    found = guild.scheduled_events.get(call.id("guild_scheduled_event_id"))
    if found is None:
        raise RestRefused.by_code(10070)
    return guild, found


def _need(call: Call, guild: Guild, wanted: Wanted) -> None:
    """Require the permissions for an event, also in its channel."""
    may = guild.roles.permissions_of(call.bot.id)
    if not may & (BITS["create_events"] | BITS["manage_events"]):
        raise RestRefused.by_code(50013)
    if wanted.kind != EXTERNAL and wanted.channel_id is not None:
        call.require_in_channel(guild.channels[wanted.channel_id], "view_channel", "connect")


def _need_to_change(call: Call, guild: Guild, found: ScheduledEvent) -> None:
    """Require CREATE_EVENTS for the bot's own events, else MANAGE_EVENTS."""
    may = guild.roles.permissions_of(call.bot.id)
    own = BITS["create_events"] if found.creator.id == call.bot.id else 0
    if not may & (own | BITS["manage_events"]):
        raise RestRefused.by_code(50013)


def _image(form: Form) -> str | None:
    """Return the hash of an uploaded cover image."""
    image = form.body.get("image")
    return sha256(image.encode()).hexdigest()[:32] if isinstance(image, str) and image else None


_ALL = "/guilds/{guild_id}/scheduled-events"
_ONE = f"{_ALL}/{{guild_scheduled_event_id}}"
ROUTES = (
    Route("GET", _ALL, events),
    Route("POST", _ALL, create),
    Route("GET", _ONE, event),
    Route("PATCH", _ONE, edit),
    Route("DELETE", _ONE, delete),
    Route("GET", f"{_ONE}/users", users),
    Route("GET", f"{_ONE}/users/counts", user_counts),
)
