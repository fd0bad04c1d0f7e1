"""Recurrence rules of RFC 5545: read, checked, followed on the wall clock, said in words."""
