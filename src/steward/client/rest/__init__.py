"""Requests to Discord, within its limits."""
