"""The members of a demo who listen to music, the service that they ask and that fails, and their scenes."""
