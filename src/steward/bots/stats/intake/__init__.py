"""What Discord tells, turned into facts: each once, and what was missed repaired."""
