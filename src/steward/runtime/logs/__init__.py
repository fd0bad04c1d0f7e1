"""Log lines: where they go, how they look, what is masked."""
