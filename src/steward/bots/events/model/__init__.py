"""What an event is: its details, series and occurrences, read and written."""
