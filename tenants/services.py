"""Create municipalities, close them, open them again."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from psycopg import errors as postgres_errors

from tenants.context import inside, inside_public
from tenants.errors import HostTaken, InvalidMunicipality, MunicipalityExists, MunicipalityNotFound
from tenants.host_names import is_host_name, normal_host
from tenants.hosts import forget_hosts, is_public_host
from tenants.lg_code import check_digit, is_lg_code, schema_name_of
from tenants.models import Domain, Municipality
from tenants.provisioning import make_schema

_LONGEST_NAME = 100


def create_municipality(
    *, lg_code: str, name: str, host: str, rules_text: str, name_en: str = "", now: datetime
) -> Municipality:
    """Create a municipality with its schema, host, halls and rules; it can be booked at once.

    ``lg_code``: 全国地方公共団体コード, six digits. All of it happens in one transaction: a refusal leaves nothing
    behind. Raises InvalidMunicipality (facts["errors"]: field → sentence), MunicipalityExists, HostTaken,
    NotPrepared, and whatever a seeder refuses (facilities.errors.InvalidRules, CasesFailed).
    """
    host = normal_host(host)
    lg_code, name, name_en = lg_code.strip(), " ".join(name.split()), " ".join(name_en.split())
    errors = _problems(lg_code=lg_code, name=name, name_en=name_en, host=host)
    if errors:
        raise InvalidMunicipality(errors=errors)
    with inside_public(), transaction.atomic():
        municipality = _register(lg_code=lg_code, name=name, name_en=name_en, host=host, now=now)
        _refuse_a_schema_left_behind(municipality.schema_name)
        make_schema(municipality)
        for path in settings.MUNICIPALITY_SEEDERS:
            seed = import_string(path)
            with inside(municipality):
                seed(text=rules_text, now=now)
    forget_hosts()
    return municipality


def close_municipality(*, lg_code: str) -> None:
    """End a municipality's service: its host shows a page that says so, its data stay. Raises MunicipalityNotFound."""
    _set_status(lg_code, Municipality.Status.CLOSED)


def reopen_municipality(*, lg_code: str) -> None:
    """Serve a closed municipality again. Raises MunicipalityNotFound."""
    _set_status(lg_code, Municipality.Status.ACTIVE)


def _set_status(lg_code: str, status: Municipality.Status) -> None:
    with inside_public():
        if not Municipality.objects.filter(lg_code=lg_code).update(status=status):
            raise MunicipalityNotFound
    forget_hosts()


def _problems(*, lg_code: str, name: str, name_en: str, host: str) -> dict[str, str]:
    errors = {"lg_code": _code_problem(lg_code), "name": "", "name_en": "", "host": _host_problem(host)}
    if not name:
        errors["name"] = _("自治体の名前を入れてください。")
    elif len(name) > _LONGEST_NAME:
        errors["name"] = _("名前は{count}文字までです。").format(count=_LONGEST_NAME)
    if len(name_en) > _LONGEST_NAME:
        errors["name_en"] = _("英語の名前は{count}文字までです。").format(count=_LONGEST_NAME)
    return {field: sentence for field, sentence in errors.items() if sentence}


def _code_problem(lg_code: str) -> str:
    if is_lg_code(lg_code):
        return ""
    if not lg_code:
        return _("団体コードを入れてください。")
    if len(lg_code) != 6 or not (lg_code.isascii() and lg_code.isdigit()):
        return _("団体コードは、半角の数字6けたで入れてください。")
    if not 1 <= int(lg_code[:2]) <= 47:
        return _("団体コードのはじめの2けたは、都道府県（01から47）です。")
    right = check_digit(lg_code[:5])
    return _("団体コードの最後の数字（検査数字）が合いません。{first} なら最後は {last} です。").format(
        first=lg_code[:5], last=right
    )


def _host_problem(host: str) -> str:
    if not host:
        return _("ホスト名を入れてください。")
    if is_public_host(host):
        return _("これは共同運営者のホスト名です。ほかの名前にしてください。")
    if not is_host_name(host):
        return _(
            "ホスト名は、英小文字・数字・ハイフン・点だけで入れてください（例: akiruno.example.jp）。"
            "http:// やポート番号は入れません。"
        )
    return ""


def _register(*, lg_code: str, name: str, name_en: str, host: str, now: datetime) -> Municipality:
    """Insert both rows. A rival creating the same one makes the insert wait, and then one of the two is refused."""
    municipality = Municipality(
        schema_name=schema_name_of(lg_code), lg_code=lg_code, name=name, name_en=name_en, created_at=now
    )
    try:
        with transaction.atomic():
            Municipality.objects.bulk_create([municipality])
    except IntegrityError as error:
        _raise_unless_duplicate(error)
        raise MunicipalityExists from error
    try:
        with transaction.atomic():
            Domain.objects.bulk_create([Domain(domain=host, tenant=municipality, is_primary=True)])
    except IntegrityError as error:
        _raise_unless_duplicate(error)
        raise HostTaken from error
    return municipality


def _raise_unless_duplicate(error: IntegrityError) -> None:
    if not isinstance(error.__cause__, postgres_errors.UniqueViolation):
        raise error


def _refuse_a_schema_left_behind(schema_name: str) -> None:
    """A schema without a row (restored by hand, say) may hold somebody's data: never build into it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s)", [schema_name])
        if cursor.fetchone()[0] is not None:
            raise MunicipalityExists(
                _(
                    "この団体コードのデータ（スキーマ {schema}）が、もうあります。先に管理者が確かめてください。"
                ).format(schema=schema_name)
            )
