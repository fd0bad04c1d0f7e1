"""The numbers over time: taken, summed up, read, drawn, and deleted when old."""
