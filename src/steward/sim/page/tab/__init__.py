"""One tab of the page: where it is, what it shows, what is unread there, and what is done in it."""
