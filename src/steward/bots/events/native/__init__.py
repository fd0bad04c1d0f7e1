"""What stands for an occurrence elsewhere on Discord: its own event, and a thread."""
