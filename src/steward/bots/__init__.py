"""The bots, a folder each: what Discord says goes to `service` (rules), is kept by `store`, and shown by `views`."""
