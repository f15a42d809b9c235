"""The checked-in description is the one we serve, and it is valid OpenAPI 3.1."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command

CHECKED_IN = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


def test_the_checked_in_description_is_up_to_date(tmp_path):
    made = tmp_path / "openapi.yaml"
    call_command(
        "spectacular", validate=True, fail_on_warn=True, urlconf="config.urls_municipality", file=str(made)
    )
    assert made.read_text() == CHECKED_IN.read_text(), "see docs/api.md, last section"


def test_the_description_is_served(anybody):
    served = anybody.get("/openapi.yaml")
    assert served["Content-Type"] == "application/yaml"
    assert served.content.decode() == CHECKED_IN.read_text()
    document = anybody.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/reservations/{ref}/cancel" in document["paths"]


def test_every_answer_points_to_the_description(anybody):
    for path in ("/rooms", "/nothing", "/reservations"):
        assert anybody.get(path)["Link"] == '</api/v1/openapi.json>; rel="service-desc"'
