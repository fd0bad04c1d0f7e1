"""Stores on database servers: sessions, the process guard, batches, readers and migrations."""
