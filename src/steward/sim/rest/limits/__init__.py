"""How often routes may be called, by what headers tell and what they don't."""
