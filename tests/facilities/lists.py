"""公共施設一覧 as files are found: both generations of headings, every encoding, with what spreadsheets do to them."""

from __future__ import annotations

import csv
import io

CURRENT = (
    "全国地方公共団体コード", "ID", "地方公共団体名", "名称", "名称_カナ", "名称_英字",
    "所在地_全国地方公共団体コード", "町字ID",
    "所在地_連結表記", "所在地_都道府県", "所在地_市区町村", "所在地_町字", "所在地_番地以下",
    "建物名等(方書)", "緯度", "経度",
    "電話番号", "郵便番号", "利用可能曜日", "開始時間", "終了時間", "利用可能日時特記事項", "説明",
    "バリアフリー情報", "URL", "備考",
)  # fmt: skip
OLD = (
    "都道府県コード又は市区町村コード", "NO", "都道府県名", "市区町村名", "名称", "名称_カナ", "名称_通称",
    "POIコード", "住所", "方書",
    "緯度", "経度", "電話番号", "内線番号", "法人番号", "団体名", "利用可能曜日", "開始時間", "終了時間",
    "利用可能日時特記事項", "説明",
    "バリアフリー情報", "URL", "備考",
)  # fmt: skip
# The same facts under the names of each generation.
IN_OLD = {
    "全国地方公共団体コード": "都道府県コード又は市区町村コード", "ID": "NO",
    "地方公共団体名": "市区町村名", "所在地_連結表記": "住所",
    "建物名等(方書)": "方書",
}  # fmt: skip
KOMINKAN = {
    "全国地方公共団体コード": "132284", "ID": "132284000001", "地方公共団体名": "あきる野市",
    "名称": "東部会館",
    "名称_カナ": "トウブカイカン", "所在地_連結表記": "東京都あきる野市二宮東1-2-3", "緯度": "35.727100",
    "経度": "139.310700",
    "電話番号": "042-550-0001", "利用可能曜日": "月火水木金土日", "開始時間": "9:00", "終了時間": "21:30",
    "利用可能日時特記事項": "年末年始は休み\n祝日は開館", "説明": "ホール、会議室",
    "バリアフリー情報": "車いす用トイレ;エレベーター",
    "URL": "https://www.city.example.jp/tobu/", "備考": "駐車場,20台",
}  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-bom")


def a_row(**changes):
    """The facts of a facility, with some of them different."""
    return {**KOMINKAN, **changes}


def a_table(*facts, generation="current", header=None):
    """Rows of cells: the headings of a generation (or these), then one row for each facility."""
    names = header or (CURRENT if generation == "current" else OLD)
    if generation == "old":
        facts = [{IN_OLD.get(name, name): text for name, text in one.items()} for one in facts]
    return [list(names), *([one.get(name, "") for name in names] for one in facts)]


def a_file(rows, *, encoding="utf-8", separator=",", line_end="\r\n"):
    """The rows as the bytes of a file."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator=line_end).writerows(rows)
    if encoding == "utf-16-be-bom":
        return b"\xfe\xff" + buffer.getvalue().encode("utf-16-be")
    return buffer.getvalue().encode(encoding)
