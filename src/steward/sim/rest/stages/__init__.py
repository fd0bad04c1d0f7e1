"""Routes of stage instances and voice states."""
