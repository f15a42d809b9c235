"""Many names at once, as people have them: a column of a table, a numbered list, one name a line."""

from __future__ import annotations

import re
import unicodedata

MOST_LETTERS = 100
# 1. / 12) / （3） / ・ before a name.
_NUMBER = re.compile(r"^(?:[（(]?\d{1,4}[.．)）、:：\s]\s*|[・●○◯*-]\s*)")
_BETWEEN = re.compile(r"\t|,|，|、|/|／")
_KANA = re.compile(r"[ぁ-ゖァ-ヺーヽヾゝゞ]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def read_pasted(text: str) -> list[tuple[str, str]]:
    """Return the names with their readings ("" where none was written), one for each line that says something.

    Between name and reading stands a tab, a comma or a slash, or the line is 姓 名 せい めい. What follows a reading
    is left out. Numbers and dots before a name are taken off.
    """
    found = []
    for line in text.splitlines():
        plain = _CONTROL.sub(" ", unicodedata.normalize("NFC", line).replace("　", " "))
        plain = _NUMBER.sub("", plain.strip(" ")) if "\t" not in plain else plain
        cells = [" ".join(cell.split()) for cell in _BETWEEN.split(plain)]
        if cells and re.fullmatch(r"\d{0,4}[.)]?", unicodedata.normalize("NFKC", cells[0])):
            cells = cells[1:]
        if cells and cells[0]:
            found.append(_name_and_reading(cells))
    return found


def too_long(names: list[tuple[str, str]]) -> list[str]:
    """Return the beginnings of what cannot be a name: longer than a roster keeps."""
    return [name[:20] for name, kana in names if max(len(name), len(kana)) > MOST_LETTERS]


def _name_and_reading(cells: list[str]) -> tuple[str, str]:
    if len(cells) > 1:
        return cells[0], cells[1]
    words = cells[0].split(" ")
    if len(words) == 4 and all(_KANA.fullmatch(word) for word in words[2:]):
        return " ".join(words[:2]), " ".join(words[2:])
    return cells[0], ""
