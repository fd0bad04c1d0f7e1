"""REST API v10: routes, errors and rate limits."""
