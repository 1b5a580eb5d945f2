"""The dashboard's figures, and the health routes that need no token."""

from tests.contract.people import Person


def test_the_kpis_are_numbers(admin: Person) -> None:
    reply = admin.get("/api/dashboard/kpis")
    assert reply.json == {"totalConsultas": 1233, "totalPacientes": 300, "totalMedicos": 20}


def test_the_charts_are_counts_as_text(admin: Person) -> None:
    charts = admin.get("/api/dashboard/charts").json
    assert charts["consultasPorEstado"][0] == {"estado": "En curso", "total": "433"}
    assert [row["total"] for row in charts["consultasPorEstado"]] == ["433", "400", "400"]
    assert [row["entidad"] for row in charts["actividadPorEntidad"]] == ["Consultas", "Pacientes", "Médicos"]
    assert charts["crecimientoConsultas"][-1]["total"] == "1233"
    assert len(charts["topMedicos"]) == 5
    assert charts["topMedicos"][0].keys() == {"medico", "total"}


def test_the_dashboard_is_both(admin: Person) -> None:
    both = admin.get("/api/dashboard").json
    assert both["kpis"] == admin.get("/api/dashboard/kpis").json
    assert both["charts"] == admin.get("/api/dashboard/charts").json


def test_health_needs_no_token(anyone: Person) -> None:
    health = anyone.get("/health").json
    assert list(health) == ["status", "timestamp", "uptime", "environment", "version", "services"]
    assert list(health["services"]) == ["api", "database", "memory"]
    assert 0 < health["services"]["memory"]["used"] <= health["services"]["memory"]["total"]
    assert health["uptime"] > 0


def test_health_of_the_parts(anyone: Person) -> None:
    database = anyone.get("/health/database").json["database"]
    assert list(database) == ["status", "responseTime", "version", "currentTime"]
    assert set(anyone.get("/health/api").json["api"]["endpoints"].values()) == {"available"}
    system = anyone.get("/health/system").json
    assert system["services"]["database"] == "healthy"
    assert system["errors"] is None
