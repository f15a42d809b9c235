"""The subcommands of `manage.py ordinance`, one module each; other apps bring theirs in a folder of the same name.

A module holds `HELP` (one line), `add_arguments(parser)` and `run(options, write)`, which writes lines and
returns whether all is well. Mistakes of the caller are CommandError.
"""
