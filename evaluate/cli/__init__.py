"""Commands for researchers, one file a verb."""
