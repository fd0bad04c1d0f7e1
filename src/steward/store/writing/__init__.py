"""How writes reach the database: together, in one thread, a bad row skipped."""
