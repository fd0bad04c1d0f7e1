"""Traces: recorded or generated activity of a community, and their replay."""
