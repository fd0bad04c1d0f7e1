"""Providers of fixtures, prices and results behind one interface, and when each is asked within its budget."""
