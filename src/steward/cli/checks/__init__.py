"""The checks of `steward doctor`, each a function of what it needs."""
