"""Tables as files for people, and what tables hold about one member."""
