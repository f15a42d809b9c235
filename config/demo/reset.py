"""`make demo-reset`: deletes the demo's data; the next `make demo` starts over."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from config.demo.data_folder import DataFolder, FolderUnusable
from config.demo.postgres import PostgresFailed, stop_postgres

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Returns 0 when the data is gone, 1 when it could not be deleted."""
    if os.environ.get("DATABASE_URL"):
        print(
            "DATABASE_URL is set. This command deletes only what the demo made itself, never in a database "
            "of yours: drop and create that database with your own tools, or unset DATABASE_URL."
        )
        return 1
    path = Path(os.environ.get("MACHINOMA_DATA") or ROOT / ".data").expanduser().resolve()
    if not path.exists():
        print(f"There is no demo data in {path}. `make demo` makes it.")
        return 0
    try:
        with DataFolder.claim(path) as data:
            stop_postgres(data.path)
            data.delete()
    except (FolderUnusable, PostgresFailed) as failure:
        print(failure)
        return 1
    except PermissionError as failure:
        print(f"This user may not delete {failure.filename}. Was the data folder made by another user?")
        return 1
    print(f"The demo data in {path} is deleted. `make demo` starts over.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
