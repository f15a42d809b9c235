"""Stripe by its own library: what is sent and how its answers are read. Knows no table of ours."""
