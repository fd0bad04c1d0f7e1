"""Routes of emoji, stickers and sounds."""
