"""The bot's application."""

from __future__ import annotations

from steward.sim.rest.call import Answer, Call, Route
from steward.sim.user import User

_OWNER = User(100_000_000_000_000_001, "owner")


def application(call: Call) -> Answer:
    bot = call.bot
    return Answer(
        200,
        {
            "id": str(bot.application_id),
            "name": bot.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot": bot.user.payload(),
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
        },
    )


ROUTES = (
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
)
