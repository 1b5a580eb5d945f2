"""Creates and updates: what they need, what they answer, and how PostgreSQL refuses them."""

from typing import Any

import pytest

from tests.contract.people import Person
from tests.contract.test_routes import CATALOGS

REQUIRED = {
    "/api/users": "Username, email and password required",
    "/api/patients": "usuario_id and nombre are required",
    "/api/patients/1/addresses": "calle and id_colonia are required",
    "/api/doctors": "usuario_id, nombre and cedula are required",
    "/api/appointments/citas": "paciente_id, medico_id, and fecha_inicio are required",
    "/api/appointments/consultas": "cita_id, id_paciente, and id_medico are required",
    "/api/appointments/episodios": "id_paciente is required",
    "/api/files": "tipo and url are required",
    "/api/insurance/companies": "nombre is required",
    "/api/insurance/policies": "id_paciente, id_aseguradora and numero_poliza are required",
    "/api/notifications": "mensaje and canal are required",
    "/api/notifications/access-codes": "codigo is required",
} | {f"/api/catalogs/{name}": f"{'tipo' if name == 'tipos-sangre' else 'nombre'} is required" for name in CATALOGS}
# Path, what is sent, the first new id, and what the messages call it.
WRITES: dict[str, tuple[dict[str, Any], int, str]] = {
    "/api/users": ({"username": "zz", "correo": "zz@test.com", "password": "x"}, 322, "User"),
    "/api/patients/1/addresses": ({"calle": "Uno", "id_colonia": 1}, 301, "Address"),
    "/api/appointments/citas": (
        {"paciente_id": 1, "medico_id": 1, "fecha_inicio": "2030-01-01T10:00:00Z"},
        3001,
        "Appointment",
    ),
    "/api/insurance/companies": ({"nombre": "ZZ"}, 6, "Insurance company"),
    "/api/insurance/policies": (
        {"id_paciente": 1, "id_aseguradora": 1, "numero_poliza": "ZZ-1"},
        301,
        "Policy",
    ),
    "/api/notifications": ({"mensaje": "Recordatorio", "canal": "email"}, 301, "Notification"),
    "/api/notifications/access-codes": ({"codigo": "ZZ"}, 301, "Access code"),
}


@pytest.mark.parametrize("path", REQUIRED)
def test_a_create_names_what_it_misses(reader: Person, path: str) -> None:
    reply = reader.post(path)
    assert (reply.status, reply.json) == (400, {"error": REQUIRED[path]})


@pytest.mark.parametrize("path", WRITES)
def test_a_row_is_created_replaced_and_deleted(admin: Person, path: str) -> None:
    sent, new_id, title = WRITES[path]
    reply = admin.post(path, **sent)
    assert (reply.status, reply.json) == (201, {"id": new_id, "message": f"{title} created successfully"})
    reply = admin.put(f"{path}/{new_id}", **sent)
    assert (reply.status, reply.json) == (200, {"id": new_id, "message": f"{title} updated successfully"})
    reply = admin.put(f"{path}/999999", **sent)
    assert (reply.status, reply.json) == (404, {"error": f"{title} not found"})
    reply = admin.delete(f"{path}/{new_id}")
    assert (reply.status, reply.json) == (200, {"message": f"{title} deleted successfully"})
    reply = admin.delete(f"{path}/999999")
    assert reply.status == (404 if path == "/api/users" else 200)
    assert admin.put(f"{path}/abc", **sent).status == 500


@pytest.mark.parametrize("name", CATALOGS)
def test_a_catalog_entry_is_created_replaced_and_deleted(admin: Person, name: str) -> None:
    path, field = f"/api/catalogs/{name}", "tipo" if name == "tipos-sangre" else "nombre"
    created = admin.post(path, **{field: "ZZ"})
    one = f"{path}/{created.json['id']}"
    assert (created.status, created.json["message"]) == (201, "Created successfully")
    assert admin.put(one, **{field: "ZZ 2"}).json["message"] == "Updated successfully"
    assert admin.get(one).json == {"id": created.json["id"], field: "ZZ 2"}
    assert admin.put(f"{path}/999999", **{field: "x"}).json == {"error": "Record not found"}
    assert admin.delete(one).json == {"message": "Deleted successfully"}
    assert admin.delete(one).status == 200
    assert admin.get(one).status == 404


