"""Score predictions against gold annotations of news text."""
