"""`manage.py ordinance diff | tell | export`: sentences from files, and published documents as they were published."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from facilities.models import RuleBook, RuleVersion
from tenants.context import inside
from tests.building import ROOT

EXAMPLE = ROOT / "facilities/ordinance/examples/akiruno.yaml"


def lines_of(*arguments):
    out = StringIO()
    call_command("ordinance", *(str(one) for one in arguments), stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def dearer(tmp_path):
    path = tmp_path / "new.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    path.write_text(text.replace("{yen_per_hour: 800}", "{yen_per_hour: 900}"), encoding="utf-8")
    return path


def test_diff_prints_a_sentence_for_each_difference(dearer):
    assert lines_of("diff", EXAMPLE, dearer) == ["* 中央公民館 › 集会室 › 使用料 › 1時間の額: 800円 → 900円"]
    assert lines_of("diff", EXAMPLE, dearer, "--lang", "en") == [
        "* Central Community Hall › Assembly Room › fee › price per hour: 800 yen → 900 yen"
    ]


def test_diff_of_the_same_document_says_so():
    assert lines_of("diff", EXAMPLE, EXAMPLE) == ["規則に違いはありません。"]


def test_diff_and_tell_need_nothing_but_files(tmp_path, dearer):
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "MACHINOMA_DATA": str(tmp_path / "empty")}
    for arguments, words in (
        (["diff", EXAMPLE, dearer], "800円 → 900円"),
        (["tell", EXAMPLE], "1時間 800円"),
    ):
        command = [sys.executable, str(ROOT / "manage.py"), "ordinance", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stderr
        assert words in done.stdout


@pytest.mark.parametrize("content", [b"format: 2", "名前".encode("cp932"), b""])
def test_a_file_that_is_no_document_is_answered_with_a_sentence(tmp_path, content):
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"bad\.yaml"):
        lines_of("tell", path)
    with pytest.raises(CommandError, match=r"none\.yaml"):
        lines_of("diff", EXAMPLE, tmp_path / "none.yaml")


def test_export_writes_the_version_in_effect_today(city):
    with inside(city):
        text = RuleVersion.objects.get().text
    for name in (city.lg_code, "akiruno.localhost"):
        assert "\n".join(lines_of("export", "--municipality", name)) == text.rstrip("\n")


def test_export_writes_every_version_to_a_folder(city, tmp_path):
    with inside(city):
        book, version = RuleBook.objects.get(), RuleVersion.objects.get()
    folder = tmp_path / "out"
    written = lines_of("export", "--municipality", city.lg_code, "--all", "--to", folder)
    assert written == [str(folder / f"{book.key}-1.yaml")]
    assert (folder / f"{book.key}-1.yaml").read_text(encoding="utf-8") == version.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--municipality", "000000"], "000000"),
        (["--version", "9"], "1"),
        (["--book", "nowhere"], "--book"),
        (["--all"], "--to"),
    ],
)
def test_export_of_what_there_is_not_is_answered_with_a_sentence(city, arguments, words):
    known = [] if "--municipality" in arguments else ["--municipality", city.lg_code]
    with pytest.raises(CommandError, match=words):
        lines_of("export", *known, *arguments)
