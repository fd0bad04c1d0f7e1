"""
Words of time, one file per language: hand-written, and generated from CLDR (`cldr.txt`).

A line is `kind: word, two words` or `kind=value: word, …`, with spaces for hyphens and apostrophes. Kinds are defined
by the rules of `steward.text.phrases`. `python -m tests.text.cldr` generates `cldr.txt`. `zones.txt` and `places.txt`
name zones and places.
"""
