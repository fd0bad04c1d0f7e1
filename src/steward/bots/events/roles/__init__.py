"""The role of those who come, and roles that reminders mention."""
