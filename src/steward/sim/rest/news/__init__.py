"""What comes into a channel from elsewhere: announcements that it follows, and the webhooks of other services."""
