"""One file per format, each with two verbs, ``decode`` and ``encode``."""
