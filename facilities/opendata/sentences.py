"""What was found in a list, in plain Japanese and English: one sentence for each code of a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SENTENCES: dict[str, tuple[str, str]] = {
    # Rows that are not taken.
    "empty_row": ("何も書かれていない行です。", "The row is empty."),
    "above_header": (
        "見出しより上の行です（表題など）：{text}",
        "The row stands above the headings (a title, say): {text}",
    ),
    "repeated_header": ("見出しがもう一度書かれた行です。", "The headings stand here once more."),
    "version_row": ("版を書いた行です：{text}", "The row names the edition of the file: {text}"),
    "total_row": ("合計の行です：{text}", "The row is a total: {text}"),
    "no_name": ("施設の名前がありません：{text}", "There is no name of a facility: {text}"),
    "too_many_cells": (
        '見出しより欄が多いので、どの欄か決められません。住所などの「,」を「"」で囲んでください：{text}',
        "There are more cells than headings, so it is uncertain which is which. Put cells that contain a comma "
        "between double quotes: {text}",
    ),
    "broken_characters": (
        "読めない文字があります。もとのファイルで直してください：{text}",
        "Some characters cannot be read. Mend them in the original file: {text}",
    ),
    "other_municipality": (
        "ほかの自治体（{code}）の施設です：{text}",
        "The facility belongs to another municipality ({code}): {text}",
    ),
    "other_town": (
        "ほかの自治体（{town}）の施設です：{text}",
        "The facility belongs to another municipality ({town}): {text}",
    ),
    "code_uncertain": (
        "団体コード「{code}」が正しくないので、どの自治体の施設か決められません：{text}",
        "The municipality code “{code}” is wrong, so it is uncertain whose facility this is: {text}",
    ),
    "duplicate_id": (
        "{line}行目と同じ施設です（IDと名前が同じ）：{text}",
        "The same facility as in row {line} (id and name): {text}",
    ),
    "duplicate_name": (
        "{line}行目と同じ施設です（名前と住所が同じ）：{text}",
        "The same facility as in row {line} (name and address): {text}",
    ),
    "name_too_long": (
        "名前が長すぎます（{limit}文字まで）：{text}",
        "The name is too long (at most {limit} characters): {text}",
    ),
    # What was repaired.
    "code_repaired": (
        "団体コード「{before}」を「{after}」に直しました。",
        "Municipality code “{before}” became “{after}”.",
    ),
    "id_scientific": (
        "ID「{before}」は表計算ソフトで桁が失われているので、使いません。",
        "Id “{before}” lost digits in a spreadsheet and is not used.",
    ),
    "id_date": (
        "ID「{before}」は表計算ソフトで日付に変わっているので、使いません。",
        "Id “{before}” was turned into a date by a spreadsheet and is not used.",
    ),
    "id_not_once": (
        "ID「{before}」は{line}行目の施設も使っているので、使いません。",
        "Id “{before}” is also that of row {line} and is not used.",
    ),
    "block_date": (
        "日付に変わっていた番地「{before}」を「{after}」に直しました。",
        "Block number “{before}”, turned into a date, became “{after}”.",
    ),
    "phone_zero": (
        "電話番号「{before}」のはじめの0を戻しました：{after}",
        "The first 0 of telephone number “{before}” is back: {after}",
    ),
    "phone_first": (
        "電話番号「{before}」から、はじめの番号を使います：{after}",
        "Of the telephone numbers “{before}” the first is used: {after}",
    ),
    "phone_unreadable": (
        "電話番号「{before}」は読めないので、空にします。",
        "Telephone number “{before}” cannot be read and is left out.",
    ),
    "postcode_zero": (
        "郵便番号「{before}」のはじめの0を戻しました：{after}",
        "The first 0 of postcode “{before}” is back: {after}",
    ),
    "postcode_unreadable": (
        "郵便番号「{before}」は7桁でないので、空にします。",
        "Postcode “{before}” has not seven digits and is left out.",
    ),
    "time_fraction": (
        "{column}「{before}」を「{after}」に直しました。",
        "“{before}” under {column} became “{after}”.",
    ),
    "time_unreadable": (
        "{column}「{before}」は時刻として読めないので、空にします。",
        "“{before}” under {column} is no time of day and is left out.",
    ),
    "place_swapped": (
        "入れかわっていた緯度と経度を戻しました。",
        "Latitude and longitude were swapped and are put right.",
    ),
    "place_outside": (
        "緯度・経度「{before}」は日本の外なので、空にします。",
        "“{before}” lies outside Japan; the place is left out.",
    ),
    "place_zero": (
        "緯度・経度が0なので、空にします。",
        "Latitude and longitude are 0; the place is left out.",
    ),
    "place_half": (
        "緯度と経度の片方しかないので、空にします：{before}",
        "Only one of latitude and longitude is there; both are left out: {before}",
    ),
    "place_unreadable": (
        "緯度・経度「{before}」は読めないので、空にします。",
        "“{before}” cannot be read as a place; it is left out.",
    ),
    "width": ("全角の数字を半角にしました：{column}", "Full-width digits became ordinary ones: {column}"),
    "kana": ("読みを全角カタカナにしました：{after}", "The reading is now in full-width katakana: {after}"),
    "error_cell": (
        "{column}に表計算ソフトのエラー「{before}」があるので、空にします。",
        "{column} holds a spreadsheet error, “{before}”; it is left out.",
    ),
    "too_long": (
        "{column}が長すぎるので、空にします（{limit}文字まで）。",
        "{column} is too long and is left out (at most {limit} characters).",
    ),
    "no_address": ("住所がありません。", "There is no address."),
    "bad_url": (
        "{column}「{before}」は使えないので、空にします。",
        "“{before}” under {column} cannot be used and is left out.",
    ),
    # About the whole file.
    "read_with_commas": (
        "文字コードは {encoding}、区切りはコンマとして読みました。",
        "Read as {encoding}, separated by commas.",
    ),
    "read_with_tabs": (
        "文字コードは {encoding}、区切りはタブとして読みました。",
        "Read as {encoding}, separated by tabs.",
    ),
    "read_damaged": (
        "{encoding} として読みましたが、読めない文字があります。",
        "Read as {encoding}, but some characters cannot be read.",
    ),
    "header_at": ("見出しは{line}行目です。", "The headings are in row {line}."),
    "columns_unused": ("使わない列：{columns}", "Columns not used: {columns}"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing found in a list: its code and what the sentence names."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def sentence(self, language: str = "ja") -> str:
        """The note in plain words, ``ja`` or ``en`` (any other language is answered in English)."""
        return SENTENCES[self.code][0 if language == "ja" else 1].format(**self.params)
