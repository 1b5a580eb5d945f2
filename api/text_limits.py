"""How long a text may be in each field that is written: past it the API answers 500 (`value too long for type ...`).

Read off the errors of a running deployment; what is not listed has no limit.
"""

from collections.abc import Mapping
from typing import Any

from api.endpoint import Endpoint
from api.endpoints import (
    BLOOD_TYPES,
    CATALOGS,
    CREATE_ACCESS_CODE,
    CREATE_ADDRESS,
    CREATE_DOCTOR,
    CREATE_FILE,
    CREATE_INSURER,
    CREATE_NOTIFICATION,
    CREATE_PATIENT,
    CREATE_POLICY,
    CREATE_USER,
    OCCUPATIONS,
    SPECIALTIES,
)

_LONG_NAMES = (SPECIALTIES, OCCUPATIONS)


def _of_catalogs() -> dict[Endpoint[Any], dict[str, int]]:
    named = {catalog.create_entry: {"nombre": 100 if catalog in _LONG_NAMES else 50} for catalog in CATALOGS}
    return named | {BLOOD_TYPES.create_entry: {"tipo": 10}}


TEXT_LIMITS: Mapping[Endpoint[Any], Mapping[str, int]] = {
    CREATE_USER: {"username": 50, "correo": 150, "telefono": 20},
    CREATE_PATIENT: {"nombre": 200, "sexo": 10, "estilo_vida": 100, "telefono": 20, "correo": 150, "nss": 50},
    CREATE_DOCTOR: {"nombre": 200, "cedula": 50, "telefono": 20, "correo": 150},
    CREATE_ADDRESS: {"calle": 200, "numero_ext": 30, "numero_int": 30},
    CREATE_FILE: {"tipo": 50, "hash_integridad": 255, "entidad": 50},
    CREATE_INSURER: {"nombre": 100, "rfc": 20, "telefono": 20, "correo": 100},
    CREATE_POLICY: {"numero_poliza": 50},
    CREATE_NOTIFICATION: {"canal": 50, "estado": 50},
    CREATE_ACCESS_CODE: {"codigo": 100},
    **_of_catalogs(),
}
"""By the route that creates; the one that updates has the same."""
