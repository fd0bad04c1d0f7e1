"""Playlists of members: kept as rows, and written in the formats that other programs read."""
