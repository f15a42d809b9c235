"""Paying through a provider: attempts, what the provider says of them, and its books against ours."""
