"""Routes of interactions: callbacks, follow-ups and application commands."""
