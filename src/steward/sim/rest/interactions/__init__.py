"""Interactions over REST: callbacks, follow-ups, and the commands that lead to them."""
