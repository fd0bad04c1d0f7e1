"""Messages over REST: what is sent, edited, searched, and all that a message holds."""
