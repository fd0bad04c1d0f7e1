"""The statistics bot's commands: what members type, and what they are answered."""
