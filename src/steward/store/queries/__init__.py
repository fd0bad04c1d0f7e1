"""Answers that are cached until their tables are written, and how long statements take."""
