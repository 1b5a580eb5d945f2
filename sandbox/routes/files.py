"""Files, and what each is associated with: a patient or a doctor."""

from flask import Blueprint, Response, g

from sandbox.answers import answer
from sandbox.db import clinic
from sandbox.error_answers import ApiError
from sandbox.filters import Filter, among, contains
from sandbox.lists import Listing, every_row, page
from sandbox.postgres_types import integer, text, varchar
from sandbox.server_times import now
from sandbox.writes import Record, audit, body, read_fields, remove, replace, require

blueprint = Blueprint("files", __name__)

_ASSOCIATED = "f.id IN (SELECT archivo_id FROM archivo_asociacion WHERE entidad = '{entity}' AND {named})"
FILES = Listing(
    columns="""
        f.id, f.tipo, f.url, f.hash_integridad, f.creado_en, a.id AS asociacion_id, a.entidad, a.entidad_id,
        a.descripcion AS asociacion_descripcion, a.fecha_creacion AS asociacion_fecha,
        u.username AS autor_username, COALESCE(p.nombre, m.nombre) AS entidad_nombre
    """,
    table="archivo f",
    joins="""
        LEFT JOIN archivo_asociacion a ON a.archivo_id = f.id
        LEFT JOIN usuario u ON u.id = a.autor_id
        LEFT JOIN paciente p ON a.entidad = 'PACIENTE' AND p.id = a.entidad_id
        LEFT JOIN medico m ON a.entidad = 'MEDICO' AND m.id = a.entidad_id
    """,
    order="f.creado_en DESC, f.id DESC",
    search=(
        contains("f.tipo"),
        contains("f.url"),
        _ASSOCIATED.format(entity="PACIENTE", named=among("entidad_id", "paciente", "nombre")),
        _ASSOCIATED.format(entity="MEDICO", named=among("entidad_id", "medico", "nombre")),
    ),
    own="f.id IN (SELECT archivo_id FROM archivo_asociacion WHERE entidad = 'PACIENTE' AND entidad_id IN ?)",
)
ASSOCIATIONS = Listing(
    columns="""
        a.id, a.entidad, a.entidad_id, a.descripcion, a.autor_id, u.username AS autor, a.fecha_creacion,
        a.archivo_id, f.url AS archivo_url, f.tipo AS archivo_tipo
    """,
    table="archivo_asociacion a",
    joins="JOIN archivo f ON f.id = a.archivo_id LEFT JOIN usuario u ON u.id = a.autor_id",
    order="a.fecha_creacion DESC, a.id DESC",
    filters={"archivo_id": Filter("a.archivo_id = ?")},
    own="a.entidad = 'PACIENTE' AND a.entidad_id IN ?",
)
_FIELDS = {"tipo": varchar(50), "url": text, "hash_integridad": varchar(255)}
FILE = Record("archivo", "ARCHIVO", "File", ("tipo", "url"), "tipo and url are required", _FIELDS, _FIELDS)
ASSOCIATION = Record(
    table="archivo_asociacion",
    entity="ARCHIVO_ASOCIACION",
    title="Association",
    required=(),
    required_text="",
    created={"entidad": varchar(50), "entidad_id": integer, "descripcion": text},
    replaced={},
)


@blueprint.get("/api/files")
def list_files() -> Response:
    return answer(page(FILES))


@blueprint.post("/api/files")
def create_file() -> Response:
    """A file and, when the body names whose it is, its association: the only way to make one."""
    sent = body()
    require(sent, FILE)
    with clinic().transaction():
        created = {**read_fields(sent, FILE.created), "creado_en": now()}
        file_id = clinic().insert(FILE.table, created)
        audit("CREATE", FILE.entity, file_id)
        association_id = _associate(file_id)
    message = FILE.done("created" if association_id is None else "created and associated")
    return answer({"id": file_id, "association_id": association_id, "message": message}, 201)


@blueprint.put("/api/files/<id>")
def update_file(id: str) -> Response:
    return replace(FILE, id)


@blueprint.delete("/api/files/<id>")
def delete_file(id: str) -> Response:
    return remove(FILE, id)


@blueprint.get("/api/files/associations")
def list_associations() -> Response:
    return answer(every_row(ASSOCIATIONS))


@blueprint.delete("/api/files/associations/<id>")
def delete_association(id: str) -> Response:
    return remove(ASSOCIATION, id)


def _associate(file_id: int) -> int | None:
    """The association's id. None when the body names no `entidad`, or one that is refused: the file stays."""
    try:
        fields = read_fields(body(), ASSOCIATION.created)
    except ApiError:
        return None
    if fields["entidad"] is None:
        return None
    author = clinic().value("SELECT id FROM usuario WHERE id = ?", (g.caller.id,))
    row = {**fields, "archivo_id": file_id, "autor_id": author, "fecha_creacion": now()}
    association_id = clinic().insert(ASSOCIATION.table, row)
    audit("CREATE", ASSOCIATION.entity, association_id)
    return association_id
