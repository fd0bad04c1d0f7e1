"""The outbox: messages that are sent exactly once."""
