"""Scores made readable: a table for the terminal, CSV, LaTeX."""
