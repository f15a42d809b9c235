"""Worked cases: examples a document must pass, run and reported."""
