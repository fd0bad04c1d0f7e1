"""Calendars: feeds and files."""
