"""全国地方公共団体コード: five digits and a check digit.

Source: 総務省「全国地方公共団体コード」, 検査数字の算出方法: weights 6, 5, 4, 3, 2 on the five digits; the sum is
subtracted from the next multiple of 11 (when the sum is below 11, from 11), and the last digit of that is the
check digit.
"""

from __future__ import annotations

_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(five_digits: str) -> str:
    """Return the check digit of a five-digit municipality code, e.g. ``"13228" → "4"``."""
    total = sum(int(digit) * weight for digit, weight in zip(five_digits, _WEIGHTS, strict=True))
    return str((11 - total % 11) % 10)


def is_lg_code(text: str) -> bool:
    """Say whether ``text`` is a six-digit code whose check digit is right."""
    return (
        len(text) == 6
        and text.isascii()
        and text.isdigit()
        and 1 <= int(text[:2]) <= 47
        and check_digit(text[:5]) == text[5]
    )


def schema_name_of(lg_code: str) -> str:
    """Return the schema of a municipality, e.g. ``"132284" → "m132284"``."""
    return f"m{lg_code}"
