"""Bets as they are placed: kept with their legs, paid for in the same transaction, and cancelled until they lock."""
