"""What the texts of notices may speak of: a closed list of words in braces, ``{部屋}`` or ``{room}``.

Pure. A text is filled in once and by these words only: what a value says is never read again, and no code runs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One word in braces: its key (the English name), its Japanese name, and samples for the preview."""

    key: str
    name: str
    sample: str
    sample_en: str


_ALL = (
    Placeholder("name", "名前", "青木 春子", "Haruko Aoki"),
    Placeholder("municipality", "自治体", "まちの市", "Machino City"),
    Placeholder("page", "ページ", "https://example.jp/my/r/…/", "https://example.jp/my/r/…/"),
    Placeholder("home", "サイト", "https://example.jp/", "https://example.jp/"),
    Placeholder("number", "予約番号", "R-000123", "R-000123"),
    Placeholder("group", "団体", "まちの合唱団", "Machino Choir"),
    Placeholder("hall", "施設", "中央会館", "Central Hall"),
    Placeholder("room", "部屋", "第1研修室", "Seminar Room 1"),
    Placeholder("day", "日", "6月9日（水）", "Wed 9 Jun"),
    Placeholder(
        "when", "日時", "2027年6月9日（水） 10:00から12:00まで", "Wednesday 9 June 2027, 10:00 to 12:00"
    ),
    Placeholder("purpose", "目的", "合唱の練習", "Choir practice"),
    Placeholder("headcount", "人数", "12人", "12"),
    Placeholder("said", "申込みの内容", "冷房を使う：はい", "Air conditioning: yes"),
    Placeholder("price", "料金", "800円", "¥800"),
    Placeholder(
        "pay",
        "支払い方",
        "料金 800円 は、当日までに館の窓口で、現金で払ってください。",
        "Please pay the fee of ¥800 in cash at the hall by the day of use.",
    ),
    Placeholder("amount", "金額", "800円", "¥800"),
    Placeholder("full_price", "減免前の料金", "1,600円", "¥1,600"),
    Placeholder("ground", "減免の理由", "登録団体の活動", "Registered groups"),
    Placeholder("refund", "返金", "400円", "¥400"),
    Placeholder(
        "back",
        "返し方",
        "400円は、払ったときのクレジットカードにもどします。",
        "¥400 goes back to the credit card it was paid with.",
    ),
    Placeholder("reason", "理由", "投票所として使うため", "Used as a polling station"),
    Placeholder(
        "calendar",
        "カレンダー",
        "いっしょに送ったファイル（yoyaku.ics）を開くと、カレンダーに入れられます。",
        "Open the attached file (yoyaku.ics) to put the booking into your calendar.",
    ),
    Placeholder(
        "items",
        "一覧",
        "・6月9日（水） 10:00から12:00まで 中央会館 第1研修室\n・6月16日（水） 10:00から12:00まで 中央会館 第1研修室",
        "- Wed 9 Jun, 10:00 to 12:00, Central Hall, Seminar Room 1\n"
        "- Wed 16 Jun, 10:00 to 12:00, Central Hall, Seminar Room 1",
    ),
    Placeholder("count", "件数", "2件", "2"),
    Placeholder("skipped", "取れなかった数", "1件", "1"),
    Placeholder("until", "期限", "2027年6月1日（火） 17:00", "Tuesday 1 June 2027, 17:00"),
    Placeholder(
        "before",
        "変更前",
        "2027年6月2日（水） 10:00から12:00まで 中央会館 第2研修室",
        "Wednesday 2 June 2027, 10:00 to 12:00, Central Hall, Seminar Room 2",
    ),
    Placeholder(
        "appeal",
        "教示",
        "この決定に不服があるときは、3か月以内に、市長に審査請求をすることができます。",
        "You may appeal against this decision to the mayor within three months.",
    ),
    Placeholder("points", "点数", "2点", "2"),
    Placeholder("decision", "決定", "認めました", "accepted"),
    Placeholder("who", "利用者", "青木 春子", "Haruko Aoki"),
    Placeholder("phone", "電話", "042-555-0199", "042-555-0199"),
)  # fmt: skip
PLACEHOLDERS: Mapping[str, Placeholder] = {one.key: one for one in _ALL}
_KEYS = {name: one.key for one in _ALL for name in (one.key, one.name)}
_WORD = re.compile(r"[{｛]([^{}｛｝\n]*)[}｝]")
_BRACE = re.compile(r"[{}｛｝]")
_EMPTY_BRACKETS = re.compile(r"[（(][\s,、]*[)）]")


def unknown_words(text: str, allowed: Collection[str]) -> list[str]:
    """Return what stands in braces and may not (``allowed``: keys), and single braces; in order, each once."""
    found = [word.group() for word in _WORD.finditer(text) if _KEYS.get(word.group(1).strip()) not in allowed]
    found += _BRACE.findall(_WORD.sub("", text))
    return list(dict.fromkeys(found))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with its words filled in (by key; a missing one is empty).

    A line that has words, all of them empty, is left out: a booking without a purpose has no line "目的：".
    More than one empty line in a row becomes one.
    """
    lines: list[str] = []
    for line in text.splitlines():
        words = [_KEYS.get(word.group(1).strip(), "") for word in _WORD.finditer(line)]
        if words and not any(values.get(word) for word in words):
            continue
        filled = _filled(line, values).rstrip()
        if filled or (lines and lines[-1]):
            lines.append(filled)
    return "\n".join(lines).strip()


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """Return a subject: filled in, on one line, without a line break that could begin another header.

    It is never left out; brackets around nothing are.
    """
    return " ".join(_EMPTY_BRACKETS.sub("", _filled(text, values)).split())


def samples(language: str) -> dict[str, str]:
    """Return made-up values for all words, for a preview in ``language``."""
    return {one.key: one.sample_en if language == "en" else one.sample for one in _ALL}


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _WORD.sub(lambda word: values.get(_KEYS.get(word.group(1).strip(), ""), ""), text)