def test_a_patient_shows_its_users_mail_and_phone(admin: Person) -> None:
    user = {"username": "zz", "correo": "zz@test.com", "telefono": "556", "password": "x"}
    usuario_id = admin.post("/api/users", **user).json["id"]
    sent = {"usuario_id": usuario_id, "nombre": "ZZ", "telefono": "555", "correo": "own@test.com"}
    reply = admin.post("/api/patients", **sent, altura=165.5, peso="60.25", fecha_nacimiento="1990-01-31")
    assert (reply.status, reply.json) == (201, {"id": 301, "message": "Patient created successfully"})
    row = admin.get("/api/patients/301").json
    assert (row["correo"], row["telefono"]) == ("zz@test.com", "556")
    assert (row["altura"], row["peso"]) == ("165.50", "60.25")
    assert row["fecha_nacimiento"] == "1990-01-31T00:00:00.000Z"


def test_a_doctor_shows_the_own_phone_when_the_user_has_none(admin: Person) -> None:
    usuario_id = admin.post("/api/users", username="zz", correo="z@test.com", password="x", rol_id=2).json["id"]
    reply = admin.post("/api/doctors", usuario_id=usuario_id, nombre="Dr. ZZ", cedula="MX1", telefono="555")
    assert (reply.status, reply.json) == (201, {"id": 21, "message": "Doctor created successfully"})
    row = admin.get("/api/doctors/21").json
    assert (row["correo"], row["telefono"], row["especialidad"]) == ("z@test.com", "555", None)


def test_what_a_put_leaves_out_becomes_null(admin: Person) -> None:
    assert admin.put("/api/patients/1", nombre="New", altura=166).status == 200
    row = admin.get("/api/patients/1").json
    assert (row["nombre"], row["altura"], row["usuario_id"]) == ("New", "166.00", 22)
    assert row["peso"] is row["tipo_sangre"] is row["medico_gen_id"] is None


def test_a_put_without_a_needed_column_shows_the_row_that_it_would_leave(admin: Person) -> None:
    reply = admin.put("/api/insurance/companies/1", rfc="NEW")
    detail = "Failing row contains (1, null, NEW, null, null)."
    assert (reply.status, reply.json) == (400, {"error": "Required field missing", "detail": detail})


def test_a_consultation_keeps_whose_it_is(admin: Person) -> None:
    before = admin.get("/api/appointments/consultas?paciente_id=1").json["data"][0]
    reply = admin.put(f"/api/appointments/consultas/{before['id']}", id_estado_consulta=2, narrativa="n")
    assert reply.json == {"id": before["id"], "message": "Consultation updated successfully"}
    rows = admin.get("/api/appointments/consultas?paciente_id=1&limit=99").json["data"]
    after = next(row for row in rows if row["id"] == before["id"])
    kept = ("cita_id", "id_paciente", "id_medico")
    assert [after[key] for key in kept] == [before[key] for key in kept]
    assert (after["diagnostico_final"], after["id_episodio"]) == (None, None)


def test_an_episode_is_opened_and_closed(admin: Person) -> None:
    reply = admin.post("/api/appointments/episodios", id_paciente=1, motivo="Dolor", fecha_inicio="2020-01-01")
    assert (reply.status, reply.json) == (201, {"id": 601, "message": "Episode created successfully"})
    reply = admin.patch("/api/appointments/episodios/601/close")
    assert (reply.status, reply.json) == (200, {"id": 601, "message": "Episode closed successfully"})
    newest = admin.get("/api/appointments/episodios?paciente_id=1").json["data"][0]
    assert newest["id"] == 601  # its end counts, not its beginning
    assert newest["fecha_inicio"] <= newest["fecha_fin"]
    reply = admin.patch("/api/appointments/episodios/999999/close")
    assert (reply.status, reply.json) == (404, {"error": "Episode not found"})


def test_a_file_and_its_association_are_made_together(admin: Person) -> None:
    sent = {"tipo": "application/pdf", "url": "https://files.example.com/a.pdf"}
    reply = admin.post("/api/files", **sent, entidad="PACIENTE", entidad_id=1, descripcion="Estudio")
    message = "File created and associated successfully"
    assert (reply.status, reply.json) == (201, {"id": 301, "association_id": 301, "message": message})
    row = admin.get("/api/files/associations?archivo_id=301").json["data"][0]
    assert (row["autor"], row["entidad_id"], row["archivo_url"]) == ("admin", 1, sent["url"])
    assert admin.delete("/api/files/associations/301").json == {"message": "Association deleted successfully"}
    assert admin.get("/api/files?limit=1").json["data"][0]["asociacion_id"] is None
    assert admin.post("/api/files", **sent).json["association_id"] is None


