"""Deletions: what goes along, what is left, and what refuses."""

import pytest

from tests.contract.people import Person


def total(person: Person, path: str) -> int:
    rows = person.get(path).json
    return int(rows["pagination"]["total"]) if "pagination" in rows else len(rows["data"])


@pytest.fixture
def patient(admin: Person) -> int:
    """A patient with an address, an appointment, an episode, a policy, a notification and an access code."""
    user = admin.post("/api/users", username="zz", correo="zz@test.com", password="x").json["id"]
    patient_id = int(admin.post("/api/patients", usuario_id=user, nombre="ZZ").json["id"])
    admin.post(f"/api/patients/{patient_id}/addresses", calle="Uno", id_colonia=1)
    admin.post("/api/appointments/citas", paciente_id=patient_id, medico_id=1, fecha_inicio="2030-01-01T10:00:00Z")
    admin.post("/api/appointments/episodios", id_paciente=patient_id)
    admin.post("/api/insurance/policies", id_paciente=patient_id, id_aseguradora=1, numero_poliza="ZZ")
    admin.post("/api/notifications", id_usuario=user, mensaje="m", canal="zz-channel", id_cita=3001)
    admin.post("/api/notifications/access-codes", codigo="ZZ", id_usuario=user)
    return patient_id


def left_of(admin: Person, patient: int) -> list[int]:
    return [
        total(admin, f"/api/{path}")
        for path in (
            f"patients/{patient}/addresses",
            f"appointments/citas?paciente_id={patient}",
            f"appointments/episodios?paciente_id={patient}",
            "insurance/policies?search=zz",
            "notifications?search=zz-channel",
            "notifications/access-codes?search=ZZ",
        )
    ]


def test_deleting_a_patient_removes_what_is_the_patients(admin: Person, patient: int) -> None:
    assert left_of(admin, patient) == [1, 1, 1, 1, 1, 1]
    assert admin.delete(f"/api/patients/{patient}").json == {"message": "Patient deleted successfully"}
    assert left_of(admin, patient) == [0, 0, 0, 0, 1, 1]


def test_deleting_a_user_removes_the_record_and_the_messages(admin: Person, patient: int) -> None:
    assert admin.delete("/api/users/322").json == {"message": "User deleted successfully"}
    assert left_of(admin, patient) == [0, 0, 0, 0, 0, 0]
    assert admin.get(f"/api/patients/{patient}").status == 404


@pytest.mark.parametrize(("path", "key"), [("patients/1", 1), ("doctors/1", 1), ("users/22", 1), ("users/3", 2)])
def test_who_a_consultation_names_cannot_be_deleted(admin: Person, path: str, key: int) -> None:
    reply = admin.delete(f"/api/{path}")
    detail = f'Key (id)=({key}) is still referenced from table "consulta".'
    assert (reply.status, reply.json) == (
        400,
        {"error": "Foreign key constraint violation", "detail": detail},
    )
    assert admin.get(f"/api/{path}").status == 200
    assert total(admin, "/api/appointments/consultas") == 1233


def test_without_consultations_a_patient_can_go(admin: Person) -> None:
    for row in admin.get("/api/appointments/consultas?paciente_id=1&limit=99").json["data"]:
        admin.delete(f"/api/appointments/consultas/{row['id']}")
    assert admin.delete("/api/users/22").status == 200
    assert admin.get("/api/patients/1").status == 404


def test_deleting_an_appointment_or_an_episode_removes_its_consultations(admin: Person) -> None:
    row = admin.get("/api/appointments/consultas?paciente_id=1").json["data"][0]
    before = total(admin, "/api/appointments/consultas?paciente_id=1")
    admin.delete(f"/api/appointments/citas/{row['cita_id']}")
    assert total(admin, "/api/appointments/consultas?paciente_id=1") == before - 1
    for episode in admin.get("/api/appointments/episodios?paciente_id=1").json["data"]:
        admin.delete(f"/api/appointments/episodios/{episode['id']}")
    assert total(admin, "/api/appointments/consultas?paciente_id=1") == 0


def test_deleting_a_file_removes_its_association(admin: Person) -> None:
    assert admin.delete("/api/files/1").json == {"message": "File deleted successfully"}
    assert total(admin, "/api/files/associations?archivo_id=1") == 0


def test_the_policies_of_a_deleted_insurer_show_nowhere(admin: Person) -> None:
    reply = admin.delete("/api/insurance/companies/1")
    assert (reply.status, reply.json) == (200, {"message": "Insurance company deleted successfully"})
    assert total(admin, "/api/insurance/policies") == 240
    assert admin.get("/api/insurance/policies/300").status == 404
    assert admin.delete("/api/insurance/policies/300").json == {"message": "Policy deleted successfully"}


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("patients", "Patient"),
        ("doctors", "Doctor"),
        ("appointments/consultas", "Consultation"),
        ("appointments/episodios", "Episode"),
        ("files", "File"),
        ("files/associations", "Association"),
        ("patients/1/addresses", "Address"),
    ],
)
def test_deleting_nothing_is_fine(admin: Person, path: str, title: str) -> None:
    reply = admin.delete(f"/api/{path}/999999")
    assert (reply.status, reply.json) == (200, {"message": f"{title} deleted successfully"})
    assert admin.delete(f"/api/{path}/abc").status == 500


def test_an_address_is_only_found_at_its_own_patient(admin: Person, patient: int) -> None:
    reply = admin.put("/api/patients/1/addresses/301", calle="Dos", id_colonia=1)
    assert (reply.status, reply.json) == (404, {"error": "Address not found"})
    admin.delete("/api/patients/1/addresses/301")
    assert total(admin, f"/api/patients/{patient}/addresses") == 1
