"""The file of StatsBot, imported."""
