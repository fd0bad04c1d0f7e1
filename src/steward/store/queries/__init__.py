"""Cached query results, the changes that invalidate them, and query times."""
