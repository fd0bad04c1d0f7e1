"""Chaos: `steward run` as a real process under traffic, attacked, and held to what it told its members."""
