"""This process: its memory, disk, signals and children."""
