"""Lists and single rows: their keys and types, paging, search, filters, and PostgreSQL's complaints."""

import re
from typing import Any

import pytest

from tests.contract.people import Person
from tests.contract.test_routes import CATALOGS

# A key's type: `?` may be null. `time` is ISO 8601 in UTC with milliseconds, `amount` a decimal as text.
ROWS = {
    "/api/users": "id:int username:str correo:str telefono:str? rol_id:int rol_nombre:str",
    "/api/patients": """
        id:int nombre:str username:str correo:str telefono:str fecha_nacimiento:time sexo:str altura:amount
        peso:amount estilo_vida:str alergias:str tipo_sangre:str ocupacion:str estado_civil:str
        medico_gen_id:int medico_gen:str usuario_id:int direccion:str nss:str? id_tipo_sangre:int
        id_ocupacion:int id_estado_civil:int id_medico_gen:int foto_perfil:str?
    """,
    "/api/doctors": """
        id:int nombre:str username:str correo:str telefono:str cedula:str descripcion:str ubicacion:str
        especialidad:str id_especialidad:int usuario_id:int foto_perfil:str?
    """,
    "/api/appointments/citas": """
        id:int fecha_inicio:time fecha_fin:time? estado:str tipo:str paciente_id:int paciente:str
        medico_id:int medico:str id_estado_cita:int id_tipo_cita:int
    """,
    "/api/appointments/consultas": """
        id:int fecha_hora:time cita_id:int narrativa:str diagnostico_final:str? id_episodio:int
        id_estado_consulta:int mongo_consulta_id:str? id_paciente:int id_medico:int estado_consulta:str
        paciente:str medico:str
    """,
    "/api/appointments/episodios": """
        id:int id_paciente:int fecha_inicio:time fecha_fin:time? motivo:str paciente:str
    """,
    "/api/files": """
        id:int tipo:str url:str hash_integridad:str? creado_en:time asociacion_id:int entidad:str
        entidad_id:int asociacion_descripcion:str asociacion_fecha:time autor_username:str entidad_nombre:str
    """,
    "/api/files/associations": """
        id:int entidad:str entidad_id:int descripcion:str autor_id:int autor:str fecha_creacion:time
        archivo_id:int archivo_url:str archivo_tipo:str
    """,
    "/api/insurance/companies": "id:int nombre:str rfc:str telefono:str correo:str",
    "/api/insurance/policies": """
        id:int numero_poliza:str vigente_desde:time vigente_hasta:time aseguradora:str paciente_id:int
        paciente:str id_aseguradora:int id_paciente:int
    """,
    "/api/notifications": """
        id:int mensaje:str canal:str fecha_envio:time estado:str usuario:str cita_id:int id_usuario:int
        id_cita:int
    """,
    "/api/notifications/access-codes": """
        id:int codigo:str expira_en:time usado_en:time? estado:str usuario:str id_estado_codigo:int
        id_usuario:int
    """,
} | {f"/api/catalogs/{name}": f"id:int {'tipo' if name == 'tipos-sangre' else 'nombre'}:str" for name in CATALOGS}
UNPAGED = ("/api/appointments/episodios", "/api/files/associations")
PAGED = [path for path in ROWS if path not in UNPAGED]
SINGLE = {
    "/api/users": "User not found",
    "/api/patients": "Patient not found",
    "/api/doctors": "Doctor not found",
    "/api/insurance/companies": "Insurance company not found",
    "/api/insurance/policies": "Policy not found",
} | {f"/api/catalogs/{name}": "Record not found" for name in CATALOGS}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def check_row(row: dict[str, Any], expected: str) -> None:
    kinds = dict(pair.split(":") for pair in expected.split())
    assert list(row) == list(kinds)
    for key, kind in kinds.items():
        value = row[key]
        if value is None:
            assert kind.endswith("?"), f"{key} is null"
        elif kind.startswith("time"):
            assert TIME.fullmatch(value), f"{key} is {value!r}"
        elif kind == "amount":
            assert re.fullmatch(r"\d+\.\d\d", value), f"{key} is {value!r}"
        else:
            assert type(value).__name__ == kind.rstrip("?"), f"{key} is {value!r}"


@pytest.mark.parametrize("path", ROWS)
def test_a_row_has_these_keys_and_types(reader: Person, path: str) -> None:
    reply = reader.get(path)
    assert reply.status == 200
    assert reply.json["data"]
    for row in reply.json["data"]:
        check_row(row, ROWS[path])


@pytest.mark.parametrize("path", PAGED)
def test_a_page_is_ten_rows_from_the_first_unless_asked(reader: Person, path: str) -> None:
    reply = reader.get(path)
    total = reply.json["pagination"]["total"]
    assert reply.json["pagination"] == {"total": total, "limit": 10, "offset": 0}
    assert len(reply.json["data"]) == min(10, total)
    second = reader.get(f"{path}?limit=1&offset=1")
    assert second.json["pagination"] == {"total": total, "limit": 1, "offset": 1}
    assert second.json["data"] == reply.json["data"][1:2]


@pytest.mark.parametrize("path", UNPAGED)
def test_a_few_lists_have_no_pages(reader: Person, path: str) -> None:
    assert reader.get(path).json.keys() == {"data"}


def test_episodes_have_pages_but_do_not_say_how_many(reader: Person) -> None:
    path = "/api/appointments/episodios"
    everything = reader.get(f"{path}?limit=9999").json["data"]
    assert len(everything) == 600
    assert reader.get(path).json["data"] == everything[:10]
    assert reader.get(f"{path}?limit=3&offset=595").json["data"] == everything[595:598]
    assert reader.get(f"{path}?limit=abc").status == 500


