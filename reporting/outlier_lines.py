"""The outliers of a run, numbered, each with a `curl` line that anybody can try."""

from collections.abc import Mapping

from msgspec.structs import replace

from access.curl import curl_line
from api.endpoint import Endpoint
from api.endpoints import ENDPOINTS
from reporting.metrics.outliers import Outlier
from reporting.metrics.store import MetricsStore


def outliers_of(store: MetricsStore, host: str) -> list[Outlier]:
    """Those of the steady state, and the failed ones of the whole run."""
    known = {str(endpoint): endpoint for endpoint in ENDPOINTS}
    found = store.outliers.numbered(store.steady_from or store.started)
    return [replace(outlier, curl=_curl(outlier, host, known)) for outlier in found]


def _curl(outlier: Outlier, host: str, known: Mapping[str, Endpoint[object]]) -> str:
    endpoint = known.get(outlier.route)
    if endpoint is None or not outlier.steps:
        return ""
    last = outlier.steps[-1]
    return curl_line(endpoint.method, host + last.target, outlier.role if endpoint.needs_token else "", last.body)
