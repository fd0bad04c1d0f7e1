"""Target users of invites. Source: discord-api-docs, developers/resources/invite.mdx, "Get Target Users" and after."""

from __future__ import annotations

from steward.sim.guilds.invite import Invite
from steward.sim.guilds.permissions import BITS
from steward.sim.rest.call import Body, Call, RestAnswer, Route
from steward.sim.rest.channels.invites import named_invite
from steward.sim.rest.errors import RestRefused, refuse_if
from steward.sim.rest.form import REQUIRED, as_whole, invalid_field

_FILE, _HEAD = "target_users_file", "Users"
_MOST = 1_000_000
_COMPLETED = 2


def users(call: Call) -> RestAnswer:
    invite = _managed(call)
    lines = [_HEAD, *map(str, invite.targets)]
    return RestAnswer(200, ("\n".join(lines) + "\n").encode(), kind="text/csv")


def set_users(call: Call) -> None:
    """Set the users who may use an invite, from a list of ids, one per line."""
    invite = _managed(call, new=True)
    if not call.files:
        raise invalid_field(_FILE, *REQUIRED)
    lines = [line.strip(' \t\r,"') for line in call.files[0].file.content.decode("utf-8", "replace").split("\n")]
    ids = [as_whole(line) for line in lines if line and line != _HEAD]
    if not ids or len(ids) > _MOST or any(user_id is None or call.world.user(user_id) is None for user_id in ids):
        raise invalid_field(_FILE, "INVITE_TARGET_USERS_INVALID", "The file must list user ids, one per line.")
    invite.targets = [user_id for user_id in dict.fromkeys(ids) if user_id is not None]
    invite.targets_at = call.world.clock.now()


def job_status(call: Call) -> Body:
    """Return the status of processing the list, which is always complete here."""
    invite = _managed(call)
    assert invite.targets_at is not None  # noqa: S101 - _managed() has checked
    number, done_at = len(invite.targets), invite.targets_at.isoformat()
    shown = {"status": _COMPLETED, "total_users": number, "processed_users": number, "error_message": None}
    return shown | {"created_at": done_at, "completed_at": done_at}


def _managed(call: Call, *, new: bool = False) -> Invite:
    """Return an invite that the bot created or may manage; unless `new`, it must have target users."""
    invite = named_invite(call)
    guild = invite.channel.own_guild
    refuse_if(call.bot.id not in guild.bots, 50001)
    if invite.inviter.id != call.bot.id and not guild.roles.permissions_of(call.bot.id) & BITS["manage_guild"]:
        raise RestRefused.by_code(50013)
    if not new and invite.targets_at is None:
        raise RestRefused.by_status(404, "Not Found")
    return invite


_USERS = "/invites/{code}/target-users"
ROUTES = (
    Route("GET", _USERS, users),
    Route("PUT", _USERS, set_users),
    Route("GET", f"{_USERS}/job-status", job_status),
)
