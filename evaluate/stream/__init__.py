"""Scoring of labelled spans at the speed of reading: one pass, memory that does not grow with the corpus.

``records`` reads lines, ``pairing`` brings the two sides together, ``columns`` makes arrays
of them, ``schemes`` counts, ``shard`` puts that together into a value that adds, and
``engines`` spreads shards over processes or machines.
"""
