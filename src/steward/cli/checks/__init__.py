"""The checks of `steward doctor`."""
