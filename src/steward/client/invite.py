"""The link that adds the bot to a server, with the permissions that its jobs need and no other."""

from __future__ import annotations

from steward.client.permissions import EVENTS, REPORT, VOICE_COUNTER, Permission

NEEDED = VOICE_COUNTER | REPORT | EVENTS | Permission.BAN_MEMBERS | Permission.VIEW_AUDIT_LOG


def invite_link(bot_id: int | str) -> str:
    """Return the link for the application with that id (docs: OAuth2 > "Bot Authorization Flow")."""
    scopes = "bot+applications.commands"
    return f"https://discord.com/oauth2/authorize?client_id={bot_id}&scope={scopes}&permissions={int(NEEDED)}"
