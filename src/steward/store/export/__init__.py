"""Exports: tables as files for people, and the data about one member."""
