"""The posts of events, kept as they should be, and what Discord refuses of them."""
