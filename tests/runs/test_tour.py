"""The smoke run: every route of the API is seen to work, in one short run that ends by itself."""


def test_a_smoke_run_sees_107_of_107_routes_without_a_failure(start_locust, tmp_path):
    locust = start_locust(
        "--config", "config/scenarios/smoke.conf", "--think-time", "0-0.02", "--results", str(tmp_path)
    )
    assert locust.wait(120) == 0, locust.output
    assert "Every user has done each of its tasks" in locust.output
    assert "Routes seen: 107 of 107" in locust.output


def test_a_tour_on_two_workers_sees_them_too(start_locust, tmp_path):
    from tests.processes import free_port

    port = str(free_port())
    locust = start_locust(
        *("--config", "config/scenarios/smoke.conf", "--think-time", "0-0.02", "--results", str(tmp_path)),
        *("--processes", "2", "--master-bind-port", port, "--master-port", port, "--master-bind-host", "127.0.0.1"),
    )
    assert locust.wait(120) == 0, locust.output
    assert "Routes seen: 107 of 107" in locust.output


def test_a_tour_that_misses_routes_names_them_and_fails(start_locust, tmp_path):
    locust = start_locust(
        *("--config", "config/scenarios/smoke.conf", "--think-time", "0-0.02", "--results", str(tmp_path)),
        "PatientUser",
    )
    assert locust.wait(120) == 1, locust.output
    assert "Route not seen: GET /api/audit" in locust.output
    assert "Route not seen: GET /api/doctors/{id}" not in locust.output
