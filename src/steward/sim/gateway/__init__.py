"""The gateway: websockets, sessions and who hears what."""
