"""QR codes."""

from __future__ import annotations

from io import BytesIO

import segno


def qr_svg(address: str) -> str:
    """Return a QR code of an address as SVG, with room for a quarter of it to be lost."""
    out = BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", border=4, xmldecl=False, svgns=True)
    return out.getvalue().decode()
