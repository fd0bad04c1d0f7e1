"""The gateway: websockets, sessions and the dispatch of events."""
