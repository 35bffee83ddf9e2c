"""A browser editor for one document: a server on this machine alone, and its page."""
