"""The runtime: what any bot stands on, knowing nothing of bots, of the store, of discord.py."""
