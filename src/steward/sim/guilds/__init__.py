"""Guilds and what belongs to one: roles, bans, invites, webhooks, expressions, the audit log."""
