"""Channels and threads, the messages in them, and what hangs on a message."""
