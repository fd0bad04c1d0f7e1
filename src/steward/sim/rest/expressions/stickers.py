"""Routes of stickers. Source: discord-api-docs, developers/resources/sticker.mdx and topics/permissions.mdx."""

from __future__ import annotations

from steward.sim.guilds import stickers
from steward.sim.guilds.audit_log import STICKER_CREATE
from steward.sim.guilds.payload import without_creator
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.expressions.rights import require_expressions, shown
from steward.sim.rest.fields import Field, needed, text
from steward.sim.rest.form import REQUIRED, Form, as_whole
from steward.sim.rest.resource import Resource, ResourceChange, log_change
from steward.sim.uploads import File

_MAX_BYTES = 512 * 1024
_PNG, _GIF, _ANIMATED = b"\x89PNG\r\n\x1a\n", b"GIF8", b"acTL"


def pack(call: Call) -> Body:
    return or_refuse(next((pack for pack in stickers.PACKS if int(pack["id"]) == call.id("pack_id")), None), 10061)


def any_sticker(call: Call) -> Body:
    """Return a sticker of any guild or a standard one."""
    _, found = or_refuse(stickers.find(call.world, call.id("sticker_id")), 10060)
    return without_creator(found)


def _check(call: Call, form: Form, values: Json, old: Json | None) -> None:
    if old is None and not call.files:
        form.refuse("file", *REQUIRED)


def _make(call: Call, values: Json) -> Json:
    made = stickers.new(call.guild(), values["name"], values["tags"], form=_format_of(call.files[0].file))
    return made | {"description": values["description"], "user": call.bot.user.payload()}


def _emit(call: Call, change: ResourceChange) -> None:
    call.guild().stickers_changed()
    log_change(call, call.guild(), STICKER_CREATE, change)


STICKERS = Resource(
    path="/guilds/{guild_id}/stickers",
    key="sticker_id",
    unknown=10060,
    fields={"name": needed(text(2, 30)), "tags": needed(text(1, 200)), "description": Field(text(0, 100))},
    store=lambda call: call.guild().stickers,
    require=require_expressions,
    check=_check,
    make=_make,
    emit=_emit,
    shown=shown,
    most=lambda call: (stickers.MAX_BY_TIER[call.guild().boost_tier], 30039),
    made=201,
)


def read_sent(call: Call, form: Form) -> list[Json]:
    """Return the stickers of a bot's message, which must exist (50081) and be allowed in the channel (50013)."""
    asked = form.items("sticker_ids", most=stickers.MAX_IN_MESSAGE)
    if not asked:
        return []
    form.check()
    if "webhook_token" in call.path or "interaction_token" in call.path:
        raise RestRefused.by_status(
            400, "Discord drops stickers of webhooks and interactions; the simulator refuses them."
        )
    channel = call.channel()
    found = []
    for item in asked:
        guild, sticker = or_refuse(stickers.find(call.world, as_whole(item) or 0), 50081)
        refuse_if(guild is not None and call.bot.id not in guild.bots, 50081)
        if guild not in (None, channel.guild):
            call.require_in_channel(channel, "use_external_stickers")
        found.append(sticker)
    return found


def _format_of(file: File) -> int:
    """Return Discord's format type of a small file (50045), PNG or GIF (50046; Lottie is for partners only)."""
    refuse_if(len(file.content) > _MAX_BYTES, 50045)
    if file.content.startswith(_PNG):
        return stickers.APNG if _ANIMATED in file.content else stickers.PNG
    if file.content.startswith(_GIF):
        return stickers.GIF
    raise RestRefused.by_code(50046)


ROUTES = (
    Route("GET", "/sticker-packs", lambda call: {"sticker_packs": list(stickers.PACKS)}),
    Route("GET", "/sticker-packs/{pack_id}", pack),
    Route("GET", "/stickers/{sticker_id}", any_sticker),
    *STICKERS.routes(),
)
