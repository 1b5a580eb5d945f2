"""What of a statement is shown: its shape, never a value that stands in it."""

import pytest

from config.parser import holds_password
from reporting.metrics.statement_texts import shortened, without_values
from reporting.verdict.index_guess import index_for


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("SELECT *\n  FROM t  WHERE name = 'Ana' AND id = 42", "SELECT * FROM t WHERE name = ? AND id = ?"),
        ("SELECT 1 WHERE a = $1 AND b2 = -3.5e7", "SELECT ? WHERE a = $1 AND b2 = -?"),
        ("CREATE ROLE x PASSWORD E'it\\'s geheim'", "CREATE ROLE x PASSWORD ?"),
        ("SELECT 'a''geheim', $tag$geheim$tag$, $$geheim$$", "SELECT ?, ?, ?"),
        ("SELECT /* don't */ name FROM t WHERE a = 'geheim'", "SELECT name FROM t WHERE a = ?"),
        ("SELECT 1 -- it's\nFROM t WHERE a = 'geheim'", "SELECT ? FROM t WHERE a = ?"),
        ("SELECT 'back\\', a FROM t WHERE b = 'geheim'", "SELECT ?, a FROM t WHERE b = ?"),
        ("SELECT \"Weird ' name\" FROM t WHERE a = 'cut off gehei", 'SELECT "Weird \' name" FROM t WHERE a = ?'),
    ],
)
def test_no_value_is_shown(sql, shown):
    assert without_values(sql) == shown


def test_a_long_statement_keeps_what_says_most():
    columns = ", ".join(f"column_{number}" for number in range(30))
    assert shortened(f"SELECT {columns} FROM cita WHERE id = $1") == "SELECT … FROM cita WHERE id = $1"
    assert len(shortened("WITH x AS (" + "y" * 300)) == 100


@pytest.mark.parametrize(
    ("sql", "indexed", "index"),
    [
        ("SELECT * FROM cita WHERE paciente_id = $1 LIMIT $2", (), "cita (paciente_id)"),
        ("SELECT * FROM public.cita c JOIN p ON p.id = c.p WHERE p.x = $1 AND c.fecha >= $2", (), "cita (fecha)"),
        ("UPDATE cita SET a = $1 WHERE b IN ($2, $3)", (), "cita (b)"),
        ("SELECT * FROM cita WHERE nombre ILIKE $1", (), "cita USING gin (nombre gin_trgm_ops)"),
        ("SELECT * FROM cita WHERE id = ANY($1)", ("id",), ""),
        ("SELECT * FROM citas WHERE a = $1", (), ""),
        ("SELECT * FROM cita ORDER BY a LIMIT $1", (), ""),
    ],
)
def test_the_index_is_guessed_from_the_condition(sql, indexed, index):
    assert index_for(sql, "cita", indexed) == index


@pytest.mark.parametrize(
    ("dsn", "holds"),
    [
        ("postgresql://monitor@localhost:5432/cms", False),
        ("postgres://monitor:geheim@localhost/cms", True),
        ("postgresql://monitor:ge/he@im@localhost/cms", True),
        ("postgresql://localhost/cms?user=monitor&password=geheim", True),
        ("host=localhost user=monitor", False),
        ("host=localhost password = geheim", True),
        ("postgresql://one:5432,two:5433/cms", False),
    ],
)
def test_a_password_in_a_dsn_is_seen(dsn, holds):
    assert holds_password(dsn) is holds
