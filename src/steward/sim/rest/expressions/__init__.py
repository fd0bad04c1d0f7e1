"""Emoji and sounds, of guilds and of applications."""
