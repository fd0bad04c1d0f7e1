"""Words of moods as tags with weights, by a lexicon and the tags of the catalogue."""
