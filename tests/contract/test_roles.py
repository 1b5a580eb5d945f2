"""Who may do what with `--enforce-roles`, and that without it everybody may do everything."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from sandbox.access_rules import AccessRules
from sandbox.app import create_app
from sandbox.db import Database
from tests.contract.people import Person, sign_in

DENIED = (403, {"error": "Access denied"})
VISIT = {"medico_id": 1, "fecha_inicio": "2030-01-01T10:00:00Z"}


@pytest.fixture(scope="module")
def strict(changed: Database) -> FlaskClient:
    return create_app(changed, access=AccessRules.read()).test_client()


@pytest.fixture(scope="module")
def doctor(strict: FlaskClient) -> Person:
    return sign_in(strict, "doctor001")


@pytest.fixture(scope="module")
def patient(strict: FlaskClient) -> Person:
    """Patient 7, user 28."""
    return sign_in(strict, "patient0007")


def test_as_deployed_a_patient_may_do_everything(clinic: Callable[..., FlaskClient]) -> None:
    patient = sign_in(clinic(), "patient0007")
    assert patient.get("/api/users").status == 200
    assert patient.get("/api/appointments/citas").json["pagination"]["total"] == 3000
    assert patient.delete("/api/files/1").status == 200


def test_the_admin_may_do_everything(strict: FlaskClient) -> None:
    admin = sign_in(strict, "admin")
    assert admin.get("/api/audit").status == 200
    assert admin.post("/api/catalogs/tipo-cita", nombre="ZZ").status == 201


@pytest.mark.parametrize(
    "path", ["auth/me", "dashboard", "patients", "doctors", "catalogs/tipo-cita", "insurance/policies", "files"]
)
def test_a_doctor_reads_the_clinic(doctor: Person, path: str) -> None:
    assert doctor.get(f"/api/{path}").status == 200


def test_a_doctor_writes_what_a_visit_needs(doctor: Person) -> None:
    assert doctor.post("/api/appointments/citas", paciente_id=1, **VISIT).status == 201
    assert doctor.post("/api/appointments/episodios", id_paciente=1).status == 201
    assert doctor.post("/api/files", tipo="t", url="u", entidad="PACIENTE", entidad_id=1).status == 201
    told = {"mensaje": "m", "canal": "c", "id_usuario": doctor.get("/api/patients/1").json["usuario_id"]}
    assert doctor.post("/api/notifications", **told).status == 201


def test_a_doctor_sees_the_own_patients_only(strict: FlaskClient, doctor: Person) -> None:
    """Patient 1, whom the doctor has, and somebody who has just come and was seen by no one."""
    admin = sign_in(strict, "admin")
    user = admin.post("/api/users", username="new", correo="new@test.com", password="x").json["id"]
    stranger = admin.post("/api/patients", usuario_id=user, nombre="New").json["id"]
    episode = admin.post("/api/appointments/episodios", id_paciente=stranger).json["id"]
    for path in (f"patients/{stranger}", f"patients/{stranger}/addresses"):
        assert (doctor.get(f"/api/{path}").status, admin.get(f"/api/{path}").status) == (403, 200)
    assert doctor.delete(f"/api/appointments/episodios/{episode}").status == 403
    assert doctor.post("/api/appointments/episodios", id_paciente=stranger).status == 403
    total = admin.get("/api/patients").json["pagination"]["total"]
    assert 0 < doctor.get("/api/patients").json["pagination"]["total"] < total
    assert doctor.get("/api/appointments/episodios?limit=1&paciente_id=" + str(stranger)).json["data"] == []


def test_a_doctor_takes_on_who_comes_without_an_appointment(strict: FlaskClient, doctor: Person) -> None:
    admin = sign_in(strict, "admin")
    user = admin.post("/api/users", username="walk-in", correo="walk@test.com", password="x").json["id"]
    stranger = admin.post("/api/patients", usuario_id=user, nombre="Walk In").json["id"]
    visit = {"paciente_id": stranger, "fecha_inicio": "2030-01-01T10:00:00Z"}
    assert doctor.post("/api/appointments/citas", medico_id=2, **visit).status == 403
    assert doctor.post("/api/appointments/citas", medico_id=1, **visit).status == 201
    assert doctor.get(f"/api/patients/{stranger}").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "users"),
        ("GET", "users/2"),
        ("GET", "audit/stats"),
        ("PUT", "patients/1"),
        ("DELETE", "doctors/1"),
        ("POST", "catalogs/tipo-cita"),
        ("POST", "notifications/access-codes"),
    ],
)
def test_the_rest_is_not_a_doctors(doctor: Person, method: str, path: str) -> None:
    reply = doctor.send(method, f"/api/{path}", {} if method != "GET" else None)
    assert (reply.status, reply.json) == DENIED


@pytest.mark.parametrize(
    ("path", "total"),
    [
        ("patients?search=patient", 1),
        ("appointments/citas", 10),
        ("appointments/citas?paciente_id=8", 0),
        ("insurance/policies", 1),
        ("notifications", 1),
        ("files", 1),
        ("doctors", 20),
        ("catalogs/especialidades", 15),
    ],
)
def test_a_patient_sees_the_own_rows(patient: Person, path: str, total: int) -> None:
    assert patient.get(f"/api/{path}").json["pagination"]["total"] == total


def test_a_patient_sees_the_own_medical_history(patient: Person) -> None:
    for path, field in (("consultas", "id_paciente"), ("episodios", "id_paciente")):
        rows = patient.get(f"/api/appointments/{path}").json["data"]
        assert {row[field] for row in rows} == {7}
    assert {row["entidad_id"] for row in patient.get("/api/files/associations").json["data"]} == {7}


def test_a_patient_keeps_the_own_record(patient: Person) -> None:
    assert patient.get("/api/auth/me").status == 200
    assert patient.get("/api/patients/7").json["usuario_id"] == 28
    assert patient.put("/api/patients/7", nombre="Me").status == 200
    created = patient.post("/api/patients/7/addresses", calle="c", id_colonia=1)
    address = f"/api/patients/7/addresses/{created.json['id']}"
    assert patient.put(address, calle="d", id_colonia=1).status == 200
    assert patient.delete(address).status == 200


def test_a_patient_handles_the_own_appointments(patient: Person) -> None:
    created = patient.post("/api/appointments/citas", paciente_id=7, **VISIT)
    one = f"/api/appointments/citas/{created.json['id']}"
    assert patient.put(one, paciente_id=7, **VISIT).status == 200
    reply = patient.put(one, paciente_id=8, **VISIT)
    assert (reply.status, reply.json) == DENIED
    assert patient.delete(one).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "dashboard"),
        ("GET", "dashboard/kpis"),
        ("GET", "users"),
        ("GET", "audit"),
        ("GET", "patients/8"),
        ("PUT", "patients/8"),
        ("DELETE", "patients/7"),
        ("GET", "patients/8/addresses"),
        ("POST", "appointments/citas"),
        ("PUT", "appointments/citas/8"),
        ("DELETE", "appointments/citas/8"),
        ("POST", "appointments/consultas"),
        ("GET", "insurance/companies"),
        ("DELETE", "files/7"),
    ],
)
def test_the_rest_is_not_a_patients(patient: Person, method: str, path: str) -> None:
    reply = patient.send(method, f"/api/{path}", {"paciente_id": 8} if method != "GET" else None)
    assert (reply.status, reply.json) == DENIED


def test_an_account_without_a_record_owns_nothing(strict: FlaskClient) -> None:
    sign_in(strict, "admin").post("/api/users", username="zz", correo="zz@test.com", password="x")
    nobody = sign_in(strict, "zz", "x")
    assert nobody.get("/api/appointments/citas").json["pagination"]["total"] == 0
    assert nobody.get("/api/patients/0").status == 403
