"""Routes of messages, and validation of their embeds, components, polls and media."""
