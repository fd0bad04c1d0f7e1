"""Routes of guilds, members, roles, scheduled events, users and applications."""
