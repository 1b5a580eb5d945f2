"""Locust's web UI with this suite: a person opens it, starts a run, watches the roles, stops, takes the figures."""

import csv
import re

from playwright.sync_api import expect

from tests.browser.conftest import start


def test_a_person_starts_a_run_watches_it_stops_it_and_takes_the_csv(open_web_ui):
    page, _ = open_web_ui("--think-time", "0.1-0.2")
    host = page.get_by_label("Host")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", host.input_value())
    start(page, 10)
    for row in ("/api/dashboard/kpis", "/api/doctors", "/api/patients/{patient_id}/addresses"):
        expect(page.get_by_role("cell", name=row, exact=True).first).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("STOPPED")).to_be_visible()
    page.get_by_role("tab", name="Download Data").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download requests CSV").click()
    with open(download.value.path(), newline="", encoding="utf-8") as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    assert int(rows["Aggregated"]["Request Count"]) > 10
    assert rows["Aggregated"]["Failure Count"] == "0"
    assert int(rows["/api/auth/login"]["Request Count"]) >= 10


def test_a_second_run_deals_the_accounts_anew(open_web_ui):
    page, locust = open_web_ui("--think-time", "0.1-0.2", "PatientUser")
    for _ in range(2):
        start(page, 200)
        expect(page.get_by_role("cell", name="/api/appointments/citas", exact=True).first).to_be_visible()
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.get_by_text("STOPPED")).to_be_visible()
        page.get_by_role("button", name="New", exact=True).click()
    assert "accounts are in use" not in locust.output


def test_the_class_picker_runs_only_the_roles_that_were_picked(open_web_ui):
    page, locust = open_web_ui("--think-time", "0.1-0.2", "--class-picker")
    for role in ("AdminUser", "DoctorUser"):
        page.get_by_role("row", name=role).get_by_role("checkbox").uncheck()
    start(page, 3)
    spawned = locust.wait_for_line(r"All users spawned: (.*) \(3 total users\)").group(1)
    assert '"PatientUser": 3' in spawned


def test_a_host_that_does_not_answer_is_told_on_the_page_and_nothing_starts(open_web_ui):
    page, locust = open_web_ui("PatientUser")
    page.get_by_label("Host").fill("http://127.0.0.1:1")
    page.get_by_role("button", name=re.compile("start", re.IGNORECASE)).click()
    expect(page.get_by_text("could not connect: Connection refused")).to_be_visible()
    assert "Ramping" not in locust.output


def test_what_the_page_sets_takes_effect(open_web_ui):
    page, _ = open_web_ui("PatientUser", "--no-preflight")
    page.get_by_label("Host").fill("http://127.0.0.1:1")
    start(page, 1)
    page.get_by_role("tab", name="Failures").click()
    expect(page.get_by_text("could not connect: Connection refused").first).to_be_visible()


def test_a_mistake_in_the_form_is_told_on_the_page_and_nothing_starts(open_web_ui):
    page, locust = open_web_ui()
    page.get_by_label("Host").fill("http://8.8.8.8")
    page.get_by_role("button", name=re.compile("start", re.IGNORECASE)).click()
    expect(page.get_by_text("neither this machine nor in a private network")).to_be_visible()
    page.reload()
    page.get_by_text("Custom parameters").click()
    page.get_by_label("Think Time").fill("fast")
    page.get_by_role("button", name=re.compile("start", re.IGNORECASE)).click()
    expect(page.get_by_text("write MIN-MAX in seconds")).to_be_visible()
    assert "Ramping" not in locust.output


def test_a_think_time_that_was_set_on_the_page_takes_effect(open_web_ui):
    page, _ = open_web_ui("--think-time", "60-60", "PatientUser")
    page.get_by_text("Custom parameters").click()
    page.get_by_label("Think Time").fill("0.01-0.02")
    start(page, 5)
    expect(page.get_by_role("cell", name="/health", exact=True).first).to_be_visible()


def test_whoever_knows_the_password_gets_in_and_nobody_else(open_web_ui):
    page, _ = open_web_ui("--web-login", "--read-only", env={"CMS_WEB_PASSWORD": "geheim-123"})
    expect(page).to_have_url(re.compile(r"/login"))
    sign_in(page, "guessed")
    expect(page.get_by_text("The password is wrong.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/login"))
    sign_in(page, "geheim-123")
    expect(page.get_by_label("Number of users")).to_be_visible()


def sign_in(page, password):
    page.get_by_label("Username").fill("anybody")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name=re.compile("login", re.IGNORECASE)).click()
