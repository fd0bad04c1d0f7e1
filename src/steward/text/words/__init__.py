"""
The words of time, a file a language: written by hand, and generated from CLDR (`cldr.txt`).

A line is `kind: word, two words` or `kind=value: word, …`, with spaces for hyphens and apostrophes. What the kinds mean
stands in the rules of `steward.text.phrases`. `python -m tests.text.cldr` generates.
"""
