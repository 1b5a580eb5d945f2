"""Open files, ports, buffers: what the system refuses to the generator is not the API's fault."""

from locust.env import Environment
from locust.event import Events

import errno
import os

import pytest

from api.failures import NoAnswer
from reporting.collect_run_data import out_of_means


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM])
def test_what_the_system_refused_speaks_against_the_run_and_not_against_the_api(number):
    environment = Environment(events=Events())
    environment.stats.log_error("GET", "/x", NoAnswer(f"could not connect: {os.strerror(number)}"))
    assert out_of_means(environment) == [f"the load generator ran out of means: {os.strerror(number)}"]


def test_what_the_api_refused_does_not():
    environment = Environment(events=Events())
    environment.stats.log_error("GET", "/x", NoAnswer("could not connect: Connection refused"))
    assert out_of_means(environment) == []
