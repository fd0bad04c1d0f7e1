"""Logging: destinations, formats, and masking of secrets."""
