from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.demo.postgres import stop_postgres


@pytest.fixture
def data():
    """An empty data folder of its own, outside pytest's folders: those are closed to other accounts."""
    with data_folder() as folder:
        yield folder


@contextmanager
def data_folder():
    folder = Path(tempfile.mkdtemp(prefix="machinoma-"))
    folder.chmod(0o755)
    yield folder
    for server in (folder, folder / ("long-" + "x" * 60) / ("long-" + "y" * 60), folder / "町 の'間"):
        stop_postgres(server)
    shutil.rmtree(folder)
