"""Scheduled events, their recurrence, and timers."""
