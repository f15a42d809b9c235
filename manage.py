#!/usr/bin/env python
"""Django's command line for Machinoma."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["ordinance"] and set(sys.argv[2:3]) <= {
        "check",
        "diff",
        "tell",
        "schema",
        "-h",
        "--help",
    }:
        # These read files only, so they work on a machine where nothing has been set up.
        os.environ.setdefault("SECRET_KEY", "not used by this command")
        os.environ.setdefault("DATABASE_URL", "postgres:///not-used-by-this-command")
    execute_from_command_line(sys.argv)
