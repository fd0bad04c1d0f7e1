"""How an interaction is answered: once, in time, in turns where many come, and with a sentence where it fails."""
