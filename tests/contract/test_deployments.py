"""Other deployments of the same code: ids of their own, missing parts, sequences behind, and other time zones."""

from typing import Any

import pytest

from sandbox.catalog_rows import CATALOGS
from sandbox.server_times import UnknownZone, parse_zone
from tests.contract.conftest import Deploy
from tests.contract.people import Person
from tests.contract.test_lists import ROWS

OFFSET = 100


def visit(admin: Person, start: str) -> Any:
    """A new appointment at `start`, of the first patient and doctor in the lists; the answer."""
    patient, doctor = (admin.get(f"/api/{path}?limit=1").json["data"][0]["id"] for path in ("patients", "doctors"))
    reply = admin.post("/api/appointments/citas", paciente_id=patient, medico_id=doctor, fecha_inicio=start)
    assert reply.status == 201
    return reply.json


def test_every_id_is_greater_than_the_offset(deploy: Deploy) -> None:
    admin = deploy(id_offset=OFFSET)
    for path in ROWS:
        rows = admin.get(f"{path}?limit=999").json["data"]
        ids = [value for row in rows for key, value in row.items() if key.endswith("id") or key.startswith("id_")]
        assert min(number for number in ids if isinstance(number, int)) > OFFSET, path
    address = admin.get(f"/api/patients/{OFFSET + 1}/addresses").json["data"][0]
    assert min(address["id"], address["id_colonia"]) > OFFSET


def test_what_belongs_together_stays_together_under_an_offset(deploy: Deploy) -> None:
    plain, shifted = deploy(), deploy(id_offset=OFFSET)
    names = ("nombre", "username", "rol_nombre", "paciente", "medico", "estado", "tipo", "entidad_nombre", "colonia")
    for path in ROWS:
        pages = [
            [{name: row.get(name) for name in names} for row in person.get(f"{path}?limit=999").json["data"]]
            for person in (plain, shifted)
        ]
        assert pages[0] == pages[1], path


def test_with_an_offset_the_roles_come_in_another_order(deploy: Deploy) -> None:
    users = deploy(id_offset=OFFSET).get("/api/users?limit=99").json["data"]
    roles = {(user["rol_id"] - OFFSET, user["rol_nombre"]) for user in users}
    assert roles == {(1, "Paciente"), (2, "Administrador"), (3, "Médico")}


def test_new_rows_go_on_above_the_offset(deploy: Deploy) -> None:
    admin = deploy(id_offset=OFFSET)
    assert admin.post("/api/insurance/companies", nombre="ZZ").json["id"] == OFFSET + 6
    assert admin.get("/api/audit").json["data"][0]["id"] == OFFSET + 1


def test_the_numbers_of_another_deployment_lead_nowhere(deploy: Deploy) -> None:
    admin = deploy(id_offset=OFFSET)
    visit_id = visit(admin, "2030-01-01")["id"]
    row = admin.get("/api/appointments/citas?limit=1").json["data"][0]
    fields = {key: row[key] for key in ("paciente_id", "medico_id", "fecha_inicio")}
    reply = admin.put(f"/api/appointments/citas/{visit_id}", **fields, id_tipo_cita=1)
    assert reply.json["detail"] == 'Key (id_tipo_cita)=(1) is not present in table "tipo_cita".'
    reply = admin.post("/api/users", username="zz", correo="zz", password="x")  # the API's own default is role 3
    assert reply.json["detail"] == 'Key (rol_id)=(3) is not present in table "rol".'


def test_without_addresses_every_address_route_is_broken(deploy: Deploy) -> None:
    admin = deploy(without=("addresses",))
    broken = (500, {"error": 'relation "direccion_paciente" does not exist'})
    address = {"calle": "Uno", "id_colonia": 1}
    for reply in (
        admin.get("/api/patients/1/addresses"),
        admin.post("/api/patients/1/addresses", **address),
        admin.put("/api/patients/1/addresses/1", **address),
        admin.delete("/api/patients/1/addresses/1"),
    ):
        assert (reply.status, reply.json) == broken


def test_without_addresses_the_rest_works(deploy: Deploy) -> None:
    admin = deploy(without=("addresses",))
    user = admin.post("/api/users", username="zz", correo="zz", password="x").json["id"]
    patient = admin.post("/api/patients", usuario_id=user, nombre="ZZ").json["id"]
    assert admin.delete(f"/api/patients/{patient}").status == 200
    assert admin.delete(f"/api/users/{user}").status == 200


@pytest.mark.parametrize("offset", [0, OFFSET])
def test_sequences_behind_refuse_as_many_creates_as_there_are_rows(deploy: Deploy, offset: int) -> None:
    admin = deploy(sequences_behind=True, id_offset=offset)
    for path in ("insurance/companies", *(f"catalogs/{catalog.path}" for catalog in CATALOGS)):
        rows = admin.get(f"/api/{path}").json["pagination"]["total"]
        replies = [admin.post(f"/api/{path}", nombre="ZZ", tipo="ZZ") for _ in range(rows + 1)]
        detail = f"Key (id)=({offset + 1}) already exists."
        assert replies[0].json == {"error": "Duplicate entry", "detail": detail}
        assert [reply.status for reply in replies] == [409] * rows + [201]


def test_people_and_visits_came_through_the_sequences(deploy: Deploy) -> None:
    admin = deploy(sequences_behind=True)
    assert admin.post("/api/users", username="zz", correo="zz", password="x").status == 201
    assert visit(admin, "2030-01-01")["id"] == 301


def test_a_server_in_another_zone_gives_back_other_hours_than_were_written(deploy: Deploy) -> None:
    admin = deploy(time_zone="America/Mexico_City")
    visit_id = visit(admin, "2030-01-01T15:00:00Z")["id"]
    for query, found in (("fecha_desde=2030-01-01T15:00:00Z", [visit_id]), ("fecha_desde=2030-01-01T15:00:01Z", [])):
        rows = admin.get(f"/api/appointments/citas?{query}").json["data"]
        assert [row["id"] for row in rows] == found
    assert admin.get("/api/appointments/citas").json["data"][0]["fecha_inicio"] == "2030-01-01T21:00:00.000Z"


def test_a_zone_has_summers_and_dates_begin_at_its_midnight(deploy: Deploy) -> None:
    admin = deploy(time_zone="Europe/Berlin")
    visit(admin, "2030-07-01T15:00:00Z")
    assert admin.get("/api/appointments/citas").json["data"][0]["fecha_inicio"] == "2030-07-01T13:00:00.000Z"
    admin.put("/api/patients/1", nombre="ZZ", fecha_nacimiento="1990-01-31")
    assert admin.get("/api/patients/1").json["fecha_nacimiento"] == "1990-01-30T23:00:00.000Z"


def test_the_servers_clock_itself_is_right(deploy: Deploy) -> None:
    here, there = deploy(), deploy(time_zone="America/Mexico_City")
    before, health, after = (person.get("/health").json["timestamp"] for person in (here, there, here))
    assert before <= health <= after


@pytest.mark.parametrize("name", ["Mars/Base", "", "../UTC", "/etc/localtime"])
def test_an_unknown_zone_is_named(name: str) -> None:
    with pytest.raises(UnknownZone, match="name one such as America/Mexico_City"):
        parse_zone(name)
