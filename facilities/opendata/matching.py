"""Which row of a list is which hall, and which rows are halls that can be booked at all. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from facilities.opendata import columns
from facilities.opendata.folding import fold_name
from facilities.opendata.reading import fold_id
from facilities.opendata.rows import Row

_BOOKABLE = re.compile(
    r"公民館|市民館|区民館|会館|集会|コミュニティ|交流|文化|センター|ホール|体育館|武道館|アリーナ|会議室|研修|"
    r"地区館|自治会館|いきいき|ふれあい|プラザ|公会堂|劇場|音楽堂|グラウンド|運動場|球場|テニスコート|スタジアム|プール"
)
_NOT_BOOKABLE = re.compile(
    r"給食|保健センター|健康センター|子育て|子ども家庭|児童センター|包括支援|地域包括|デイサービス|介護|清掃|浄化|"
    r"クリーン|リサイクル|衛生|処理|浄水|下水|配水|斎場|火葬|葬祭|霊園|消防|防災センター|医療|診療|病院|救急|"
    r"小学校|中学校|高等学校|学園|幼稚園|保育|こども園|学童|児童館|トイレ|便所|駐車場|駐輪場|AED|公園便|庁舎|"
    r"コールセンター|消費生活|シルバー人材|ボランティアセンター|図書センター|計算センター"
)
_FOR_RENT = re.compile(r"貸室|貸し室|貸館|貸し館|貸出|会議室|集会室|研修室|和室|利用申請|使用料|予約")


@dataclass(frozen=True, slots=True)
class Known:
    """A hall there is: its number, its id in the list (as exported), name and address."""

    id: int
    opendata_id: str
    name: str
    address: str


def looks_bookable(row: Row) -> bool:
    """Guess by name, kind and description whether residents can book the place. People decide."""
    name, kind = row.name, row.values.get(columns.KIND, "")
    if _NOT_BOOKABLE.search(name) or (_NOT_BOOKABLE.search(kind) and not _BOOKABLE.search(name)):
        return False
    said = " ".join(row.values.get(key, "") for key in (columns.DESCRIPTION, columns.REMARKS))
    return bool(_BOOKABLE.search(name) or _BOOKABLE.search(kind) or _FOR_RENT.search(said))


def fold_hall(name: str, town: str) -> str:
    """Return a hall's name for comparing: あきる野市立中央公民館 and 中央公民館 are one hall."""
    folded, own = fold_name(name), fold_name(town)
    short = folded.removeprefix(own).removeprefix("立") if folded.startswith(own) else folded
    return short or folded


def match(rows: Sequence[Row], halls: Sequence[Known], town: str) -> dict[int, int]:
    """Return the hall's id for the number of each row that is a hall we know; no hall twice.

    People know a hall by its name, so a name counts more than an id: first id and name, then name and address, then
    a name that only one row and one hall have, and the id alone last.
    """
    row_names = Counter(fold_hall(row.name, town) for row in rows)
    hall_names = Counter(fold_hall(hall.name, town) for hall in halls)

    def name(text: str) -> str:
        return fold_hall(text, town)

    def once(text: str) -> str:
        return name(text) if row_names[name(text)] <= 1 and hall_names[name(text)] <= 1 else ""

    passes: tuple[tuple[Callable[[Row], str], Callable[[Known], str]], ...] = (
        (
            lambda row: _joined(_row_id(row), name(row.name)),
            lambda hall: _joined(fold_id(hall.opendata_id), name(hall.name)),
        ),
        (
            lambda row: _joined(name(row.name), fold_name(row.values.get(columns.ADDRESS, ""))),
            lambda hall: _joined(name(hall.name), fold_name(hall.address)),
        ),
        (lambda row: once(row.name), lambda hall: once(hall.name)),
        (_row_id, lambda hall: fold_id(hall.opendata_id)),
    )
    found: dict[int, int] = {}
    for of_row, of_hall in passes:
        matched = set(found.values())
        free = {of_hall(hall): hall.id for hall in halls if hall.id not in matched}
        free.pop("", None)
        for row in rows:
            if row.number not in found and of_row(row) in free:
                found[row.number] = free.pop(of_row(row))
    return found


def _row_id(row: Row) -> str:
    return fold_id(row.values.get(columns.ID, ""))


def _joined(*parts: str) -> str:
    return "\n".join(parts) if all(parts) else ""
