"""The rules of the grammar: days, times of day, and others."""
