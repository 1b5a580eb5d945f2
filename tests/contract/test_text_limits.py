"""The lengths of texts, as the contract lists them."""

import pytest

from tests.contract.people import Person
from tests.contract.test_routes import CATALOGS

LIMITS = {
    "users/1": {"username": 50, "correo": 150, "telefono": 20},
    "patients/1": {
        "nombre": 200,
        "sexo": 10,
        "estilo_vida": 100,
        "telefono": 20,
        "correo": 150,
        "nss": 50,
    },
    "doctors/1": {"nombre": 200, "cedula": 50, "telefono": 20, "correo": 150},
    "files/1": {"tipo": 50, "hash_integridad": 255},
    "insurance/companies/1": {"nombre": 100, "rfc": 20, "telefono": 20, "correo": 100},
    "insurance/policies/1": {"numero_poliza": 50},
    "notifications/1": {"canal": 50, "estado": 50},
    "notifications/access-codes/1": {"codigo": 100},
    **{f"catalogs/{name}/1": {"nombre": 50} for name in CATALOGS},
    "catalogs/especialidades/1": {"nombre": 100},
    "catalogs/ocupaciones/1": {"nombre": 100},
    "catalogs/tipos-sangre/1": {"tipo": 10},
}
NEEDED = {
    "users/1": {"username": "u", "correo": "c"},
    "patients/1": {"nombre": "n"},
    "doctors/1": {"nombre": "n", "cedula": "c"},
    "files/1": {"tipo": "t", "url": "u"},
    "insurance/companies/1": {"nombre": "n"},
    "notifications/access-codes/1": {"codigo": "c"},
}


@pytest.mark.parametrize("path", LIMITS)
def test_a_text_is_as_long_as_its_column_and_no_longer(admin: Person, path: str) -> None:
    for field, limit in LIMITS[path].items():
        fits = {**NEEDED.get(path, {}), field: "ñ" * limit}
        assert admin.put(f"/api/{path}", **fits).status == 200, field
        reply = admin.put(f"/api/{path}", **{**fits, field: "ñ" * limit + "x"})
        error = f"value too long for type character varying({limit})"
        assert (reply.status, reply.json) == (500, {"error": error}), field


def test_an_address_has_its_limits_too(admin: Person) -> None:
    for field, limit in (("calle", 200), ("numero_ext", 30), ("numero_int", 30)):
        fits = {"calle": "c", "id_colonia": 1, field: "x" * limit}
        assert admin.post("/api/patients/1/addresses", **fits).status == 201
        reply = admin.post("/api/patients/1/addresses", **{**fits, field: "x" * limit + "y"})
        assert reply.json == {"error": f"value too long for type character varying({limit})"}


def test_a_file_whose_association_is_refused_stays(admin: Person) -> None:
    for entity, entity_id in (("x" * 51, 1), ("PACIENTE", "one")):
        reply = admin.post("/api/files", tipo="t", url="u", entidad=entity, entidad_id=entity_id)
        assert (reply.status, reply.json["association_id"]) == (201, None)
    assert admin.get("/api/files?limit=2").json["data"][0]["asociacion_id"] is None


def test_blanks_beyond_the_limit_are_cut_off(admin: Person) -> None:
    assert admin.put("/api/catalogs/tipos-sangre/1", tipo="A+" + " " * 30).status == 200
    assert admin.get("/api/catalogs/tipos-sangre/1").json["tipo"] == "A+" + " " * 8
