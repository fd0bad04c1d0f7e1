"""The commands of the events bot."""
