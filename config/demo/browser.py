"""Finds or installs the browser that the tests drive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# The tests read the browser's path from this variable; empty means Playwright's own.
VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN_PACKAGES = ("chromium", "fonts-noto-cjk")


class NoBrowser(Exception):
    """No browser could be had; the text says what was tried."""


def ensure_browser() -> str:
    """Returns the path of a Chromium that starts, installing one where there is none.

    The order: CHROMIUM, one on the machine, Debian's package (as root), Playwright's own.
    Raises NoBrowser.
    """
    given = os.environ.get(VARIABLE)
    if given:
        if _starts(given):
            return given
        raise NoBrowser(f"{VARIABLE}={given} does not start.")
    if _can_install_packages() and (_on_machine() is None or not _has_japanese_font()):
        _install_packages()
    found = _on_machine() or _playwrights_own() or _install_playwrights_own()
    if found is None:
        raise NoBrowser(
            "The tests need a browser and none could be installed: no chromium or google-chrome on this "
            "machine, no apt-get as root, and `playwright install chromium` failed. Install chromium "
            "and try again."
        )
    return found


def _on_machine() -> str | None:
    paths = (shutil.which(name) for name in NAMES)
    # Ubuntu's chromium is a stub that only tells people to install a snap.
    return next((path for path in paths if path is not None and _starts(path)), None)


def _starts(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"hrom" in done.stdout


def _can_install_packages() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _has_japanese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=ja"], capture_output=True, check=False).stdout.strip())


def _install_packages() -> None:
    print("Installing a browser and Japanese fonts (apt-get) …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *DEBIAN_PACKAGES]):
        done = subprocess.run(
            ["apt-get", "-q", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            check=False,
        )
        if done.returncode != 0:
            print(f"apt-get {command[0]} failed:\n{done.stdout[-2000:]}", flush=True)
            return


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() and _starts(path) else None


def _install_playwrights_own() -> str | None:
    print("Installing Playwright's browser …", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if _can_install_packages():
        command.insert(-1, "--with-deps")
    subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
    return _playwrights_own()
