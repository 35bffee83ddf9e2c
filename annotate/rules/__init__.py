"""Rules: each is a heading in the guidelines and a file in ``tests/bad``."""
