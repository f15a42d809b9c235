"""全国地方公共団体コード with zeros or the check digit lost, and wards of designated cities."""

from __future__ import annotations

from tenants.lg_code import check_digit, is_lg_code

_TOKYO = "13"


def possible_codes(digits: str) -> set[str]:
    """Return the six-digit codes a damaged code can have been: a lost first zero, a lost check digit, or both."""
    if not (digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 6):
        return set()
    whole = {digits, f"0{digits}"} if len(digits) == 5 else {digits}
    short = {digits} if len(digits) == 5 else {f"0{digits}"} if len(digits) == 4 else set()
    candidates = whole | {five + check_digit(five) for five in short}
    return {code for code in candidates if is_lg_code(code)}


def repair_code(digits: str, own: str) -> str | None:
    """Return the code that ``digits`` certainly are: ours if that is possible, else the only one; None if unsure."""
    possible = possible_codes(digits)
    ours = sorted(code for code in possible if belongs(code, own))
    if ours:
        return ours[0]
    return next(iter(possible)) if len(possible) == 1 else None


def belongs(code: str, own: str) -> bool:
    """Say whether a code is the municipality's own or that of one of its wards (政令指定都市の区)."""
    return code == own or _is_ward_of(int(code[:5]), int(own[:5]), own)


def _is_ward_of(code: int, city: int, own: str) -> bool:
    # Designated cities are numbered 1x0 within their prefecture and their wards follow; Tokyo's wards are
    # municipalities of their own.
    if own[:2] == _TOKYO or own[2] != "1" or own[4] != "0":
        return False
    room = 30 if own[3] == "0" else 20
    return city < code < city + room
