"""What an access audit makes of answers, of a verdict, and of the file of known leaks."""

import io
from dataclasses import replace

import msgspec
import pytest
from rich.console import Console

from access.findings import ALLOWED, LEAK, REFUSED, UNDECIDED, WRONGLY_REFUSED, AccessReport, Finding, MatrixRow
from access.judging import Judgement, Reply, judged
from access.known_leaks import read_known, write_known
from access.matrix import ANYBODYS, BFLA, OWN_RECORD, UNKNOWN_ID, Cell
from access.outcomes import Outcomes
from access.questions import Question
from api.endpoints import DELETE_USER, GET_USER, LIST_EPISODES, LIST_USERS, WHO_AM_I
from config.errors import SetupError
from reporting.verdict.access_reasons import access_lines, answer_of_access, nothing_was_asked, reasons_of_access
from reporting.verdict.model import Verdict
from reporting.views.access_grid import access_grid
from reporting.views.terminal import print_summary
from tests.written_runs import written_run

RECORD = Cell("patient", GET_USER, "users", ANYBODYS, False, BFLA)
USER = b'{"id": 7, "username": "u", "correo": "c", "telefono": null, "rol_id": 1, "rol_nombre": "x"}'
EPISODE = b'{"id": 3, "id_paciente": 8, "fecha_inicio": "2026-01-01T00:00:00Z", "fecha_fin": null, "motivo": null, '
EPISODE += b'"paciente": "p"}'
ME = b'{"id": 7, "username": "u", "email": "e", "phone": null, "role": "x"}'


@pytest.mark.parametrize(
    ("cell", "status", "body", "outcome"),
    [
        (RECORD, 403, b'{"error": "no"}', REFUSED),
        (RECORD, 401, b"<html>", REFUSED),
        (RECORD, 404, b'{"error": "not found", "detail": "x"}', REFUSED),
        (RECORD, 403, b'{"error": "no", "correo": "a@b"}', LEAK),
        (RECORD, 403, b'[{"id": 7}]', LEAK),
        (RECORD, 200, USER, LEAK),
        (RECORD, 200, b"not even JSON", LEAK),
        (RECORD, 500, b'{"error": "boom"}', UNDECIDED),
        (RECORD, 429, b"", UNDECIDED),
        (replace(RECORD, allowed=True), 200, USER, ALLOWED),
        (replace(RECORD, allowed=True), 403, b"", WRONGLY_REFUSED),
        (replace(RECORD, whose=UNKNOWN_ID), 200, USER, LEAK),
        (replace(RECORD, endpoint=DELETE_USER), 200, b'{"message": "done"}', LEAK),
        (replace(RECORD, endpoint=LIST_EPISODES), 200, b'{"data": []}', REFUSED),
        (replace(RECORD, endpoint=LIST_EPISODES), 200, b'{"data": [%s]}' % EPISODE, LEAK),
        (replace(RECORD, endpoint=LIST_EPISODES), 200, b'{"data": 1}', UNDECIDED),
        (
            replace(RECORD, endpoint=LIST_EPISODES, whose=OWN_RECORD, allowed=True),
            200,
            b'{"data": []}',
            WRONGLY_REFUSED,
        ),
        (replace(RECORD, endpoint=WHO_AM_I, allowed=True), 200, ME, ALLOWED),
        (replace(RECORD, endpoint=WHO_AM_I, allowed=True), 200, ME.replace(b"7", b"8"), LEAK),
    ],
)
def test_an_answer_says_what_its_cell_is(cell, status, body, outcome):
    assert judged(cell, Question({}), Reply(status, body), 7, lambda owner: False).outcome == outcome


FOUND = [
    Finding("patient GET /api/users anybody's", LEAK, "100 rows", "curl", BFLA),
    Finding("patient GET /api/files own", WRONGLY_REFUSED, "answered 403", "curl"),
    Finding("doctor GET /api/files own", UNDECIDED, "answered 500", ""),
    Finding("doctor GET /api/users anybody's", LEAK, "100 rows", "curl", BFLA, known=True),
]
REPORT = AccessReport(
    [MatrixRow("patient", "users", leaks=1, refused=3), MatrixRow("doctor", "files", allowed=2, undecided=1)],
    FOUND,
    ["patient GET /api/dashboard anybody's"],
    ["3 cells: there is no address to ask for"],
    requests=50,
    cells=40,
    seconds=2.5,
)


def test_an_answer_to_somebody_elses_request_is_a_leak():
    cell = replace(RECORD, endpoint=LIST_EPISODES, allowed=True)
    answered = {
        asked: judged(
            cell, Question({"paciente_id": asked}), Reply(200, b'{"data": [%s]}' % EPISODE), 3, lambda _: True
        )
        for asked in (8, 9)
    }
    assert (answered[8].outcome, answered[9].outcome) == (ALLOWED, LEAK)
    assert (
        judged(replace(RECORD, allowed=True), Question({"id": 9}), Reply(200, USER), 9, lambda _: True).outcome == LEAK
    )


