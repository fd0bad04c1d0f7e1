"""Parsing and formatting of text, independent of Discord, settings and the store."""
