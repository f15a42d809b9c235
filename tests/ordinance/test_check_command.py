"""`manage.py ordinance check`: no database, each failure shown, the score last, status 1 on failures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from facilities.ordinance.cases.reporting import Report

from .conftest import EXAMPLES

ROOT = Path(__file__).parents[2]


def lines_of(*paths: Path) -> list[str]:
    return list(Report().check(paths))


def test_a_document_that_passes_shows_only_the_score():
    assert lines_of(EXAMPLES / "akiruno.yaml") == ["7 passed, 0 failed"]


def test_a_failure_is_shown_with_given_expected_and_got(tmp_path, small):
    path = tmp_path / "town.yaml"
    case = "{id: X-1, kind: fee, given: {room: big, minutes: 60}, expect: {yen: 1}}"
    path.write_text(f"{small}cases: [{case}]\n", encoding="utf-8")
    first, given, expected, got, score = lines_of(path)
    assert first.endswith("X-1 (fee)")
    assert given == "  given:    {room: big, minutes: 60}"
    assert expected == "  expected: {yen: 1}"
    assert got.startswith("  got:      {yen: 1530, ")
    assert "lines: [大会議室 " in got
    assert score == "0 passed, 1 failed"


def test_a_mistake_in_a_document_is_a_failure_with_its_line(tmp_path, small):
    path = tmp_path / "town.yaml"
    path.write_text(small.replace("capacity: 9", "capasity: 9"), encoding="utf-8")
    text, score = lines_of(path)
    assert "行目 facilities[0].rooms[0].capasity" in text
    assert score == "0 passed, 1 failed"


def test_a_file_that_cannot_be_read_is_a_failure(tmp_path):
    path = tmp_path / "sjis.yaml"
    path.write_bytes("名前: 市".encode("cp932"))
    assert "UTF-8" in lines_of(path)[0]
    missing, score = lines_of(tmp_path / "none.yaml")
    assert missing.endswith("none.yaml: ファイルがありません。 There is no such file.")
    assert score == "0 passed, 1 failed"
    assert "フォルダーです" in lines_of(tmp_path)[0]


def test_a_document_without_cases_is_not_praised(tmp_path, small):
    path = tmp_path / "town.yaml"
    path.write_text(small, encoding="utf-8")
    said, score = lines_of(path)
    assert "例 (cases) がありません。何も確かめていません。" in said
    assert score == "0 passed, 0 failed"


def test_the_command_needs_nothing_but_files(tmp_path):
    bad = tmp_path / "bad.yaml"
    good = EXAMPLES / "akiruno.yaml"
    bad.write_text(good.read_text(encoding="utf-8").replace("{yen: 2400}", "{yen: 1}"), encoding="utf-8")
    environment = {"PATH": "", "PYTHONUTF8": "1", "MACHINOMA_DATA": str(tmp_path / "empty")}
    command = [sys.executable, str(ROOT / "manage.py"), "ordinance", "check", str(good), str(bad)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1] == "13 passed, 1 failed"