def test_a_list_with_further_pages_may_show_the_record_there():
    cell = replace(RECORD, endpoint=LIST_USERS, allowed=True)
    for total, outcome in ((1, WRONGLY_REFUSED), (2, ALLOWED)):
        page = b'{"data": [%s], "pagination": {"total": %d, "limit": 1, "offset": 0}}' % (USER, total)
        assert judged(cell, Question({}), Reply(200, page), 8, lambda _: True).outcome == outcome


def test_what_workers_found_comes_together():
    of_worker, of_master = Outcomes("http://cms", 0.01), Outcomes("http://cms", 0.01)
    for judgement in (Judgement(LEAK, "seen"), Judgement(REFUSED)):
        of_worker.add(RECORD, judgement, Question({"id": 7}))
        of_worker.requests += 1
        of_master.take_over(msgspec.msgpack.decode(msgspec.msgpack.encode(of_worker.hand_over())))
    report = of_master.report()
    assert (report.requests, report.cells, [finding.outcome for finding in report.findings]) == (2, 1, [LEAK])
    assert report.matrix == [MatrixRow("patient", "users", leaks=1, refused=1)]


def test_a_run_fails_for_what_is_new_and_was_decided():
    assert reasons_of_access(REPORT) == [
        "1 leak: patient GET /api/users anybody's (100 rows)",
        "1 right is refused: patient GET /api/files own (answered 403)",
    ]
    assert reasons_of_access(None) == nothing_was_asked(None) == nothing_was_asked(REPORT) == []


@pytest.mark.parametrize("share", [0.0, 0.01])
def test_an_audit_that_asked_nothing_makes_a_run_invalid_beside_a_load_too(share):
    assert nothing_was_asked(AccessReport(share=share)) == ["the access audit has asked nothing"]


def test_the_answer_is_to_the_audits_question():
    assert answer_of_access(REPORT) == ("Not everyone got what is theirs, and no more: 1 leak; 1 right is refused.")
    known = msgspec.structs.replace(REPORT, findings=[FOUND[3]])
    assert answer_of_access(known) == "Everyone got what is theirs, and nobody more, but for what is known (1)."
    clean = msgspec.structs.replace(REPORT, findings=[])
    assert answer_of_access(clean) == "Everyone got what is theirs, and nobody more."
    assert answer_of_access(None) == answer_of_access(msgspec.structs.replace(clean, share=0.01)) == ""


def test_a_share_of_the_questions_closes_no_known_leak():
    for share, closed in ((0.0, [str(RECORD)]), (0.01, [])):
        asked = Outcomes("http://cms", share)
        asked.add(RECORD, Judgement(REFUSED), Question({"id": 7}))
        assert asked.report(frozenset({str(RECORD)})).closed == closed


def test_the_summary_tells_how_it_went():
    assert access_lines(REPORT) == [
        "Access: 36 of 40 cells are as they should be (50 requests, 2.5 s)",
        "Access: 1 of the others are known",
        "Access: a known leak was closed, take it out of the file: patient GET /api/dashboard anybody's",
        "Access: 1 cell could not be decided: doctor GET /api/files own (answered 500)",
        "Access: not asked, 3 cells: there is no address to ask for",
    ]


def test_the_matrix_has_a_place_for_each_resource_and_role():
    grid = access_grid(REPORT)
    assert grid.roles == ["doctor", "patient"]
    texts = [(resource, [(cell.text, cell.bad) for cell in cells]) for resource, cells in grid.rows]
    assert texts == [
        ("users", [("-", False), ("1 leak, 3 refused", True)]),
        ("files", [("2 allowed, 1 undecided", False), ("-", False)]),
    ]


def test_known_leaks_are_read_as_they_were_written(tmp_path):
    file = tmp_path / "known.txt"
    write_known(file, [finding.cell for finding in FOUND])
    assert read_known(file) == {finding.cell for finding in FOUND}
    assert file.read_text("utf-8").startswith("# ")
    with pytest.raises(SetupError, match="add --accept-leaks"):
        read_known(tmp_path / "none")


def test_every_file_and_the_terminal_tell_the_findings(tmp_path):
    hostile = msgspec.structs.replace(FOUND[0], what="<b>[bold]rows</b>", curl="curl -X GET '<script>' | `x`")
    report = msgspec.structs.replace(REPORT, findings=[hostile, *FOUND[1:]])
    reasons = reasons_of_access(report)
    folder = written_run(tmp_path, verdict="fail", reasons=reasons, access=report)
    html, markdown = ((folder / name).read_text("utf-8") for name in ("report.html", "verdict.md"))
    assert "<h1>Not everyone got what is theirs, and no more: 1 leak; 1 right is refused.</h1>" in html
    assert "<code>curl -X GET &#39;&lt;script&gt;&#39; | `x`</code>" in html
    assert "leak (known)" in html
    assert "| users | - | 1 leak, 3 refused |" in markdown
    assert "curl -X GET '&lt;script>' \\| \\`x\\`" in markdown
    assert "1 right is refused" in (folder / "junit.xml").read_text("utf-8")
    screen = Console(file=io.StringIO(), width=200)
    print_summary(screen, msgspec.json.decode((folder / "verdict.json").read_bytes(), type=Verdict), folder)
    told = screen.file.getvalue()
    assert "│ users    │ -                      │ 1 leak, 3 refused │" in told
    assert "<b>[bold]rows</b>" in told
