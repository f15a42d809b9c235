"""The columns of 公共施設一覧, and every name they were seen under.

A column's key is its name in the current standard (自治体標準オープンデータセット). Columns are found by name, never by
place: no published file was found with all of them in order, so the order of ``STANDARD`` is our reading
(decision 0012). Names differ by generation, by drift and by portal; width, case and punctuation are folded first.
"""

from __future__ import annotations

from collections.abc import Sequence

from facilities.opendata.folding import fold_header

CODE, ID, PUBLISHER, NAME = "全国地方公共団体コード", "ID", "地方公共団体名", "名称"
KANA, ENGLISH, NICKNAME = "名称_カナ", "名称_英字", "名称_通称"
PLACE_CODE, TOWN_ID, ADDRESS = "所在地_全国地方公共団体コード", "町字ID", "所在地_連結表記"
PREFECTURE, CITY, TOWN, BLOCK = "所在地_都道府県", "所在地_市区町村", "所在地_町字", "所在地_番地以下"
BUILDING, LATITUDE, LONGITUDE = "建物名等(方書)", "緯度", "経度"
PHONE, POSTCODE, URL, ACCESS = "電話番号", "郵便番号", "URL", "バリアフリー情報"
DAYS, STARTS, ENDS, OPENING_NOTE = "利用可能曜日", "開始時間", "終了時間", "利用可能日時特記事項"
DESCRIPTION, REMARKS, FORM_URL, IMAGE = "説明", "備考", "連絡先FormURL", "画像"

STANDARD = (
    CODE, ID, PUBLISHER, NAME, KANA, ENGLISH, NICKNAME, "POIコード", PLACE_CODE, TOWN_ID, ADDRESS, PREFECTURE, CITY,
    TOWN, BLOCK, BUILDING, LATITUDE, LONGITUDE, "高度の種別", "高度の値", PHONE, "内線番号", "連絡先メールアドレス",
    FORM_URL, "連絡先備考（その他、SNSなど）", POSTCODE, "法人番号", "団体名", DAYS, STARTS, ENDS, OPENING_NOTE,
    DESCRIPTION, ACCESS, URL, IMAGE, "画像_ライセンス", REMARKS,
)  # fmt: skip

# Read because they help to decide, never written again: what kind of place it is, and whose list (old generation).
KIND, OLD_PREFECTURE, OLD_CITY = "分類", "都道府県名", "市区町村名"

_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    CODE: (
        "都道府県コード又は市区町村コード", "都道府県コードまたは市区町村コード", "市区町村コード", "団体コード",
        "自治体コード", "localgov_code",
    ),
    ID: ("NO", "番号", "識別番号", "通し番号"),
    PUBLISHER: ("localgov_name", "自治体名"),
    NAME: ("name", "施設名", "施設名称", "施設の名称", "公共施設名", "名前"),
    KANA: ("name_kana", "名称かな", "名称_ふりがな", "名称_フリガナ", "施設名_カナ", "フリガナ", "ふりがな"),
    ENGLISH: ("名称_英語", "name_english", "名称_ローマ字"),
    NICKNAME: ("通称", "name_common", "name_alias"),
    "POIコード": ("poi_code",),
    PLACE_CODE: ("seat_localgov_code", "所在地_市区町村コード"),
    TOWN_ID: ("choaza_id",),
    ADDRESS: ("住所", "所在地", "所在地_連結標記", "施設所在地", "seat_copulative_spell", "address"),
    PREFECTURE: ("seat_prefecture",),
    CITY: ("seat_city",),
    TOWN: ("seat_choaza",),
    BLOCK: ("seat_after_address", "所在地_番地以降"),
    BUILDING: ("方書", "建物名等", "建物名", "buillding_name_etc", "building_name_etc"),
    LATITUDE: ("latitude", "lat", "Y座標", "北緯"),
    LONGITUDE: ("longitude", "lng", "lon", "X座標", "東経"),
    "高度の種別": ("advanced_classification",),
    "高度の値": ("advanced_value", "標高"),
    PHONE: ("連絡先電話番号", "電話", "TEL", "phone_number", "telephone_number", "tel_no"),
    "内線番号": ("連絡先内線番号", "内線", "extension_number"),
    "連絡先メールアドレス": ("メールアドレス", "contact_mail", "email"),
    FORM_URL: ("contact_form_url",),
    "連絡先備考（その他、SNSなど）": ("連絡先備考", "contact_remarks"),
    POSTCODE: ("〒", "post_code", "postal_code", "zip_code"),
    "法人番号": ("corporate_number",),
    "団体名": ("organization_name", "管理者", "運営団体名"),
    DAYS: ("利用可能な曜日", "available_days"),
    STARTS: ("利用開始時間", "開館時間", "start_time"),
    ENDS: ("利用終了時間", "閉館時間", "end_time"),
    OPENING_NOTE: ("利用可能時間特記事項", "利用可能日時_特記事項", "available_remarks", "利用時間特記事項"),
    DESCRIPTION: ("施設説明", "概要", "description"),
    ACCESS: ("バリアフリー", "barrierfree_info", "barrier_free_information"),
    URL: ("ホームページ", "ホームページURL", "HP", "website"),
    IMAGE: ("image",),
    "画像_ライセンス": ("image_license",),
    REMARKS: ("remarks", "note", "その他"),
    KIND: ("施設分類", "施設種別", "種別", "カテゴリ", "カテゴリー", "大分類", "施設区分", "施設の種類", "category"),
    OLD_PREFECTURE: (),
    OLD_CITY: (),
}  # fmt: skip
# One list has its names under the heading a spreadsheet gave the column.
_NAMELESS = fold_header("列1")
_KEYS = {fold_header(name): key for key, names in _OTHER_NAMES.items() for name in (key, *names)}
# An address of its own counts as a heading only beside others; a name alone makes no list.
_LEAST_COLUMNS = 3
_LONGEST_HEADING = 60


def columns_of(cells: Sequence[str]) -> dict[str, int] | None:
    """Return where each column of the standard stands if this row is a header, else None.

    A header names the halls (名称, or 列1 when there is no 名称) and at least two other columns. Of a column that
    stands twice the first counts.
    """
    found: dict[str, int] = {}
    nameless = None
    for index, cell in enumerate(cells):
        if not cell or len(cell) > _LONGEST_HEADING:
            continue
        folded = fold_header(cell)
        if folded == _NAMELESS and nameless is None:
            nameless = index
        key = _KEYS.get(folded)
        if key is not None:
            found.setdefault(key, index)
    if NAME not in found and nameless is not None:
        found[NAME] = nameless
    return found if NAME in found and len(found) >= _LEAST_COLUMNS else None
