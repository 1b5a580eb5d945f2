"""The eight catalogs: where each is served, its one field, and what a fresh clinic finds in it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Catalog:
    """`path` is its last URL segment; `entries` are in the order of their ids, from 1."""

    path: str
    table: str
    entries: tuple[str, ...]
    field: str = "nombre"
    limit: int = 50
    """Characters that the field holds."""

    @property
    def entity(self) -> str:
        """Its name in the audit trail."""
        return self.table.upper()


CATALOGS = (
    Catalog(
        "especialidades",
        "especialidad",
        (
            "Medicina Interna",
            "Cardiología",
            "Pediatría",
            "Ginecología",
            "Traumatología",
            "Dermatología",
            "Endocrinología",
            "Neurología",
            "Otorrinolaringología",
            "Gastroenterología",
            "Neumología",
            "Psiquiatría",
            "Oftalmología",
            "Reumatología",
            "Urología",
        ),
        limit=100,
    ),
    Catalog("tipos-sangre", "tipo_sangre", ("A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-"), "tipo", 10),
    Catalog(
        "ocupaciones",
        "ocupacion",
        ("Estudiante", "Ingeniero", "Médico", "Abogado", "Contador", "Diseñador", "Docente", "Empresario"),
        limit=100,
    ),
    Catalog("estado-civil", "estado_civil", ("Soltero", "Casado", "Divorciado", "Viudo")),
    Catalog("estado-cita", "estado_cita", ("Programada", "Confirmada", "En curso", "Completada", "Cancelada")),
    Catalog("tipo-cita", "tipo_cita", ("General", "Urgencia", "Seguimiento", "Control")),
    Catalog("estado-consulta", "estado_consulta", ("En curso", "Cerrada", "Cancelada")),
    Catalog("estado-codigo", "estado_codigo", ("Emitido", "Usado", "Expirado", "Anulado")),
)
