"""Stages and who speaks on them."""
