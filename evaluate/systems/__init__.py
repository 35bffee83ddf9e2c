"""Any system on any documents: a spaCy pipeline, a Python callable, a command.

Every system runs in a process of its own that is fed one document a line, so
that one which hangs, crashes or floods harms its document and nothing else.
It gets text and id alone: never the gold.
"""
