"""Commands for annotators, one file a verb."""
