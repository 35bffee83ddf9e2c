"""Read, check and write gold annotations of news text."""
