"""Channels, threads and messages, with their pins, polls and reactions."""
