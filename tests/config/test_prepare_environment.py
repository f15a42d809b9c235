from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.demo import bootstrap

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def fresh_environment(tmp_path_factory):
    """A virtual environment as it is made, which takes seconds: once, to be copied."""
    venv = tmp_path_factory.mktemp("fresh") / ".venv"
    bootstrap._create(venv)
    return venv


@pytest.fixture
def copied(fresh_environment, monkeypatch):
    """Environments are copied instead of made, for tests of when they are made."""

    def create(venv):
        shutil.rmtree(venv, ignore_errors=True)
        shutil.copytree(fresh_environment, venv, symlinks=True)

    monkeypatch.setattr(bootstrap, "_create", create)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project that needs no package; counts the installations pip is asked for."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'nothing'\nversion = '1'\n")
    (tmp_path / "constraints.txt").write_text("")
    installed = []
    monkeypatch.setattr(bootstrap, "_install", lambda root, venv, *, dev, lock: installed.append(dev))
    return tmp_path, installed


def test_packages_are_installed_once(project):
    root, installed = project
    python = bootstrap.prepare_environment(root, dev=False)
    bootstrap.prepare_environment(root, dev=False)

    assert installed == [False]
    prefix = subprocess.run(
        [python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True
    )
    assert prefix.stdout.strip() == str(root / ".venv")


def test_changed_pins_are_installed(project, copied):
    root, installed = project
    bootstrap.prepare_environment(root, dev=False)
    (root / "constraints.txt").write_text("django==5.2.19\n")
    bootstrap.prepare_environment(root, dev=False)

    assert installed == [False, False]


def test_development_packages_are_added_once_and_suit_the_demo(project, copied):
    root, installed = project
    for dev in (False, True, True, False):
        bootstrap.prepare_environment(root, dev=dev)

    assert installed == [False, True]


def test_interrupted_installation_starts_afresh(project, copied):
    root, installed = project
    bootstrap.prepare_environment(root, dev=False)
    venv = root / ".venv"
    (venv / "installing").touch()
    (venv / "installed.json").unlink()
    (venv / "half-installed").touch()
    bootstrap.prepare_environment(root, dev=False)

    assert installed == [False, False]
    assert not (venv / "half-installed").exists()
    assert not (venv / "installing").exists()


def test_broken_environment_is_made_again(project, copied):
    root, installed = project
    bootstrap.prepare_environment(root, dev=False)
    (root / ".venv" / "bin" / "python").unlink()
    python = bootstrap.prepare_environment(root, dev=False)

    assert python.exists()
    assert installed == [False, False]


def test_unreadable_stamp_means_install(project, copied):
    root, installed = project
    bootstrap.prepare_environment(root, dev=False)
    (root / ".venv" / "installed.json").write_text("{")
    bootstrap.prepare_environment(root, dev=False)

    assert installed == [False, False]
    assert json.loads((root / ".venv" / "installed.json").read_text())["dev"] is False


def test_system_without_venv_gets_a_sentence_that_helps(tmp_path, monkeypatch):
    refused = subprocess.CompletedProcess([], 1, "ensurepip is not available")
    monkeypatch.setattr(bootstrap, "_quietly", lambda command: refused)
    with pytest.raises(bootstrap.CannotSetUp, match=r"apt-get install python3\.\d+-venv"):
        bootstrap._create(tmp_path / ".venv")


def test_old_python_gets_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    assert bootstrap.main(["demo"]) == 1
    assert "needs Python 3.11 or newer" in capsys.readouterr().out


def test_help_lists_every_target():
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for target in bootstrap.COMMANDS:
        assert f"make {target} " in told
