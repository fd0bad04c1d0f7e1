"""What bet managers decide, and who disputes it: `/result`."""
