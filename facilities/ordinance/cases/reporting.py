"""What `manage.py ordinance check` says: each document's mistakes, and the worked cases that fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from facilities.ordinance.answers import CaseResult
from facilities.ordinance.cases.running import run_cases
from facilities.ordinance.reading.parsing import parse
from facilities.ordinance.reading.problems import InvalidDocument

_UNREAD: Mapping[type[Exception], str] = {
    UnicodeDecodeError: "UTF-8 で保存してください。 Save the file as UTF-8.",
    FileNotFoundError: "ファイルがありません。 There is no such file.",
    IsADirectoryError: "フォルダーです。文書のファイルを指してください。 This is a folder; name a file in it.",
    PermissionError: "このファイルを読む許可がありません。 You may not read this file.",
}


class Report:
    """Runs documents and keeps the score; a document that cannot be read counts as one failure."""

    def __init__(self) -> None:
        """Nothing has been run yet."""
        self.passed = 0
        self.failed = 0

    def check(self, paths: Iterable[Path]) -> Iterator[str]:
        """The lines to print: mistakes, failed cases with given, expected and got, and the score last."""
        for path in paths:
            yield from self._check_one(path)
        yield f"{self.passed} passed, {self.failed} failed"

    def _check_one(self, path: Path) -> Iterator[str]:
        try:
            results = run_cases(parse(path.read_text(encoding="utf-8")))
        except (InvalidDocument, UnicodeDecodeError, OSError) as error:
            self.failed += 1
            yield f"{path}: {_say_unread(error)}"
            return
        if not results:
            yield f"{path}: 例 (cases) がありません。何も確かめていません。 No cases: nothing was checked."
        for result in results:
            if result.passed:
                self.passed += 1
            else:
                self.failed += 1
                yield from _say_failure(path, result)


def _say_unread(error: Exception) -> str:
    """Why a document could not be read; a mistake in it speaks for itself."""
    said = (text for kind, text in _UNREAD.items() if isinstance(error, kind))
    return next(said, str(error))


def _say_failure(path: Path, result: CaseResult) -> Iterator[str]:
    yield f"{path}: {result.id} ({result.kind})"
    yield f"  given:    {_say(result.given)}"
    yield f"  expected: {_say(result.expected)}"
    yield f"  got:      {_say(result.got)}"


def _say(value: Any) -> str:
    """A value in the wording of the document."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_say(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_say(one) for one in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return value.isoformat() if isinstance(value, date) else str(value)
