"""Phrases that name a time: a grammar for the usual ones, and a child process with a library for the rest."""
