"""The music bot: what to listen to next, with a reason."""
