"""Files of other people's listening and of MusicBrainz: read in a child process, kept batch by batch."""
