from __future__ import annotations

import pytest

from config.demo.data_folder import DataFolder, FolderUnusable


def test_second_demo_in_the_same_folder_is_refused(data):
    with (
        DataFolder.claim(data),
        pytest.raises(FolderUnusable, match="already running"),
        DataFolder.claim(data),
    ):
        pass


def test_folder_is_free_again_after_the_demo(data):
    with DataFolder.claim(data):
        pass
    with DataFolder.claim(data) as again:
        assert again.path == data


def test_secret_key_is_made_once_and_readable_by_its_owner_only(data, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with DataFolder.claim(data) as folder:
        key = folder.secret_key()

        assert len(key) >= 50
        assert folder.secret_key() == key
        assert (data / "secret-key").stat().st_mode & 0o077 == 0


def test_deleting_takes_only_what_the_demo_made(data):
    (data / "letter.txt").write_text("mine")
    (data / "static").mkdir()
    (data / "static" / "my-site.css").write_text("mine")
    (data / "postgres").mkdir()
    (data / "postgres" / "machinoma.conf").touch()
    with DataFolder.claim(data) as folder:
        folder.delete()

    left = sorted(str(path.relative_to(data)) for path in data.rglob("*"))
    assert left == ["letter.txt", "static", "static/my-site.css"]


def test_deleting_takes_the_folder_when_nothing_else_is_in_it(tmp_path):
    with DataFolder.claim(tmp_path / "demo-data") as folder:
        folder.secret_key()
        folder.delete()

    assert not (tmp_path / "demo-data").exists()
