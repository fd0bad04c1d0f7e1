"""Routes of stickers. Source: discord-api-docs, developers/resources/sticker.mdx and topics/permissions.mdx."""

from __future__ import annotations

from steward.sim.guilds import audit_log, stickers
from steward.sim.guilds.expressions import without_creator
from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Call, RestAnswer, Route
from steward.sim.rest.errors import RestRefused
from steward.sim.rest.expressions.rights import require_expressions, shown
from steward.sim.rest.form import REQUIRED, Form
from steward.sim.uploads import File

_MAX_BYTES = 512 * 1024
_PNG, _GIF, _ANIMATED = b"\x89PNG\r\n\x1a\n", b"GIF8", b"acTL"


def packs(call: Call) -> RestAnswer:
    return RestAnswer(200, {"sticker_packs": list(stickers.PACKS)})


def pack(call: Call) -> RestAnswer:
    found = next((pack for pack in stickers.PACKS if int(pack["id"]) == call.id("pack_id")), None)
    if found is None:
        raise RestRefused.by_code(10061)
    return RestAnswer(200, found)


def sticker(call: Call) -> RestAnswer:
    """Return a sticker of any guild or a standard one."""
    found = stickers.find(call.world, call.id("sticker_id"))
    if found is None:
        raise RestRefused.by_code(10060)
    return RestAnswer(200, without_creator(found[1]))


def of_guild(call: Call) -> RestAnswer:
    guild = call.guild()
    return RestAnswer(200, [shown(call, found) for found in guild.stickers.values()])


def one_of_guild(call: Call) -> RestAnswer:
    _, found = _sticker(call)
    return RestAnswer(200, shown(call, found))


def create(call: Call) -> RestAnswer:
    guild = call.guild()
    require_expressions(call, "create", None)
    form = call.form()
    form.required("name", "tags")
    values = _read(form)
    if not call.files:
        form.refuse("file", *REQUIRED)
    form.check()
    kind = _form_of(call.files[0].file)
    if len(guild.stickers) >= stickers.MAX_BY_TIER[guild.boost_tier]:
        raise RestRefused.by_code(30039)
    made = stickers.new(guild, "", "", form=kind) | values | {"user": call.bot.user.payload()}
    guild.stickers[int(made["id"])] = made
    stickers.emit_update(guild)
    call.log(guild, audit_log.STICKER_CREATE, int(made["id"]), after=made)
    return RestAnswer(201, made)


def edit(call: Call) -> RestAnswer:
    guild, found = _sticker(call)
    require_expressions(call, "update", found)
    form = call.form()
    values = _read(form)
    form.check()
    before = dict(found)
    found |= values
    stickers.emit_update(guild)
    call.log(guild, audit_log.STICKER_UPDATE, int(found["id"]), before=before, after=found)
    return RestAnswer(200, found)


def delete(call: Call) -> RestAnswer:
    guild, found = _sticker(call)
    require_expressions(call, "delete", found)
    del guild.stickers[int(found["id"])]
    stickers.emit_update(guild)
    call.log(guild, audit_log.STICKER_DELETE, int(found["id"]), before=found)
    return RestAnswer(204)


def read_sent(call: Call, form: Form) -> list[Json]:
    """
    Return the stickers of a bot's message.

    Raises:
        RestRefused: the form is invalid (50035), a sticker does not exist (50081) or may not be used here (50013), or
            the route does not support stickers.

    """
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
        known = stickers.find(call.world, Form({"id": item}).whole("id", 0, (1 << 64) - 1) or 0)
        if known is None or (known[0] is not None and call.bot.id not in known[0].bots):
            raise RestRefused.by_code(50081)
        if known[0] not in (None, channel.guild):
            call.require_in_channel(channel, "use_external_stickers")
        found.append(known[1])
    return found


def _sticker(call: Call) -> tuple[Guild, Json]:
    guild = call.guild()
    found = guild.stickers.get(call.id("sticker_id"))
    if found is None:
        raise RestRefused.by_code(10060)
    return guild, found


def _read(form: Form) -> Json:
    """Return the fields of a sticker in a form."""
    lengths = {"name": (2, 30), "tags": (1, 200), "description": (0, 100)}
    values = {name: form.text(name, shortest=least, longest=most) for name, (least, most) in lengths.items()}
    return {
        name: value for name, value in values.items() if name in form and (value is not None or name == "description")
    }


def _form_of(file: File) -> int:
    """
    Return Discord's format type of a file.

    Raises:
        RestRefused: it is too large (50045), or not PNG or GIF (50046; Lottie is for partners only).

    """
    if len(file.content) > _MAX_BYTES:
        raise RestRefused.by_code(50045)
    if file.content.startswith(_PNG):
        return stickers.APNG if _ANIMATED in file.content else stickers.PNG
    if file.content.startswith(_GIF):
        return stickers.GIF
    raise RestRefused.by_code(50046)


_ALL, _ONE = "/guilds/{guild_id}/stickers", "/guilds/{guild_id}/stickers/{sticker_id}"
ROUTES = (
    Route("GET", "/sticker-packs", packs),
    Route("GET", "/sticker-packs/{pack_id}", pack),
    Route("GET", "/stickers/{sticker_id}", sticker),
    Route("GET", _ALL, of_guild),
    Route("POST", _ALL, create),
    Route("GET", _ONE, one_of_guild),
    Route("PATCH", _ONE, edit),
    Route("DELETE", _ONE, delete),
)
