"""Picks as members ask for them: for one, for a voice channel, for the server, each with its reason and its source."""
