"""The commands of `steward`: one file each."""