@pytest.mark.parametrize("path", PAGED)
def test_limit_0_counts_only(reader: Person, path: str) -> None:
    reply = reader.get(f"{path}?limit=0")
    assert reply.json["data"] == []
    assert reply.json["pagination"]["total"] > 0


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("limit=abc", 'invalid input syntax for type bigint: "abc"'),
        ("offset=1.5", 'invalid input syntax for type bigint: "1.5"'),
        ("limit=-1", "LIMIT must not be negative"),
        ("offset=-1", "OFFSET must not be negative"),
    ],
)
def test_a_bad_page_is_a_500(reader: Person, query: str, error: str) -> None:
    for path in PAGED:
        reply = reader.get(f"{path}?{query}")
        assert (reply.status, reply.json) == (500, {"error": error})


@pytest.mark.parametrize("path", SINGLE)
def test_a_single_row_is_the_lists_row(reader: Person, path: str) -> None:
    row = reader.get(f"{path}?limit=1").json["data"][0]
    reply = reader.get(f"{path}/{row['id']}")
    assert (reply.status, reply.json) == (200, row)


@pytest.mark.parametrize("path", SINGLE)
def test_a_single_row_needs_a_known_number(reader: Person, path: str) -> None:
    reply = reader.get(f"{path}/999999")
    assert (reply.status, reply.json) == (404, {"error": SINGLE[path]})
    reply = reader.get(f"{path}/abc")
    assert (reply.status, reply.json) == (500, {"error": 'invalid input syntax for type integer: "abc"'})
    reply = reader.get(f"{path}/99999999999")
    assert (reply.status, reply.json) == (500, {"error": 'value "99999999999" is out of range for type integer'})


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("catalogs/especialidades?search=CARDIO", 1),
        ("users?search=PATIENT0001", 1),
        ("users?search=doctor001@example", 1),
        ("patients?search=patient0001", 1),
        ("patients?search=Patient 0001", 1),
        ("patients?search=patient0001@example.com", 1),
        ("doctors?search=doctor00", 9),
        ("doctors?search=ced020", 1),
        ("files?search=pdf", 200),
        ("files?search=Patient 0007", 1),
        ("insurance/policies?search=patient0007", 1),
        ("insurance/policies?search=POL-300", 1),
        ("insurance/policies?paciente_id=7", 300),
        ("notifications?search=email", 150),
        ("notifications?search=enviada", 300),
        ("notifications?id_usuario=22", 300),
        ("appointments/citas?paciente_id=7", 10),
        ("appointments/citas?search=nothing", 3000),
        ("users?search=", 321),
        ("users?search=%25", 321),
        ("users?search=patient___1", 30),
        ("users?search=%5C", 0),
    ],
)
def test_search_and_filters_that_exist_and_some_that_do_not(reader: Person, query: str, total: int) -> None:
    assert reader.get(f"/api/{query}").json["pagination"]["total"] == total


@pytest.mark.parametrize(
    ("path", "key", "field"),
    [
        ("/api/appointments/citas", "id_estado_cita", "id_estado_cita"),
        ("/api/appointments/citas", "id_tipo_cita", "id_tipo_cita"),
        ("/api/appointments/citas", "medico_id", "medico_id"),
        ("/api/appointments/citas", "paciente_id", "paciente_id"),
        ("/api/appointments/consultas", "id_estado_consulta", "id_estado_consulta"),
        ("/api/appointments/consultas", "medico_id", "id_medico"),
        ("/api/appointments/consultas", "paciente_id", "id_paciente"),
        ("/api/appointments/episodios", "paciente_id", "id_paciente"),
        ("/api/files/associations", "archivo_id", "archivo_id"),
    ],
)
def test_a_filter_keeps_the_rows_that_match(reader: Person, path: str, key: str, field: str) -> None:
    rows = reader.get(f"{path}?{key}=2&limit=5000").json["data"]
    everything = reader.get(f"{path}?limit=5000").json["data"]
    assert rows == [row for row in everything if row[field] == 2] != []
    for wrong in ("abc", ""):
        reply = reader.get(f"{path}?{key}={wrong}")
        assert (reply.status, reply.json) == (500, {"error": f'invalid input syntax for type integer: "{wrong}"'})


@pytest.mark.parametrize(
    ("path", "field"), [("/api/appointments/citas", "fecha_inicio"), ("/api/appointments/consultas", "fecha_hora")]
)
def test_from_is_inclusive_until_is_exclusive_and_newest_comes_first(reader: Person, path: str, field: str) -> None:
    times = [row[field] for row in reader.get(f"{path}?limit=5000").json["data"]]
    assert times == sorted(times, reverse=True)
    begin, end = times[-1], times[0]
    got = [row[field] for row in reader.get(f"{path}?fecha_desde={begin}&fecha_hasta={end}&limit=5000").json["data"]]
    assert got == [time for time in times if begin <= time < end]
    reply = reader.get(f"{path}?fecha_desde=not-a-date")
    error = 'invalid input syntax for type timestamp with time zone: "not-a-date"'
    assert (reply.status, reply.json) == (500, {"error": error})


def test_catalogs_are_in_alphabetical_order(reader: Person) -> None:
    names = [row["nombre"] for row in reader.get("/api/catalogs/especialidades?limit=99").json["data"]]
    assert names == sorted(names)
    assert len(names) == 15


def test_addresses_of_a_patient_and_of_nobody(reader: Person) -> None:
    kinds = """
        id:int calle:str numero_ext:str numero_int:str? colonia:str codigo_postal:str id_colonia:int ciudad:str
        estado:str pais:str
    """
    (address,) = reader.get("/api/patients/1/addresses").json["data"]
    check_row(address, kinds)
    reply = reader.get("/api/patients/999999/addresses")
    assert (reply.status, reply.json) == (200, {"data": []})
    assert reader.get("/api/patients/abc/addresses").status == 500
