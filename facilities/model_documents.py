"""Documents of other municipalities that came with the product, as a beginning for a document of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from facilities import ordinance
from facilities.errors import ModelNotFound
from facilities.ordinance.editing.changing import remove_value, set_values
from facilities.ordinance.reading.parsing import read_plain
from tenants.models import Municipality

_FOLDER = Path(ordinance.__file__).parent / "examples"
_FACTS = ("name_kana", "name_en")


@dataclass(frozen=True, slots=True)
class ModelDocument:
    """A document to begin with: whose it is, and in a sentence what it is an example of (Japanese)."""

    key: str
    name: str
    name_en: str
    about: str


@cache
def model_documents() -> tuple[ModelDocument, ...]:
    """Return the documents that came with the product, by key."""
    return tuple(_described(path) for path in sorted(_FOLDER.glob("*.yaml")))


def model_text(*, key: str, municipality: Municipality) -> str:
    """Return the text of a model document for ``municipality``: its name and code stand where the other's stood, and a
    note says whose rules they were. Everything else is to be changed by people. Raises ModelNotFound."""
    model = next((one for one in model_documents() if one.key == key), None)
    if model is None:
        raise ModelNotFound
    text = (_FOLDER / f"{key}.yaml").read_text(encoding="utf-8")
    for fact in _FACTS:
        if fact in read_plain(text)["municipality"]:
            text = remove_value(text, ("municipality", fact))
    own: dict[tuple[str | int, ...], Any] = {
        ("municipality", "name"): municipality.name,
        ("municipality", "lg_code"): municipality.lg_code,
        ("note",): f"{model.name}の文書を手本にして、書きはじめました。",
    }
    if municipality.name_en:
        own["municipality", "name_en"] = municipality.name_en
    return set_values(text, own)


def _described(path: Path) -> ModelDocument:
    # The first lines say all that is asked here; reading 23 whole documents would take a second.
    text = path.read_text(encoding="utf-8").split("\neffective_from")[0]
    whose = read_plain(text)["municipality"]
    comment = text.partition("\n")[0].lstrip("# ")
    about = "。".join(one for one in comment.split("。")[:2] if one and "出典" not in one)
    return ModelDocument(path.stem, whose["name"], whose.get("name_en") or whose["name"], about)
