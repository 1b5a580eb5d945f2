"""The audit trail: which writes leave a row, how it reads, and how it is counted."""

from tests.contract.people import Person


def trail(person: Person) -> list[tuple[str, str, int]]:
    """Oldest first."""
    rows = person.get("/api/audit?limit=999").json["data"]
    return [(row["accion"], row["entidad"], row["entidad_id"]) for row in reversed(rows)]


def test_every_write_leaves_its_row(admin: Person) -> None:
    admin.post("/api/catalogs/tipo-cita", nombre="ZZ")
    admin.put("/api/catalogs/tipo-cita/5", nombre="ZZ 2")
    admin.delete("/api/catalogs/tipo-cita/5")
    admin.post("/api/appointments/citas", paciente_id=1, medico_id=1, fecha_inicio="2030-01-01T10:00:00Z")
    admin.patch("/api/appointments/episodios/1/close")
    admin.post("/api/files", tipo="t", url="u", entidad="PACIENTE", entidad_id=1)
    admin.delete("/api/notifications/access-codes/999999")
    assert trail(admin) == [
        ("CREATE", "TIPO_CITA", 5),
        ("UPDATE", "TIPO_CITA", 5),
        ("DELETE", "TIPO_CITA", 5),
        ("CREATE", "CITA", 3001),
        ("UPDATE", "EPISODIO", 1),
        ("CREATE", "ARCHIVO", 301),
        ("CREATE", "ARCHIVO_ASOCIACION", 301),
        ("DELETE", "ACCESO_CODIGO", 999999),
    ]


def test_reads_refusals_and_a_new_password_leave_none(admin: Person) -> None:
    admin.get("/api/patients")
    admin.post("/api/users")
    admin.post("/api/users", username="admin", correo="x@test.com", password="x")
    admin.put("/api/catalogs/tipo-cita/999999", nombre="x")
    admin.delete("/api/users/999999")
    admin.delete("/api/patients/1")
    admin.patch("/api/users/22/password", password="other")
    assert trail(admin) == []


def test_a_row_names_who_wrote_what_and_when(admin: Person) -> None:
    admin.put("/api/insurance/companies/1", nombre="New")
    row = admin.get("/api/audit").json["data"][0]
    assert row.pop("fecha_hora") <= admin.get("/health").json["timestamp"]
    assert row == {
        "id": 1,
        "usuario_id": 1,
        "username": "admin",
        "accion": "UPDATE",
        "entidad": "ASEGURADORA",
        "entidad_id": 1,
        "detalle": None,
    }


def test_the_trail_has_filters_and_counts(admin: Person) -> None:
    admin.post("/api/catalogs/tipo-cita", nombre="ZZ")
    admin.delete("/api/catalogs/tipo-cita/5")
    admin.delete("/api/files/1")
    for query, total in (
        ("entidad=TIPO_CITA", 2),
        ("accion=DELETE", 2),
        ("entidad=tipo", 2),
        ("accion=ele", 2),
        ("entidad=TIPO_CITA&accion=DELETE", 1),
        ("usuario_id=1", 3),
        ("usuario_id=2", 0),
        ("fecha_desde=2026-01-01", 3),
        ("fecha_hasta=2026-01-01", 0),
    ):
        assert admin.get(f"/api/audit?{query}").json["pagination"]["total"] == total, query
    assert admin.get("/api/audit/stats").json == {
        "entityStats": [{"entidad": "TIPO_CITA", "count": "2"}, {"entidad": "ARCHIVO", "count": "1"}],
        "actionStats": [{"accion": "DELETE", "count": "2"}, {"accion": "CREATE", "count": "1"}],
    }
