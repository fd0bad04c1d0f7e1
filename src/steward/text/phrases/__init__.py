"""The grammar of times: text becomes tokens, rules turn them into a `Phrase`, and `meaning` computes its times."""
