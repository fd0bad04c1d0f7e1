"""Learning from listening, in a child process: which artists speak for which, when, and how it is written."""
