"""What is wrong with a text that is no YAML, said to somebody who does not know YAML."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

from facilities.ordinance.reading.problems import Path

WIDE_SPACE = "\u3000"
WIDE_SIGN = (
    "全角の「：」または空白があります。半角の : と空白にしてください。",
    "There is a full-width colon or space. Use : and a plain space.",
)
_TAB = (
    "タブは使えません。行頭は半角の空白で下げてください。",
    "Tabs are not allowed; indent with spaces.",
)
_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        "expected <block end>",
        "字下げが上の行とそろっていません。行頭の空白の数か、囲みの記号 ({ } [ ]) を確かめてください。",
        "The indentation does not match the lines above, or a bracket is missing.",
    ),
    (
        "did not find expected",
        "字下げが上の行とそろっていません。",
        "The indentation does not match the lines above.",
    ),
    (
        "or '}'",
        "{ } の中が正しくありません。コンマ、閉じる }、引用符を確かめてください。",
        "Check commas, the closing } and quotes.",
    ),
    (
        "or ']'",
        "[ ] の中が正しくありません。コンマ、閉じる ]、引用符を確かめてください。",
        "Check commas, the closing ] and quotes.",
    ),
    (
        "mapping values are not allowed",
        "一行に「項目: 値」が二つあるか、字下げがずれています。コロンを含む値は引用符で囲んでください。",
        "There are two fields on a line, or the indentation is off. Put quotes around a value with a colon.",
    ),
    (
        "could not find expected ':'",
        "「項目: 値」の形になっていません。コロンと、その後の空白を確かめてください。",
        "This is not written as `name: value`. Check the colon and the space after it.",
    ),
    (
        "end of stream",
        "引用符か囲みの記号が閉じられていません。",
        "A quotation mark or bracket is not closed.",
    ),
    (
        "cannot start any token",
        "値の初めに使えない記号があります。値を引用符で囲んでください。",
        "A value must not begin with this sign. Put quotes around it.",
    ),
)


def explain_syntax(error: MarkedYAMLError, text: str) -> tuple[int, int, str, str]:
    """Line and column (from 1) of what stops a text from being YAML, and why, in Japanese and English."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    above = max(line - 3, 0)
    for number, one in enumerate(text.splitlines()[above:line], above + 1):
        if re.search(f"[：{WIDE_SPACE}]", one.partition("#")[0]):
            return number, 1, *WIDE_SIGN
    problem = error.problem or ""
    if "\\t" in problem:
        return line, column, *_TAB
    for words, japanese, english in _KNOWN:
        if words in problem:
            return line, column, japanese, f"{english} (YAML: {problem})"
    return (
        line,
        column,
        "YAML の書き方が正しくありません。字下げ、コロンの後の空白、引用符の閉じ忘れを確かめてください。",
        f"This is not well-formed YAML ({problem}). Check indentation, the space after a colon, and quotes.",
    )


def is_wide(path: Path) -> bool:
    """Whether the name of a field begins with a full-width space: it was meant to indent."""
    return any(isinstance(part, str) and part.startswith(WIDE_SPACE) for part in path)
