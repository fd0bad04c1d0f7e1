"""REST v10: routes, what they refuse, and how often they may be called."""
