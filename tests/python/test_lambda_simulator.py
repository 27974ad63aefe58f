# SPDX-License-Identifier: Apache-2.0
"""The simulator of the Lambda runtime API against AWS's own runtime client (awslambdaric) and against plain HTTP
written from the documentation: what they need, and what they are refused, is there."""
import http.client
import json
import subprocess
import sys

import pytest

from lambda_support import LONGEST_RUN, REQUEST_ID, run_lambda, simulator, write_events
from program_support import environment

FUNCTION = '''
import os
import time

def handle(event, context):
    if event.get("raise"):
        raise ValueError("no good")
    if event.get("sleep"):
        time.sleep(event["sleep"])
    if event.get("large"):
        return "x" * event["large"]
    return {"event": event, "request": context.aws_request_id, "arn": context.invoked_function_arn,
            "left": context.get_remaining_time_in_millis(), "trace": os.environ.get("_X_AMZN_TRACE_ID", "")}
'''


@pytest.fixture
def python_function(tmp_path):
    (tmp_path / "function.py").write_text(FUNCTION)

    def run(events, **more):
        command = [sys.executable, "-m", "awslambdaric", "function.handle"]
        return run_lambda(tmp_path, events, command, environment(tmp_path, PYTHONPATH=str(tmp_path)), **more)

    return run


def test_the_vendors_client_gets_its_events_and_answers_them(python_function):
    run = python_function([{"number": 1}, {"number": 2}], time_limit="30s")
    assert run.kinds == ["response", "response"], run.err
    assert len(run.starts) == 1
    for number, outcome in enumerate(run.outcomes, start=1):
        answer = json.loads(outcome["body"])
        assert answer["event"] == {"number": number}
        assert answer["request"] == outcome["request_id"] == REQUEST_ID.format(number)
        assert answer["arn"].startswith("arn:aws:lambda:us-east-1:111122223333:function:")
        assert 0 < answer["left"] <= 30_000
        assert answer["trace"].startswith("Root=1-")


def test_the_vendors_client_reports_an_exception(python_function):
    run = python_function([{"raise": True}, {"number": 2}])
    assert run.kinds == ["error", "response"]
    error = json.loads(run.outcomes[0]["body"])
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "no good")


def test_the_vendors_client_reports_a_missing_function_at_start(tmp_path):
    run = run_lambda(tmp_path, [{}], [sys.executable, "-m", "awslambdaric", "missing.handle"], environment(tmp_path))
    assert run.kinds[0] in ("init-error", "error"), run.err
    assert "missing" in json.loads(run.outcomes[0]["body"])["errorMessage"]


def test_a_function_that_takes_too_long_is_killed_and_started_anew(python_function):
    run = python_function([{"sleep": 60}, {"number": 2}], time_limit="5s")
    assert run.kinds == ["timeout", "response"]
    assert len(run.starts) == 2
    assert run.exits[0] == -9


def test_a_response_over_six_megabytes_is_refused(python_function):
    run = python_function([{"large": 6 * 1024 * 1024}])
    assert run.kinds[0] != "response"


class Client:
    """The calls of the documentation, over one connection."""

    BASE = "/2018-06-01/runtime/"

    def __init__(self, folder, events, *arguments):
        self.process = subprocess.Popen([simulator(), *arguments, *write_events(folder, events)],
                                        stdout=subprocess.PIPE, text=True)
        self.address = json.loads(self.process.stdout.readline())["address"]
        self.connection = http.client.HTTPConnection(self.address, timeout=30)

    def call(self, method, path, body=None, headers=()):
        self.connection.request(method, self.BASE + path, body, dict(headers))
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def next(self):
        return self.call("GET", "invocation/next")

    def outcome(self):
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.connection.close()
        self.process.kill()
        self.process.wait(timeout=10)
        self.process.stdout.close()


@pytest.fixture
def client(tmp_path):
    made = []

    def start(events, *arguments):
        made.append(Client(tmp_path, events, *arguments))
        return made[-1]

    yield start
    for each in made:
        each.stop()


def test_each_invocation_takes_exactly_one_answer(client):
    one = client([{"a": 1}, {"b": 2}])
    status, headers, event = one.next()
    request = headers["Lambda-Runtime-Aws-Request-Id"]
    assert status == 200 and json.loads(event) == {"a": 1} and int(headers["Lambda-Runtime-Deadline-Ms"]) > 1.7e12
    assert one.next()[0] == 403, "a poll before the answer"
    assert one.call("POST", "invocation/unknown/response", "{}")[0] == 400
    assert one.call("POST", f"invocation/{request}/response", "{}")[0] == 202
    assert one.call("POST", f"invocation/{request}/response", "{}")[0] == 403
    assert one.call("POST", f"invocation/{request}/error", "{}")[0] == 403
    assert one.call("POST", "init/error", "{}")[0] == 403, "it has started"
    assert one.call("GET", "invocation")[0] == 404
    status, headers, event = one.next()
    assert json.loads(event) == {"b": 2}
    body = json.dumps({"errorMessage": "m", "errorType": "T.x", "stackTrace": []})
    error = {"Lambda-Runtime-Function-Error-Type": "T.x"}
    assert one.call("POST", f"invocation/{headers['Lambda-Runtime-Aws-Request-Id']}/error", body, error)[0] == 202
    # The simulator waits for the next poll before it reports; there is no event left, so it ends.
    one.connection.close()


def test_a_response_of_exactly_six_megabytes_is_taken(client):
    one = client([{}], "--time-limit", "60s")
    request = one.next()[1]["Lambda-Runtime-Aws-Request-Id"]
    status, _, body = one.call("POST", f"invocation/{request}/response", b"x" * (6 * 1024 * 1024 + 1))
    assert status == 413 and json.loads(body)["errorType"] == "RequestEntityTooLarge"
    assert one.call("POST", f"invocation/{request}/response", b"x" * (6 * 1024 * 1024))[0] == 202


def test_an_error_at_start_ends_the_invocation(client):
    one = client([{}])
    body = json.dumps({"errorMessage": "no settings", "errorType": "T.x"})
    assert one.call("POST", "init/error", body, {"Lambda-Runtime-Function-Error-Type": "T.x"})[0] == 202
    # As the program that is started anew does: otherwise a minute is waited for it.
    one.connection.request("GET", one.BASE + "invocation/next")
    outcome = one.outcome()
    assert (outcome["kind"], outcome["error_type"]) == ("init-error", "T.x")


def test_faults_are_answered_once(client):
    one = client([{}], "--fault", "next=500", "--fault", "next=0")
    assert one.next()[0] == 500
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        one.next()
    one.connection.close()
    assert one.next()[0] == 200


@pytest.mark.parametrize("arguments, complaint", [
    (["--time-limit", "soon", "event"], "`soon` is not a time"),
    (["--fault", "poll=500", "event"], "`poll=500` is not like"),
    ([], "EVENT"),
])
def test_wrong_arguments_are_said(arguments, complaint):
    done = subprocess.run([simulator(), *arguments], capture_output=True, text=True, timeout=LONGEST_RUN, check=False)
    assert done.returncode == 2 and complaint in done.stderr
