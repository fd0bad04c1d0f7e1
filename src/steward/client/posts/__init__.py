"""What Discord should show, kept so: messages, channel names, and whatever a bot has a reader and a view for."""
