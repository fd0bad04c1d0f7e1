"""Interactions: what a user's command, click, choice or submitted modal becomes, and what the user sees of it."""