@pytest.mark.parametrize(
    ("path", "sent", "detail"),
    [
        ("users", {"username": "admin", "correo": "n@t", "password": "x"}, "Key (username)=(admin)"),
        (
            "users",
            {"username": "n", "correo": "admin@example.com", "password": "x"},
            "Key (correo)=(admin@example.com)",
        ),
        ("patients", {"usuario_id": 22, "nombre": "n"}, "Key (usuario_id)=(22)"),
        (
            "patients",
            {"usuario_id": 2, "nombre": "n", "correo": "patient0001@example.com"},
            "Key (correo)=(patient0001@example.com)",
        ),
        ("doctors", {"usuario_id": 2, "nombre": "n", "cedula": "c"}, "Key (usuario_id)=(2)"),
        (
            "doctors",
            {"usuario_id": 22, "nombre": "n", "cedula": "c", "correo": "doctor001@example.com"},
            "Key (correo)=(doctor001@example.com)",
        ),
        ("notifications/access-codes", {"codigo": "CODE-1"}, "Key (codigo)=(CODE-1)"),
    ],
)
def test_a_duplicate_is_a_conflict(admin: Person, path: str, sent: dict[str, Any], detail: str) -> None:
    reply = admin.post(f"/api/{path}", **sent)
    assert (reply.status, reply.json) == (
        409,
        {"error": "Duplicate entry", "detail": f"{detail} already exists."},
    )


@pytest.mark.parametrize(
    ("path", "sent", "column", "table"),
    [
        ("users", {"username": "n", "correo": "n@t", "password": "x", "rol_id": 999999}, "rol_id", "rol"),
        ("patients", {"usuario_id": 999999, "nombre": "n"}, "usuario_id", "usuario"),
        ("patients", {"usuario_id": 1, "nombre": "n", "id_medico_gen": 999999}, "id_medico_gen", "medico"),
        ("patients/999999/addresses", {"calle": "c", "id_colonia": 1}, "paciente_id", "paciente"),
        ("patients/1/addresses", {"calle": "c", "id_colonia": 999999}, "id_colonia", "colonia"),
        (
            "appointments/citas",
            {"paciente_id": 999999, "medico_id": 999999, "fecha_inicio": "2030-01-01"},
            "paciente_id",
            "paciente",
        ),
        (
            "appointments/consultas",
            {"cita_id": 999999, "id_paciente": 1, "id_medico": 1},
            "cita_id",
            "cita",
        ),
        ("appointments/episodios", {"id_paciente": 999999}, "id_paciente", "paciente"),
        (
            "insurance/policies",
            {"id_paciente": 1, "id_aseguradora": 999999, "numero_poliza": "x"},
            "id_aseguradora",
            "aseguradora",
        ),
        ("notifications", {"mensaje": "m", "canal": "c", "id_cita": 999999}, "id_cita", "cita"),
    ],
)
def test_a_reference_to_nothing_is_refused(
    admin: Person, path: str, sent: dict[str, Any], column: str, table: str
) -> None:
    reply = admin.post(f"/api/{path}", **sent)
    detail = f'Key ({column})=(999999) is not present in table "{table}".'
    assert (reply.status, reply.json) == (
        400,
        {"error": "Foreign key constraint violation", "detail": detail},
    )


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("id_tipo_sangre", "abc", 'invalid input syntax for type integer: "abc"'),
        ("altura", "tall", 'invalid input syntax for type numeric: "tall"'),
        ("fecha_nacimiento", "soon", 'invalid input syntax for type date: "soon"'),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_500(admin: Person, field: str, value: str, error: str) -> None:
    reply = admin.put("/api/patients/1", **{"nombre": "n", field: value})
    assert (reply.status, reply.json) == (500, {"error": error})


def test_a_refused_insert_uses_up_its_id(admin: Person) -> None:
    first = {"username": "a", "correo": "a@test.com", "password": "x"}
    assert admin.post("/api/users", **first).json["id"] == 322
    assert admin.post("/api/users", **first).status == 409
    assert admin.post("/api/users", username="b", correo="b@test.com", password="x").json["id"] == 324
    admin.delete("/api/users/324")
    assert admin.post("/api/users", username="c", correo="c@test.com", password="x").json["id"] == 325


def test_a_list_has_none_of_the_fields(admin: Person) -> None:
    assert admin.send("POST", "/api/users", ["x"]).json == {"error": REQUIRED["/api/users"]}
