"""What keeps a clinic of a million appointments fast: indexes that the lists use. Nothing here measures a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.app import create_app
from sandbox.seed import seed
from sandbox.sizes import Sizes
from sandbox.sqlite_database import SqliteDatabase
from tests.contract.people import Person, sign_in


class Watched(SqliteDatabase):
    """A database that remembers which rows it was last asked to find."""

    asked: tuple[str, Any]

    def column(self, sql: str, values: Any = ()) -> list[Any]:
        self.asked = (sql, values)
        return super().column(sql, values)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    database = Watched(tmp_path_factory.mktemp("large") / "clinic.sqlite")
    seed(database, Sizes(200, 4))
    yield database
    database.close()


@pytest.fixture(scope="module")
def admin(watched: Watched) -> Person:
    return sign_in(create_app(watched).test_client(), "admin")


@pytest.mark.parametrize(
    ("path", "index"),
    [
        ("appointments/citas?offset=1000", "cita_inicio"),
        ("appointments/citas?paciente_id=7", "cita_paciente"),
        ("appointments/citas?medico_id=2&fecha_desde=2026-01-01&fecha_hasta=2027-01-01", "cita_medico"),
        ("appointments/citas?id_estado_cita=2", "cita_estado"),
        ("appointments/citas?id_tipo_cita=2", "cita_tipo"),
        ("appointments/consultas", "consulta_fecha"),
        ("appointments/consultas?paciente_id=7", "consulta_paciente"),
        ("appointments/consultas?medico_id=2", "consulta_medico"),
        ("appointments/consultas?id_estado_consulta=2", "consulta_estado"),
        ("appointments/episodios?offset=100", "episodio_fin"),
        ("appointments/episodios?paciente_id=7", "episodio_paciente"),
        ("files", "archivo_creado"),
        ("notifications", "notificacion_envio"),
        ("audit", "auditoria_fecha"),
    ],
)
def test_an_index_finds_a_page_in_its_order(watched: Watched, admin: Person, path: str, index: str) -> None:
    assert admin.get(f"/api/{path}").status == 200
    sql, values = watched.asked
    steps = [row["detail"] for row in watched.rows(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert len(steps) == 1
    assert f"INDEX {index}" in steps[0]


def test_a_search_looks_into_other_tables_once(watched: Watched, admin: Person) -> None:
    for path in ("patients", "doctors", "files", "insurance/policies", "notifications/access-codes"):
        assert admin.get(f"/api/{path}?search=01").json["data"], path
        sql, values = watched.asked
        steps = [row["detail"] for row in watched.rows(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert [step for step in steps if "CORRELATED" in step or "JOIN" in step] == [], path


@pytest.mark.parametrize(
    "sizes", [Sizes(30, 4, 1), Sizes(30, 4, 45), Sizes(30, 4, 300), Sizes(30, 4, 1001), Sizes(7, 3, 700)]
)
def test_there_are_as_many_appointments_as_asked_for(tmp_path: Path, sizes: Sizes) -> None:
    database = SqliteDatabase(tmp_path / "clinic.sqlite")
    seed(database, sizes)
    assert database.value("SELECT COUNT(*) FROM cita") == sizes.all_appointments
    assert database.rows("PRAGMA foreign_key_check") == []
    database.close()


def test_with_few_appointments_the_present_comes_first(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "clinic.sqlite")
    seed(database, Sizes(90, 4, 90))
    near = "fecha_inicio BETWEEN datetime('now', '-10 days') AND datetime('now', '10 days')"
    assert database.value(f"SELECT COUNT(*) FROM cita WHERE {near}") == 90
    database.close()
