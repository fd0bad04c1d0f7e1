"""Who was there: measured, summed up, reported."""
