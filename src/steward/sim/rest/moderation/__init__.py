"""Routes of pruning and auto moderation."""
