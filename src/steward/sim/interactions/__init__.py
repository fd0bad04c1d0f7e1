"""Interactions: commands, components and modals that users act on, and the bot's responses as users see them."""
