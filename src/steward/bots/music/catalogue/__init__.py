"""Artists as they are known: names, aliases, tags, how a typed name is found, and an invented catalogue."""
