"""Steward: a self-hosted Discord bot, its runtime, and a Discord simulator."""

__version__ = "0.1.0"
