"""Music services behind one interface: listening histories, similar artists, tags, searches and links."""
