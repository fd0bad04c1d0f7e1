"""
Routes of the bot's application and its role connection metadata.

Source: discord-api-docs, developers/resources/application.mdx and application-role-connection-metadata.mdx.
"""

from __future__ import annotations

from steward.sim.people.bot import LIMITED_INTENTS
from steward.sim.people.user import Json, User
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.fields import Field, choice, listed, localizations, needed, take, text, url, whole
from steward.sim.rest.form import Form
from steward.sim.rest.messages.pictures import picture

_FIELDS = {
    "icon": Field(picture),
    "cover_image": Field(picture),
    "flags": Field(whole(0, 2**31 - 1)),
    "interactions_endpoint_url": Field(url),
    "role_connections_verification_url": Field(url),
    "custom_install_url": Field(url),
    "event_webhooks_url": Field(url),
    "event_webhooks_status": Field(choice(1, 2), default=1),
    "explicit_content_filter": Field(choice(0, 1), default=0),
    "max_participants": Field(whole(-1, 2**31 - 1)),
    "tags": Field(listed(text(1, 20), 5), default=[]),
}
_CALLBACK_URLS = {"interactions_endpoint_url": "interactions", "event_webhooks_url": "events"}
_NO_NULL = ("cover_image", "custom_install_url", "event_webhooks_status")
_LONGEST_DESCRIPTION = 400
_CONNECTION = {
    "type": needed(choice(*range(1, 9))),
    "key": needed(text(1, 50)),
    "name": needed(text(1, 100)),
    "name_localizations": Field(localizations(100)),
    "description": needed(text(1, 200)),
    "description_localizations": Field(localizations(200)),
}
_MAX_CONNECTIONS = 5
_OWNER = User(100_000_000_000_000_001, "owner")


def application(call: Call) -> Body:
    bot = call.bot
    return {
        **bot.public_application(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": f"{bot.application_id:064x}",
        "flags": bot.application_flags,
        "flags_new": str(bot.application_flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": (bot.owner or _OWNER).payload(),
        "approximate_guild_count": len(call.world.guilds_of(bot)),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    } | bot.application


def own(call: Call) -> Body:
    call.require_own_application()
    return application(call)


def edit(call: Call) -> Body:
    form = call.form()
    values = take(form, _FIELDS, new=False)
    description = _description(form)
    flags = values.pop("flags", None)
    if flags is not None and flags & ~LIMITED_INTENTS:
        words = "Only the flags of limited intents can be updated."
        form.refuse("flags", "APPLICATION_FLAGS_INVALID", words)
    for name, instead in _CALLBACK_URLS.items():
        if values.get(name) is not None:
            words = f"The simulator does not call {name}, unlike Discord: {instead} come over the gateway."
            form.refuse(name, "SIMULATOR_NOT_SERVED", words)
    form.check()
    if description is not None:
        values["description"] = description
    if flags is not None:
        call.bot.application_flags = flags
    changed: Json = call.bot.application | values
    call.bot.application = {name: value for name, value in changed.items() if value is not None or name not in _NO_NULL}
    return application(call)


def edit_own(call: Call) -> Body:
    call.require_own_application()
    return edit(call)


def _description(form: Form) -> str | None:
    """Return the description, given as a text or as an object with translations."""
    asked = form.body.get("description")
    if isinstance(asked, dict):
        return form.part("description", asked).text("default", longest=_LONGEST_DESCRIPTION)
    return form.text("description", longest=_LONGEST_DESCRIPTION)


def role_connections(call: Call) -> Body:
    call.require_own_application()
    return call.bot.role_connections


def edit_role_connections(call: Call) -> Body:
    call.require_own_application()
    form = call.list_form("records")
    read = [take(part, _CONNECTION, new=True) for part in form.parts("records", most=_MAX_CONNECTIONS)]
    form.check()
    call.bot.role_connections = read
    return read


_APPLICATION = "/applications/{application_id}"
_CONNECTIONS = f"{_APPLICATION}/role-connections/metadata"
ROUTES = (
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
    Route("PATCH", "/applications/@me", edit),
    Route("GET", _APPLICATION, own),
    Route("PATCH", _APPLICATION, edit_own),
    Route("GET", _CONNECTIONS, role_connections),
    Route("PUT", _CONNECTIONS, edit_role_connections),
)
