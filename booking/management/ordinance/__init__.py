"""Subcommands of `manage.py ordinance` that look at reservations."""
