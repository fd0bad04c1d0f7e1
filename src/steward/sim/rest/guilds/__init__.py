"""Guilds over REST: members, roles, scheduled events."""
