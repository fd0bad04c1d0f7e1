"""The grammar of times: words become tokens, rules make a `Phrase` of them, and `meaning` finds the times it names."""
