"""From a template and what it says to a PDF that screen readers can read (PDF/UA-1)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import typst

from frontend.documents.fonts import drawable, families, folders, forms_of_other_fonts

_log = logging.getLogger("machinoma.documents")
TEMPLATES = Path(__file__).parent / "templates"


def typeset(template: str, said: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of ``templates/<template>.typ``, in which stands what ``said`` says; the same for the same ``at``.

    Texts are data for the template, never part of it. A letter no font has is printed as 〓. Takes 0.1 s to 0.3 s:
    call it in a job.
    """
    values = _drawable(dict(said))
    whole = orjson.dumps(values).decode()
    values |= {"fonts": families(), "own_forms": forms_of_other_fonts(whole)}
    data = orjson.dumps(values).decode()
    try:
        return _compile(template, data, at, accessible=True)
    except typst.TypstError:
        # A letter that only looked drawable (a mark on a letter no font joins): a box on the page, not a missing paper.
        _log.warning("document_not_accessible", extra={"template": template})
        return _compile(template, data, at, accessible=False)


def _compile(template: str, data: str, at: datetime, *, accessible: bool) -> bytes:
    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=[Path(folder) for folder in folders()],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1" if accessible else None,
        sys_inputs={"said": data},
        timestamp=int(at.timestamp()),
    )


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, Mapping):
        return {key: _drawable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_drawable(one) for one in value]
    return value
