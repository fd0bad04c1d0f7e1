"""Responsible gambling: limits that members set themselves, and breaks that they take from betting."""
