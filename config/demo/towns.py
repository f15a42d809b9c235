"""The four municipalities of the demo and the people in them. Names are invented; rules and halls are real."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PASSWORD = "machinoma-demo"  # noqa: S105 (printed by the demo; the command exists only with DEMO=1)
RULES = Path(__file__).resolve().parents[2] / "facilities" / "ordinance" / "examples"


@dataclass(frozen=True)
class Town:
    """A municipality of the demo: where it is served, its rules file, and the hall its manager works at."""

    lg_code: str
    slug: str
    name: str
    name_en: str
    manager_hall: str
    code_rooms: tuple[tuple[str, str], ...]  # (hall, room) with a keypad; all other rooms: a key at the desk

    @property
    def rules(self) -> Path:
        """The rules file."""
        return RULES / f"{self.slug}.yaml"


TOWNS = (
    Town("132284", "akiruno", "あきる野市", "Akiruno City", "chuo-kominkan", (("chuo-kominkan", "ongaku"),)),
    Town("082341", "hokota", "鉾田市", "Hokota City", "hokota-chuo", ()),
    Town("282154", "miki", "三木市", "Miki City", "aoyama", ()),
    # Its rules ask for purpose, origin and admission: surcharges that add up.
    Town("122319", "inzai", "印西市", "Inzai City", "bunka", (("bunka", "renshu"),)),
)


def line_token(town: Town) -> tuple[str, str]:
    """Return token and secret of a town's official account at the demo's LINE."""
    return f"demo-line-token-{town.slug}", f"demo-line-secret-{town.slug}"


def line_accounts(port: int) -> list[dict[str, str]]:
    """Return the official accounts of all towns, for the demo's LINE; their webhooks go to ``port``."""
    return [
        {
            "token": line_token(town)[0],
            "secret": line_token(town)[1],
            "name": f"{town.name} 施設予約",
            "basic_id": f"@{town.slug}",
            "webhook": f"http://127.0.0.1:{port}/line/webhook/",
            "host": f"{town.slug}.localhost:{port}",
        }
        for town in TOWNS
    ]


# (name, kana, phone, purpose, headcount)
CLUBS = (
    ("佐藤 花子", "さとう はなこ", "042-555-0101", "コーラスの練習", 18),
    ("鈴木 一郎", "すずき いちろう", "042-555-0102", "書道サークル", 9),
    ("高橋 節子", "たかはし せつこ", "042-555-0103", "健康体操の会", 15),
    ("田中 勝", "たなか まさる", "042-555-0104", "囲碁の会", 8),
    ("渡邉 美代子", "わたなべ みよこ", "042-555-0105", "茶道クラブ", 7),
    ("𠮷田 進", "よしだ すすむ", "042-555-0106", "自治会の役員会", 10),
    ("葛󠄀城 和子", "かつらぎ かずこ", "042-555-0107", "絵手紙の会", 8),
    ("小林 茂", "こばやし しげる", "042-555-0108", "卓球の練習", 6),
)
