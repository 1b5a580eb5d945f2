"""A CMS behind TLS: a trusted certificate works, any other stops the run, unless it is told not to look."""

import pytest

from tests.tap import Tap


@pytest.fixture
def https(sandbox, certificate):
    """The URL of a sandbox behind TLS; its certificate is for localhost."""
    tap = Tap(int(sandbox.url.rsplit(":", 1)[1]), certificate=certificate)
    yield tap.url.replace("127.0.0.1", "localhost")
    tap.close()


def test_a_certificate_that_nobody_vouches_for_stops_the_run(run, https):
    result = run(host=https)
    assert result.code == 2, result.output
    assert "certificate" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("trusting", ["--insecure", "the certificate"])
def test_a_run_over_tls_passes(run, https, certificate, trusting):
    options, env = (["--insecure"], {}) if trusting == "--insecure" else ([], {"SSL_CERT_FILE": str(certificate[0])})
    result = run(*options, host=https, env=env)
    assert result.code == 0, result.output
    assert (result.verdict["host"], result.verdict["verdict"]) == (https, "pass")
    assert result.verdict["requests"] > 50
