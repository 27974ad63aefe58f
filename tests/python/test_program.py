# SPDX-License-Identifier: Apache-2.0
"""The whole program, as a user meets it: its binary, a simulated SWP manager, a ledger, settings, exit codes."""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time

import pytest

from aws_support import KEY as AWS_KEY, AwsSimulator
from program_support import (AUTO, BATCH, EVENTS, EXCLUDED, FAILED, HOSTS, IPS_DETECTS, KEY, LEGACY, NO_AGENT,
                             NO_CONNECTOR, OFFLINE, OK, PROBE, ROOT, STAGE, STORAGE, TWICE, UNDETERMINED, UNKNOWN, UNREADABLE,
                             USAGE, WEB, Between, Manager, Program, binary, call, environment, finding, interrupt, now,
                             places, replaced)

UNLIMITED = ("--rate-limit", "0", "--tenant-rate-limit", "0")
MALWARE = "Backdoor:EC2/C&CActivity.B!DNS"  # leads to all three scans
CREATE = {"method": "POST", "path": "^/scheduledtasks$"}
SEARCH = {"method": "POST", "path": "^/computers/search$"}
FIND_TASKS = {"method": "POST", "path": "^/scheduledtasks/search$"}


@pytest.fixture
def folder():
    """In memory where there is such a place: the ledger waits for the disk several times an event."""
    memory = pathlib.Path("/dev/shm")
    made = tempfile.mkdtemp(prefix="sallyport-test-", dir=memory if os.access(memory, os.W_OK) else None)
    yield pathlib.Path(made)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def start():
    """Starts simulators and other servers, and ends them."""
    running = []

    def begin(kind=Manager, *arguments, **options):
        running.append(kind(*arguments, **options))
        return running[-1]

    yield begin
    for server in reversed(running):
        server.stop()


@pytest.fixture
def manager(start):
    return start(Manager, *UNLIMITED)


@pytest.fixture
def program(folder, manager):
    return Program(folder, manager.url)


@pytest.fixture
def enforcing(program):
    program.set(mode="enforce")
    return program


def plan_of(report):
    """Of an event that led to one plan."""
    assert len(report["plans"]) == 1, report
    return report["plans"][0]


def outcomes_of(report):
    return [outcome for plan in report["plans"] for outcome in plan["outcomes"]]


def hosts(report):
    return plan_of(report)["plan"]["hosts"]


def outcomes(report):
    return [(o["kind"], o["state"]) for o in outcomes_of(report)]


def stopped_by(report):
    """The gate that refused each action."""
    return [o["gates"][-1]["gate"] for o in outcomes_of(report) if not o["gates"][-1]["passed"]]


def assert_not_known(program, run, *said, protection="undetermined"):
    """SWP could not be read: code 4, nothing done, nobody told, and the ledger says all of it."""
    assert run.code == UNDETERMINED, run.out + run.err
    report = run.report
    everything = json.dumps(report, ensure_ascii=False)
    for words in said:
        assert words in everything, f"{words!r} is not in {everything}"
    assert report["state"] == "undetermined"
    assert [host["protection"]["state"] for host in hosts(report)] == [protection]
    assert WEB in report["reason"]
    assert outcomes_of(report) == [] and plan_of(report)["plan"]["actions"] == []
    assert "not protected" not in everything and "notify-owner" not in everything
    (case,) = program.cases()
    assert case["state"] == "needs-person" and case["reason"] == report["reason"]
    shown = program.show(report["case"])
    assert shown["event"]["state"] == "undetermined" and shown["event"]["reason"] == report["reason"]
    assert shown["actions"] == [] and shown["history"][-1]["state"] == "needs-person"
    assert [plan["digest"] for plan in shown["plans"]] == [plan_of(report)["digest"]]
    text = program.run("cases", "show", str(report["case"])).out
    assert "not protected" not in text and "undetermined" in text


# --- What comes in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text, said", [
    (b"", "empty"),
    (b" \n\n ", "empty"),
    (b'{"detail": {"id"', "line 1, column 17: the text ends in the middle of a value"),
    (json.dumps(finding()).encode()[:-200], "the text ends in the middle of a value"),
    (b"hello", "line 1, column 1"),
    (b"\xff\xfe{\x00}\x00", "UTF-16"),
    (b'{"detail": "\xc3("}', "not valid JSON"),
    (b"[" * 1000 + b"]" * 1000, "nested deeper than 64 levels"),
    (b'{"detail":' * 1000 + b"1" + b"}" * 1000, "nested deeper than 64 levels"),
    (b"x" * 10_000_000, "line 1, column 1"),
    (bytes(range(256)) * 40_000, "line 1, column 1"),
    (b'{"detail": "' + b"a" * 10_000_000, "the text ends in the middle of a value"),
    (b'{"detail": {}}', "source: expected a string, found nothing"),
    (b'{"hello": 1}', "the document: not an event"),
    (b"42", "the document: expected an event, found"),
    (b"[]", "expected at least one of documents, found none"),
    (b'{"Records": [{"eventSource": "aws:s3"}]}', "a notification of S3, not an event"),
], ids=lambda value: value[:24].decode(errors="replace") if isinstance(value, bytes) else "")
def test_what_is_no_event_is_reported_and_recorded(program, manager, text, said):
    run = program.run("handle", "--json", "-", stdin=text)
    assert run.code == UNREADABLE
    assert run.report["state"] == "unreadable" and said in run.report["reason"]
    assert "stdin" in run.report["origin"] and len(run.report["reason"]) < 1000
    shown = program.show(run.report["case"])
    assert shown["event"]["reason"] == run.report["reason"] and shown["actions"] == []
    assert manager.requests() == []


WRONG = [None, True, -1, 1e300, "text", [], {}, [[1]], {"a": {"b": 1}}]


def dotted(path):
    """A place as messages name it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def wrong_events():
    """Every place of every sample event with every value of another type; places that look alike once."""
    seen = set()
    for file in sorted(EVENTS.glob("*.json")):
        document = json.loads(file.read_text())
        for path, value in places(document):
            for wrong in WRONG:
                if wrong in ([], {}) and type(wrong) is type(value) and not value:
                    continue  # no change
                known = (tuple("*" if isinstance(step, int) else step for step in path), json.dumps(wrong))
                if known not in seen:
                    seen.add(known)
                    yield path, replaced(document, path, wrong)


def test_a_wrong_type_anywhere_is_a_report_with_its_path_and_never_a_crash(program, manager):
    wrong = list(wrong_events())
    assert len(wrong) > 1000
    run = program.handle(*(event for _, event in wrong))
    # Of some it cannot be said whose host it is about.
    assert run.code == UNDETERMINED, run.err
    assert len(run.reports) == len(wrong)
    unreadable = 0
    for number, ((place, _), report) in enumerate(zip(wrong, run.reports), 1):
        assert report["origin"] == f"stdin, line {number}"
        if report["state"] != "unreadable":
            continue
        unreadable += 1
        reason = report["reason"].removeprefix(f"stdin, line {number}: ")
        named, changed = reason.split(": ")[0], dotted(place)
        # The place itself, what is inside it, or what it is in; without `type` or the like it is no event at all.
        assert named.startswith(changed) or changed.startswith(named) or (
            named == "the document" and len(place) == 1), f"{changed}: {report['reason']}"
        assert outcomes_of(report) == []
    assert unreadable > 300
    assert manager.writes() == []


def test_an_unknown_finding_type_gets_the_default_family(enforcing):
    report = enforcing.handle(finding(kind="Weather:EC2/Fog.NextYear")).report
    assert "family: unmapped" in plan_of(report)["plan"]["reasons"][0]
    assert [o["what"] for o in outcomes_of(report)] == ["scan-for-recommendations", "scan-for-integrity-changes"]
    assert outcomes(report) == [("request-scan", "requested")] * 2


@pytest.mark.parametrize("instance", ["bogus", "i-123", "i-0123456789ABCDEF0", WEB + "0", WEB + "\n", "i-" + "f" * 500,
                                      "../computers", "i-0123456789abcdef%"])
def test_a_malformed_instance_id_is_never_asked_for(program, manager, instance):
    run = program.handle(finding(instance))
    assert run.code == UNREADABLE
    assert run.report["reason"].startswith("detail.resource.instanceDetails.instanceId: ")
    assert manager.requests() == []


def test_a_finding_that_does_not_name_its_instance_is_out_of_scope(program, manager):
    run = program.handle(finding(""))
    assert run.code == OK and run.report["state"] == "out-of-scope"
    assert run.report["reason"] == "the finding is about an EC2 instance and does not name it"
    assert manager.requests() == []


def wrapped_sns(event):
    return {"Type": "Notification", "MessageId": "m-1", "TopicArn": "arn:aws:sns:us-east-1:111122223333:findings",
            "Message": json.dumps(event)}


def wrapped_sqs(*bodies):
    return {"Records": [{"messageId": f"q-{i}", "eventSource": "aws:sqs",
                         "body": body if isinstance(body, str) else json.dumps(body)} for i, body in enumerate(bodies)]}


@pytest.mark.parametrize("wrap, origins", [
    (lambda e: json.dumps(e[0]), ["stdin"]),
    (lambda e: json.dumps(e[0], indent=2), ["stdin"]),
    (lambda e: "\ufeff" + json.dumps(e[0]), ["stdin"]),
    (lambda e: json.dumps(e[0]["detail"]), ["stdin"]),
    (lambda e: json.dumps({"detail": e[0]["detail"]}), ["stdin"]),
    (lambda e: "\n".join(map(json.dumps, e)), ["stdin, line 1", "stdin, line 2"]),
    (lambda e: "\r\n\r\n".join(map(json.dumps, e)) + "\r\n", ["stdin, line 1", "stdin, line 3"]),
    (lambda e: json.dumps(e), ["element 1", "element 2"]),
    (lambda e: json.dumps(wrapped_sns(e[0])), ["SNS message"]),
    (lambda e: json.dumps(wrapped_sqs(*e)), ["SQS record 1 (message q-0)", "SQS record 2 (message q-1)"]),
    (lambda e: json.dumps(wrapped_sqs(*map(wrapped_sns, e))), ["SQS record 1", "SQS record 2"]),
    (lambda e: json.dumps({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(e[0])}}]}),
     ["SNS record 1"]),
], ids=["event", "indented", "byte order mark", "finding", "partial envelope", "ndjson", "crlf", "array", "sns", "sqs",
        "sns in sqs", "sns to lambda"])
def test_every_way_of_delivery_gives_the_same_decision(program, wrap, origins):
    events = [finding(WEB), finding(BATCH)]
    run = program.run("handle", "--json", "-", stdin=wrap(events).encode())
    assert run.code == OK, run.out
    assert len(run.reports) == len(origins)
    for report, event, origin in zip(run.reports, events, origins):
        assert origin in report["origin"]
        assert plan_of(report)["plan"]["subject"] == event["detail"]["id"]
        assert hosts(report)[0]["protection"]["state"] == "protected"
        assert len(outcomes_of(report)) == 2


def test_a_bad_record_leaves_the_others_alone(program):
    run = program.run("handle", "--json", "-", stdin=json.dumps(wrapped_sqs(finding(), "{", finding(BATCH))).encode())
    assert run.code == UNREADABLE
    assert [report["state"] for report in run.reports] == ["closed", "unreadable", "closed"]
    assert "SQS record 2 (message q-1)" in run.reports[1]["reason"]


def test_files_are_handled_in_order_and_one_that_is_not_there_is_told(program, folder):
    (folder / "one.json").write_text(json.dumps(finding()))
    run = program.run("handle", "--json", "one.json", "none.json", "one.json")
    assert run.code == UNREADABLE
    assert [report["origin"] for report in run.reports] == ["one.json", "none.json", "one.json"]
    assert run.reports[1]["reason"] == "`none.json` cannot be read: No such file or directory; nothing was recorded"


def read_line(stream, seconds=20):
    """A line of an unbuffered pipe."""
    line = b""
    end = time.monotonic() + seconds
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([stream], [], [], max(0, end - time.monotonic()))
        assert ready, f"no line came, only {line!r}"
        piece = os.read(stream.fileno(), 1)
        assert piece, f"the end came after {line!r}"
        line += piece
    return line


def test_an_open_stream_is_answered_line_by_line(program):
    running = program.start("handle", "--json", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    try:
        for number, instance in enumerate((WEB, NO_AGENT, BATCH), 1):
            running.stdin.write(json.dumps(finding(instance)).encode() + b"\n")
            report = json.loads(read_line(running.stdout))
            assert report["origin"] == f"stdin, line {number}" and hosts(report)[0]["instance"] == instance
        running.stdin.close()
        assert running.wait(timeout=20) == OK
    finally:
        interrupt(running)
        running.stdout.close()


# --- SWP does not answer as it should --------------------------------------------------------------------------------


@pytest.mark.parametrize("fault, said", [
    ({"kind": "html-error"}, "HTTP 502): an HTML page, not an answer of the API"),
    ({"kind": "html-error", "status": 404}, "HTTP 404"),
    ({"kind": "status", "status": 500}, "HTTP 500"),
    ({"kind": "status", "status": 503}, "HTTP 503"),
    ({"kind": "status", "status": 429}, "swp.requests_per_minute"),
    ({"kind": "status", "status": 301}, "SWP sent a redirect (HTTP 301)"),
    ({"kind": "cut-before"}, "no whole answer from `127.0.0.1:"),
    ({"kind": "cut-after"}, "no whole answer from `127.0.0.1:"),
    ({"kind": "truncated-body"}, "no whole answer from `127.0.0.1:"),
    ({"kind": "malformed-json"}, "SWP's answer to `search computers` cannot be read: not valid JSON"),
    ({"kind": "delay", "delay_ms": 4000}, "no whole answer from `127.0.0.1:"),
    ({"kind": "unknown-enum"}, "word-from-the-future"),
], ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "")
def test_a_host_that_cannot_be_read_is_not_called_unprotected(enforcing, manager, fault, said):
    enforcing.set(swp={"deadline": "1s"})
    manager.fault(**fault, **SEARCH, times=-1)
    run = enforcing.handle(finding(kind=MALWARE))
    assert_not_known(enforcing, run, said)
    assert manager.writes() == []


def test_the_text_too_does_not_call_an_unread_host_unprotected(enforcing, manager):
    manager.fault("malformed-json", **SEARCH, times=-1)
    text = enforcing.handle(finding(), arguments=()).out
    assert f"{WEB} in 111122223333/eu-west-1: undetermined" in text
    assert "not protected" not in text and "--- message" not in text


def test_a_page_instead_of_an_answer_is_not_called_unprotected(folder, manager, start):
    page = (200, "text/html", b"<!DOCTYPE html><title>Sign in</title>")
    portal = start(Between, manager.url, spoil=lambda *_: page)
    program = Program(folder, portal.url, mode="enforce")
    assert_not_known(program, program.handle(finding()), "SWP's answer to `search computers` is an HTML page, not JSON",
                     "swp.url")


@pytest.mark.parametrize("body, said", [(b"", "cannot be read"), (b"[]", "expected an object"),
                                        (b'{"computers": 7}', "expected an object with the list `computers`"),
                                        (b'{"computers": [{"ID": "x"}]}', "computers[0].ID"), (b"{}", "computers"),
                                        (b"[" * 1000, "nested deeper")])
def test_an_answer_of_another_form_is_not_called_unprotected(folder, manager, start, body, said):
    odd = start(Between, manager.url, spoil=lambda *_: (200, "application/json", body))
    program = Program(folder, odd.url, mode="enforce")
    assert_not_known(program, program.handle(finding()), said)


def test_a_wrong_type_anywhere_in_an_answer_never_makes_a_host_unprotected(folder, manager, start):
    answers, instances = {}, {}

    def spoil(_, path, status, body):
        if not path.startswith("/api/computers/search"):
            return None
        criterion = between.seen[-1][2]["searchCriteria"][0]
        return (status, "application/json", answers[criterion["stringValue"]])

    between = start(Between, manager.url, spoil=spoil)
    program = Program(folder, between.url)
    good = call("POST", manager.url + "/computers/search", {"maxItems": 1, "searchCriteria": [
        {"fieldName": "hostName", "stringValue": "ec2-203-0-113-21.compute-1.amazonaws.com"}]}, {"api-secret-key": KEY})[1]
    for path, value in places(good):
        for wrong in (True, -1, 1e300, "text", [[1]], {"a": {"b": 1}}):
            if type(wrong) is type(value) or dotted(path).endswith("instanceID"):
                continue
            instance = f"i-{len(answers):017x}"
            good["computers"][0]["ec2VirtualMachineSummary"]["instanceID"] = instance
            answers[instance] = json.dumps(replaced(good, path, wrong)).encode()
            instances[instance] = dotted(path)
    run = program.handle(*(finding(instance, PROBE) for instance in answers))
    assert run.code == UNDETERMINED, run.err
    assert len(run.reports) == len(answers) > 300
    for (instance, path), report in zip(instances.items(), run.reports):
        protection = hosts(report)[0]["protection"]
        assert protection["state"] != "not protected", (path, answers[instance], protection["decisive"])
    undetermined = [path for path, report in zip(instances.values(), run.reports) if report["state"] == "undetermined"]
    assert {"computers", "computers[0].agentFingerPrint", "computers[0].computerStatus.agentStatus"} <= set(undetermined)


@pytest.mark.parametrize("metadata", [None, True, 7, "text", {}, [1], [None], [{"name": 5, "value": "true"}],
                                      [{"name": ["sallyport:exclude"], "value": "true"}], {"sallyport:exclude": "true"}],
                         ids=json.dumps)
def test_tags_that_cannot_be_read_are_not_taken_for_none(folder, manager, start, metadata):
    def spoil(_, path, status, body):
        if not path.startswith("/api/computers/search"):
            return None
        answer = json.loads(body)
        for computer in answer["computers"]:
            computer["ec2VirtualMachineSummary"]["metadata"] = metadata
        return (status, "application/json", json.dumps(answer).encode())

    program = Program(folder, start(Between, manager.url, spoil=spoil).url, mode="enforce")
    report = program.handle(finding(EXCLUDED, MALWARE, tags=None)).report
    assert manager.scans() == 0, report
    assert set(stopped_by(report)) == {"exclusion-tag"} or report["state"] == "undetermined"


@pytest.mark.parametrize("fault", [{"kind": "html-error"}, {"kind": "cut-after"}, {"kind": "malformed-json"}],
                         ids=lambda fault: fault["kind"])
def test_without_knowing_what_runs_nothing_is_requested(enforcing, manager, fault):
    enforcing.set(swp={"deadline": "1s"})
    manager.fault(**fault, **FIND_TASKS, times=-1)
    assert_not_known(enforcing, enforcing.handle(finding()), "could not check which scans were already requested",
                     protection="protected")
    assert manager.scans() == 0


def test_a_refused_connection_says_where(folder):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        program = Program(folder, f"http://127.0.0.1:{unused.getsockname()[1]}/api")
        program.set(swp={"deadline": "1s"})
        run = program.handle(finding())
    assert_not_known(program, run, "no connection to `127.0.0.1:")


@pytest.fixture(scope="module")
def certificates():
    """A CA, and certificates of it: good, expired, and for another name."""
    made = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-tls-"))

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=made, check=True, capture_output=True, timeout=20)

    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *new_key, "-days", "2", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem")
    for name, days, subject in (("good", "2", "IP:127.0.0.1"), ("expired", "-1", "IP:127.0.0.1"),
                                ("other", "2", "DNS:other.example.com")):
        openssl("req", *new_key, "-subj", f"/CN={name}", "-addext", f"subjectAltName={subject}", "-keyout",
                f"{name}.key", "-out", f"{name}.csr")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-copy_extensions", "copy", "-days", days, "-out", f"{name}.pem")
    yield made
    shutil.rmtree(made, ignore_errors=True)


def secured(start, folder, certificates, name, **swp):
    manager = start(Manager, "--tls-cert", str(certificates / f"{name}.pem"), "--tls-key",
                    str(certificates / f"{name}.key"))
    program = Program(folder, manager.url)
    program.set(swp=swp)
    return program


def test_a_certificate_of_the_named_ca_is_trusted(folder, start, certificates):
    program = secured(start, folder, certificates, "good", ca_file=str(certificates / "ca.pem"))
    assert program.handle(finding()).report["state"] == "closed"


@pytest.mark.parametrize("name, trusts, said", [
    ("expired", True, r"the certificate of `127\.0\.0\.1:\d+` has expired"),
    ("good", False, r"`127\.0\.0\.1:\d+` is self-signed or from an issuer that is not trusted here"),
    ("other", True, r"the certificate of `127\.0\.0\.1:\d+` is for another host name"),
])
def test_a_bad_certificate_is_named_and_nothing_is_told_of_the_host(folder, start, certificates, name, trusts, said):
    program = secured(start, folder, certificates, name, **({"ca_file": str(certificates / "ca.pem")} if trusts else {}))
    run = program.handle(finding())
    assert_not_known(program, run)
    assert re.search(said, run.report["reason"])
    doctor = program.run("doctor")
    assert doctor.code == FAILED and re.search(said, doctor.out)


@pytest.mark.parametrize("key", ["SIM-KEY-NOBODY", "SIM-KEY-EXPIRED", "SIM-KEY-LOCKED",
                                 "tmcSIMFULL:0000simulated0000full"])
def test_a_key_that_is_not_taken_names_where_to_look(folder, manager, key):
    program = Program(folder, manager.url, key=key, mode="enforce")
    run = program.handle(finding())
    assert_not_known(program, run, "HTTP 401", "swp.api_key_file", "swp.authentication", "sallyport doctor")
    assert len(manager.requests()) == 1  # a wrong key that is tried again locks itself
    doctor = program.run("doctor")
    assert doctor.code == FAILED and "HTTP 401" in doctor.out
    assert ("`swp.authentication: cloud-one`" in doctor.out) == key.startswith("tmc")


def test_a_cloud_one_key_goes_into_its_own_header(folder, manager):
    program = Program(folder, manager.url, key="tmcSIMFULL:0000simulated0000full")
    program.set(swp={"authentication": "cloud-one"})
    assert program.handle(finding()).report["state"] == "closed"


@pytest.mark.parametrize("command", [("handle", "-"), ("doctor",), ("cases", "list")])
def test_a_vision_one_key_is_a_settings_error(folder, manager, command):
    program = Program(folder, manager.url, key="eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl")
    run = program.run(*command)
    assert run.code == USAGE
    assert "SALLYPORT_SWP_API_KEY" in run.err and "Trend Vision One" in run.err
    assert run.out == "" and manager.requests() == []


def test_without_the_right_to_see_tasks_the_right_is_named(folder, manager):
    program = Program(folder, manager.url, key="SIM-KEY-NO-TASKS", mode="enforce")
    assert_not_known(program, program.handle(finding()), "HTTP 403", "scheduledTaskRights.canViewScheduledTasks",
                     protection="protected")


@pytest.mark.parametrize("key", ["SIM-KEY-AUDITOR", "SIM-KEY-NO-EXECUTE"])
def test_without_the_right_to_create_tasks_the_right_is_named(folder, manager, key):
    program = Program(folder, manager.url, key=key, mode="enforce")
    run = program.handle(finding(kind=PROBE))
    assert run.code == FAILED
    assert outcomes(run.report) == [("request-scan", "failed")]
    assert "HTTP 403" in run.report["reason"]
    assert "scheduledTaskRights.canCreateNewScheduledTasks and canExecuteScheduledTasks" in run.report["reason"]
    shown = program.show()
    assert shown["event"]["state"] == "failed"
    assert shown["actions"][0]["state"] == "failed" and "HTTP 403" in shown["actions"][0]["reason"]
    assert manager.scans() == 0 and len(manager.writes()) == 1


# --- The request for a scan goes wrong -------------------------------------------------------------------------------


def assert_requested_once(program, manager, run):
    assert run.code == OK, run.out + run.err
    assert outcomes(run.report) == [("request-scan", "requested")]
    assert manager.scans() == 1
    shown = program.show()
    assert [action["state"] for action in shown["actions"]] == ["requested"]
    task = re.search(r"SWP accepted the request as scheduled task (\d+)", shown["actions"][0]["reason"])
    assert task, shown["actions"][0]["reason"]
    assert [record["ID"] for record in manager.tasks()] in ([int(task[1])], [])


@pytest.mark.parametrize("kind", ["cut-after", "truncated-body", "malformed-json"])
def test_a_scan_whose_answer_was_lost_is_found_again(enforcing, manager, kind):
    manager.fault(kind, **CREATE)
    run = enforcing.handle(finding(kind=PROBE))
    assert_requested_once(enforcing, manager, run)
    assert "found again after a lost answer" in outcomes_of(run.report)[0]["reason"]
    assert len(manager.writes()) == 1


@pytest.mark.parametrize("status, kind, body", [(500, "application/json", b'{"message": "internal"}'),
                                                (504, "text/html", b"<html>gateway</html>"),
                                                (200, "application/json", b'{"name": "no number"}')])
def test_an_error_after_the_act_is_seen_through(folder, manager, start, status, kind, body):
    def spoil(method, path, *_):
        return (status, kind, body) if method == "POST" and path.endswith("/scheduledtasks") else None

    between = start(Between, manager.url, spoil=spoil)
    program = Program(folder, between.url, mode="enforce")
    run = program.handle(finding(kind=PROBE))
    assert_requested_once(program, manager, run)
    assert "found again after a lost answer" in outcomes_of(run.report)[0]["reason"]


@pytest.mark.parametrize("fault, said", [({"kind": "cut-before"}, "closed the connection"),
                                         ({"kind": "status", "status": 500, "times": -1}, "HTTP 500")])
def test_a_request_without_an_answer_is_not_made_again_before_it_cannot_arrive_any_more(enforcing, manager, fault, said):
    manager.fault(**CREATE, **fault)
    event = finding(kind=PROBE)
    run = enforcing.handle(event)
    assert run.code == OK and run.report["state"] == "waiting"
    assert outcomes(run.report) == [("request-scan", "intended")]
    reason = outcomes_of(run.report)[0]["reason"]
    assert reason.startswith("outcome unknown: ") and said in reason and "SWP holds no task for it yet" in reason
    assert "outcome-known" in [f["question"] for f in enforcing.run("followups", "list", "--json").reports]
    # Nor by another delivery, nor for another finding, nor when its question rings.
    assert enforcing.handle(event).report["state"] == "duplicate"
    assert outcomes(enforcing.handle(finding(kind=PROBE)).report) == [("request-scan", "held")]
    assert enforcing.run("followups", "run", "--wait", "7s").code == OK
    assert manager.scans() == 0 and len(manager.writes()) == 1


def test_an_answer_that_is_lost_for_good_stays_an_intention(enforcing, manager):
    manager.fault("cut-after", **CREATE, times=-1)
    manager.fault("html-error", **FIND_TASKS, skip=1, times=-1, status=403)
    run = enforcing.handle(finding(kind=PROBE))
    assert run.code == OK
    reason = outcomes_of(run.report)[0]["reason"]
    assert "the scan may have been requested" in reason and "could not be looked up" in reason
    assert "look for the task `sallyport scan-for-recommendations computer 34 " in reason
    assert outcomes(run.report) == [("request-scan", "intended")]
    shown = enforcing.show()
    assert shown["actions"][0]["state"] == "intended" and shown["event"]["state"] == "waiting"
    assert manager.scans() == 1


def test_a_few_429_are_waited_for(enforcing, manager):
    enforcing.set(swp={"deadline": "20s"})
    for where in (SEARCH, CREATE):
        manager.fault("status", **where, status=429, times=2)
    run = enforcing.handle(finding(kind=PROBE))
    asked = manager.requests()
    assert_requested_once(enforcing, manager, run)
    assert [status for _, _, status in asked].count(429) == 4
    assert run.report["swp_calls"] == len(asked)
    assert run.err.count("trying an HTTP request again") == 4


def test_429_to_the_end_is_a_failure_and_not_a_scan(enforcing, manager):
    enforcing.set(swp={"deadline": "1s"})
    manager.fault("status", **CREATE, status=429, times=-1)
    run = enforcing.handle(finding(kind=PROBE))
    assert run.code == FAILED
    assert "HTTP 429" in run.report["reason"] and "swp.requests_per_minute" in run.report["reason"]
    assert manager.scans() == 0 and enforcing.show()["actions"][0]["state"] == "failed"


def test_a_burst_over_the_managers_limit_is_handled(folder, start):
    manager = start(Manager, "--rate-limit", "6")
    program = Program(folder, manager.url)
    program.set(swp={"deadline": "30s"})
    ended = threading.Event()

    def let_minutes_fly():
        while not ended.wait(0.3):
            manager.control("POST", "advance", {"seconds": 30})

    flying = threading.Thread(target=let_minutes_fly)
    flying.start()
    try:
        run = program.handle(*(finding(WEB, PROBE) for _ in range(6)))
    finally:
        ended.set()
        flying.join()
    assert run.code == OK, run.out
    assert {report["state"] for report in run.reports} == {"closed"}
    assert 429 in [status for _, _, status in manager.requests()]
    assert sum(report["swp_calls"] for report in run.reports) == len(manager.requests())


# --- What is done, and what not --------------------------------------------------------------------------------------


def test_no_finding_costs_more_than_six_calls_and_the_report_counts_them(enforcing, manager):
    enforcing.set(gates={"cool_down": "0s", "when_tags_unknown": "allow"})  # so that every finding asks for its scans
    most = 0
    for instance in HOSTS:
        for kind in (MALWARE, "UnauthorizedAccess:EC2/TorIPCaller", PROBE):
            manager.control("DELETE", "requests")
            run = enforcing.handle(finding(instance, kind))
            assert run.code == OK, run.out + run.err
            assert run.report["swp_calls"] == len(manager.requests()) <= 6, manager.requests()
            most = max(most, run.report["swp_calls"])
    assert most == 6


def test_computers_are_only_asked_for_by_instance(folder, manager, start):
    between = start(Between, manager.url)
    program = Program(folder, between.url, mode="enforce")
    for instance in [*HOSTS, UNKNOWN]:
        between.seen.clear()
        program.handle(finding(instance, MALWARE))
        searches = [body for method, path, body in between.seen if path.startswith("/api/computers/search")]
        assert searches
        for body in searches:
            criterion, *page = body["searchCriteria"]
            assert len(page) <= 1 and all(set(one) == {"idValue", "idTest"} for one in page)
            assert criterion["stringTest"] == "equal" and body["maxItems"] <= 20
            # The one record without an agent: whether its agent stands in a record of the same name and address.
            if criterion["fieldName"] == "hostName":
                continue
            assert criterion["fieldName"].endswith("/instanceID") and criterion["stringValue"] == instance
        for method, path, _ in between.seen:
            if method == "GET":
                assert re.fullmatch(r"/api/computers/\d+", path.split("?")[0]), path
                continue
            assert method == "POST", f"{method} {path}"
            assert path.split("?")[0] in ("/api/computers/search", "/api/scheduledtasks/search", "/api/scheduledtasks")


def test_a_dry_run_writes_nothing_and_shows_the_call_that_would_be_taken(enforcing, manager):
    run = enforcing.handle(finding(kind=MALWARE), arguments=("--json", "--dry-run"))
    assert run.code == OK
    assert outcomes(run.report) == [("request-scan", "would")] * 3
    assert manager.writes() == [] and manager.scans() == 0
    for outcome in outcomes_of(run.report):
        method, url, body = outcome["would_do"].split(" ", 2)
        assert (method, url) == ("POST", manager.url + "/scheduledtasks")
        status, task = call(method, url, json.loads(body), {"api-secret-key": KEY})
        assert status == 200 and task["type"] == outcome["what"]
    assert manager.scans() == 3
    text = enforcing.handle(finding(BATCH, PROBE), arguments=("--dry-run",)).out
    assert f"| POST {manager.url}/scheduledtasks {{\"name\":\"sallyport scan-for-recommendations computer 40 " in text
    assert not enforcing.ledger.exists(), "a dry run leaves nothing"


def test_a_dry_run_is_no_reason_not_to_do_it(enforcing, manager):
    event = finding(kind=PROBE)
    enforcing.handle(event, arguments=("--json", "--dry-run"))
    assert outcomes(enforcing.handle(event).report) == [("request-scan", "requested")]
    assert manager.scans() == 1


def test_a_new_installation_observes(program, manager):
    run = program.handle(finding(kind=MALWARE))
    assert run.code == OK
    assert outcomes(run.report) == [("request-scan", "would")] * 3
    assert set(stopped_by(run.report)) == {"mode"}
    assert manager.writes() == []


def test_enforce_requests_the_scans(enforcing, manager):
    run = enforcing.handle(finding(kind=MALWARE))
    assert run.code == OK
    assert outcomes(run.report) == [("request-scan", "requested")] * 3
    assert manager.scans() == 3 and len(manager.writes()) == 3
    assert [action["state"] for action in enforcing.show()["actions"]] == ["requested"] * 3
    # What is about to be done is one commit, what came of it the next.
    states = [line["state"] for line in enforcing.show()["history"] if line["kind"] == "action"]
    assert states == ["intended"] * 3 + ["requested"] * 3


def test_one_account_may_observe_while_the_others_enforce(enforcing, manager):
    enforcing.set(accounts={"444455556666": "observe"})
    run = enforcing.handle(finding(STAGE, PROBE), finding(WEB, PROBE))
    assert [outcomes(report) for report in run.reports] == [[("request-scan", "would")], [("request-scan", "requested")]]
    assert manager.scans() == 1


def test_a_second_delivery_requests_nothing_again(enforcing, manager):
    event = finding(kind=MALWARE)
    first, second = enforcing.handle(event, event).reports
    assert outcomes(first) == [("request-scan", "requested")] * 3
    assert "requested" not in [state for _, state in outcomes(second)]
    third = enforcing.handle(event).report  # another process
    assert "requested" not in [state for _, state in outcomes(third)]
    manager.control("POST", "advance", {"seconds": 3600})  # the scans have ended, and SWP has deleted their tasks
    assert manager.tasks() == []
    fourth = enforcing.handle(event).report
    assert fourth["state"] == "duplicate" and outcomes(fourth) == [] and fourth["swp_calls"] == 0
    assert manager.scans() == 3


def test_another_finding_joins_a_scan_that_runs_or_waits_for_the_cool_down(enforcing, manager):
    enforcing.handle(finding(kind=PROBE))
    joined = enforcing.handle(finding(kind=PROBE)).report
    assert [scan["verdict"] for scan in hosts(joined)[0]["scans"]] == ["joined"]
    assert outcomes(joined) == [("request-scan", "waiting")]
    manager.control("POST", "advance", {"seconds": 3600})
    assert stopped_by(enforcing.handle(finding(kind=PROBE)).report) == ["cool-down"]
    assert outcomes(enforcing.handle(finding(kind=PROBE, severity=9)).report) == [("request-scan", "requested")]
    assert manager.scans() == 2


def test_one_unprotected_host_is_told_once_for_one_finding(program):
    event = finding(NO_AGENT)
    first, second = program.handle(event, event).reports
    assert outcomes(first) == [("notify-owner", "sent")]
    assert second["state"] == "duplicate" and outcomes(second) == []


@pytest.mark.parametrize("instance, tags, gate", [(EXCLUDED, (), "exclusion-tag"), (NO_CONNECTOR, None, "exclusion-tag"),
                                                  (NO_CONNECTOR, (("sallyport:exclude", ""),), "exclusion-tag")])
def test_a_host_to_be_left_alone_or_of_unknown_tags_is_not_touched(enforcing, manager, instance, tags, gate):
    run = enforcing.handle(finding(instance, MALWARE, tags=tags))
    assert run.code == OK
    assert outcomes(run.report) == [("request-scan", "refused")] * 3 and set(stopped_by(run.report)) == {gate}
    assert manager.writes() == []
    assert {action["state"] for action in enforcing.show()["actions"]} == {"refused"}


def test_a_host_without_connector_is_scanned_when_its_tags_are_known(enforcing, manager):
    run = enforcing.handle(finding(NO_CONNECTOR, MALWARE, tags=[("Owner", "team-k8s@example.com")]))
    assert hosts(run.report)[0]["protection"]["computer"] == 41
    assert manager.scans() == 3


@pytest.mark.parametrize("instance, reason, owner", [
    (OFFLINE, "offline", "team-data@example.com"),
    (NO_AGENT, "not-activated", "team-shop@example.com"),
    (UNKNOWN, "not-in-manager", "team-new@example.com"),
])
def test_the_owner_of_a_host_that_swp_does_not_protect_is_told(enforcing, manager, instance, reason, owner):
    event = finding(instance, MALWARE, tags=[("Owner", "team-new@example.com")])
    run = enforcing.handle(event)
    assert run.code == OK
    protection = hosts(run.report)[0]["protection"]
    assert protection["state"] == "not protected" and protection["decisive"][0]["reason"] == reason
    assert outcomes(run.report) == [("notify-owner", "sent")]
    text = enforcing.handle(finding(instance, MALWARE, tags=[("Owner", "team-new@example.com")]), arguments=()).out
    assert "--- message" in text and owner in text and instance in text
    assert manager.writes() == []


def test_a_host_whose_intrusion_prevention_only_detects_is_said_to(program):
    protection = hosts(program.handle(finding(IPS_DETECTS)).report)[0]["protection"]
    assert protection["modules"]["intrusion_prevention"] == "partly"
    assert any(gap.get("module") == "intrusionPrevention" for gap in protection["gaps"])


def test_of_two_records_the_one_with_the_agent_counts(enforcing, manager):
    report = enforcing.handle(finding(TWICE, PROBE)).report
    assert hosts(report)[0]["protection"]["computer"] == 44
    assert [task["scanForRecommendationsTaskParameters"]["computerFilter"]["computerID"] for task in manager.tasks()] == [44]


def test_a_scan_that_could_tell_nothing_is_not_requested(enforcing, manager):
    report = enforcing.handle(finding(LEGACY, MALWARE)).report
    verdicts = {scan["scan"]: scan["verdict"] for scan in hosts(report)[0]["scans"]}
    assert verdicts["scan-for-integrity-changes"] == "not-applicable"
    assert manager.scans() == len(outcomes_of(report)) == 2


def test_an_old_finding_is_acted_on_only_by_force(enforcing, manager):
    event = finding(kind=PROBE, when=now(days=2))
    refused = enforcing.handle(event)
    assert refused.code == OK and stopped_by(refused.report) == ["event-age"]
    assert "--force" in outcomes_of(refused.report)[0]["reason"] and manager.writes() == []
    assert outcomes(enforcing.handle(event, arguments=("--json", "--force")).report) == [("request-scan", "requested")]
    assert manager.scans() == 1


def test_the_kill_switch_stops_everything(enforcing, manager, folder):
    switch = folder / "stop"
    enforcing.set(gates={"kill_switch_file": str(switch)})
    switch.touch()
    run = enforcing.handle(finding(kind=PROBE), finding(NO_AGENT))
    assert run.code == OK
    assert [stopped_by(report) for report in run.reports] == [["kill-switch"]] * 2
    assert str(switch) in outcomes_of(run.reports[0])[0]["reason"]
    text = enforcing.handle(finding(NO_AGENT), arguments=()).out
    assert "--- message" not in text and manager.writes() == []
    doctor = enforcing.run("doctor")
    assert doctor.code == OK and "kill switch is on" in doctor.out
    switch.unlink()
    assert outcomes(enforcing.handle(finding(kind=PROBE)).report) == [("request-scan", "requested")]


@pytest.mark.parametrize("allowed, states", [(["notify-owner"], ["refused", "sent"]),
                                             (["request-scan"], ["requested", "refused"]), ([], ["refused", "refused"])])
def test_only_what_the_allow_list_names_is_done(enforcing, manager, allowed, states):
    enforcing.set(gates={"allow": allowed})
    run = enforcing.handle(finding(kind=PROBE), finding(NO_AGENT))
    assert [outcomes_of(report)[0]["state"] for report in run.reports] == states
    assert [stopped_by(report) for report in run.reports] == [
        ["allow-list"] if state == "refused" else [] for state in states]
    assert manager.scans() == ("request-scan" in allowed)


def applied(program, event):
    """Handles the event until what its scan recommends was assigned."""
    program.set(follow_up={"first": "1s", "longest": "1s"})
    run = program.run("handle", "--wait", "4s", "--json", "-", stdin=json.dumps(event).encode())
    assert run.code == OK, run.out + run.err
    return run


def assigned(manager):
    """Where rules were added: {(scope, id)}."""
    changes = manager.control("GET", "state")["assignments"]
    return {(change["scope"], change["id"]) for change in changes if change["ruleIDs"]}


# Policy 12 of the estate has nine computers with the one of policy 14 below it. Of these 46 has the exclusion tag, the
# tags of 41 are in no connector, and 47 is in the account of the stage.
def test_rules_never_reach_a_neighbor_by_way_of_the_policy(start, folder):
    manager = start(Manager, *UNLIMITED, "--speed", "60", "--scan-duration", "1m")
    program = Program(folder, manager.url, mode="enforce", accounts={"444455556666": "observe"},
                      apply={"placement": "policy"})
    run = applied(program, finding(kind=PROBE))
    assert assigned(manager) == {("computers", computer) for computer in (34, 36, 42, 44, 45, 48)}, run.out
    for words in ("3 of 9 hosts must be left alone", "pay-12 (i-0123123123123abcd) (exclusion tag",
                  "node-k8s-3 (i-0c0ffee0c0ffee0a1) (its tags are undetermined)",
                  "stage-01 (i-0444455556666aaaa) (observe mode for account 444455556666)"):
        assert words in run.out, run.out


def test_rules_go_to_the_policy_when_every_computer_of_it_may_have_them(start, folder):
    manager = start(Manager, *UNLIMITED, "--speed", "60", "--scan-duration", "1m")
    program = Program(folder, manager.url, mode="enforce", apply={"placement": "policy"},
                      gates={"exclusion_tag": "another-tag", "when_tags_unknown": "allow"})
    run = applied(program, finding(kind=PROBE))
    assert assigned(manager) == {("policies", 12)}, run.out
    assert "9 computers share SWP policy `Linux Web Server`" in run.out


def test_the_hosts_of_a_policy_are_listed_before_somebody_approves(start, folder):
    manager = start(Manager, *UNLIMITED, "--speed", "60", "--scan-duration", "1m")
    program = Program(folder, manager.url, mode="enforce", apply={"placement": "policy"},
                      gates={"exclusion_tag": "another-tag", "when_tags_unknown": "allow", "approval": {"above_hosts": 5}})
    applied(program, finding(kind=PROBE))
    assert assigned(manager) == set()
    (plan,) = program.run("plans", "list", "--json").reports
    shown = program.run("plans", "show", plan["digest"][:12]).out
    assert "affects 9 hosts" in shown, shown
    for host in ("web-01 (i-0123456789abcdef0)", "pay-12 (i-0123123123123abcd)", "auto-01 (i-0aaaa7777bbbb8888)"):
        assert host in shown, shown
    approved = program.run("plans", "approve", plan["digest"][:12])
    assert approved.code == OK, approved.out + approved.err
    assert assigned(manager) == {("policies", 12)}


def test_a_sample_finding_is_planned_and_never_acted_on(enforcing, manager):
    event = finding(kind=MALWARE)
    event["detail"]["service"]["additionalInfo"] = {"value": '{"sample":true}', "type": "default"}
    run = enforcing.handle(event, arguments=("--json", "--force"))
    assert run.code == OK and outcomes(run.report) == [("request-scan", "would")] * 3
    assert manager.writes() == []


def test_every_host_of_an_observed_estate_gives_the_same_plan_twice(program):
    events = [finding(instance, MALWARE) for instance in HOSTS]
    rehearse = ("--json", "--dry-run")  # a second delivery of the same would be a duplicate
    first, second = (program.handle(*events, arguments=rehearse).reports for _ in range(2))
    assert [plan_of(report)["digest"] for report in first] == [plan_of(report)["digest"] for report in second]
    assert hosts(first[HOSTS.index(AUTO)])[0]["protection"]["state"] == "protected"


# --- doctor ----------------------------------------------------------------------------------------------------------


def checks(run):
    return {check["check"]: check["health"] for check in run.reports}


def test_doctor_finds_nothing_wrong_with_a_good_installation(program, manager):
    run = program.run("doctor", "--json")
    assert run.code == OK
    assert {check for check, health in checks(run).items() if health == "ok"} == {
        "settings", "mode", "ledger", "kill-switch", "key-form", "api-key", "clock", "read-computers", "read-tasks"}
    assert checks(run)["aws"] == checks(run)["channels"] == "not-checked" and len(checks(run)) == 11
    assert manager.writes() == []
    text = program.run("doctor")
    assert text.code == OK and re.search(r"^ok +api-key +`full`, expires in ", text.out, re.MULTILINE)


@pytest.mark.parametrize("key, code, check, health, said", [
    ("SIM-KEY-NOBODY", FAILED, "api-key", "failure", "HTTP 401"),
    ("SIM-KEY-AUDITOR", OK, "read-tasks", "ok", "permission to create and run tasks is not checked until the first scan"),
    ("SIM-KEY-NO-TASKS", FAILED, "read-tasks", "failure", "canViewScheduledTasks"),
    ("SIM-KEY-NO-KEY-VIEW", OK, "api-key", "ok", "accepted"),
    ("SIM-KEY-NEARLY-EXPIRED", OK, "api-key", "warning", "expires in"),
])
def test_doctor_says_what_a_key_may_not(folder, manager, key, code, check, health, said):
    run = Program(folder, manager.url, key=key).run("doctor", "--json")
    assert run.code == code
    assert checks(run)[check] == health
    assert any(said in json.dumps(report) for report in run.reports if report["check"] == check)


def test_doctor_says_that_swp_is_not_reached_once(folder):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        program = Program(folder, f"http://127.0.0.1:{unused.getsockname()[1]}/api")
        program.set(swp={"deadline": "1s"})
        run = program.run("doctor", "--json")
    assert run.code == FAILED
    assert [check for check, health in checks(run).items() if health == "failure"] == ["api-key"]
    assert "no connection to `127.0.0.1:" in run.out


def test_doctor_says_that_the_clocks_differ(program, manager):
    manager.control("POST", "advance", {"seconds": 600})
    run = program.run("doctor", "--json")
    assert run.code == OK and checks(run)["clock"] == "warning" and re.search(r"SWP clock is (9m|10m)[ 0-9s]* ahead", run.out)


def test_doctor_without_an_address_says_which_setting(folder):
    program = Program(folder)
    program.sections["swp"].pop("url")
    program.set()
    run = program.run("doctor")
    assert run.code == FAILED and "SWP is not configured: no address" in run.out and "swp.url" in run.out
    assert program.handle(finding()).code == USAGE


@pytest.fixture
def with_left_tasks(folder, start):
    """An SWP in which three scans of WEB left their tasks behind, beside somebody's own and a fresh one."""
    manager = start(Manager, "--no-auto-delete")
    program = Program(folder, manager.url, mode="enforce")
    program.handle(finding(WEB, MALWARE))
    theirs = dict(manager.tasks()[0], name="sallyport weekly scan of the night shift")
    theirs.pop("ID")
    theirs["runNow"] = True
    assert call("POST", manager.url + "/scheduledtasks", theirs, {"api-secret-key": KEY})[0] == 200
    manager.control("POST", "advance", {"seconds": 7 * 3600})
    program.handle(finding(BATCH, PROBE))
    assert len(manager.tasks()) == 5
    return program, manager


def deletions(program) -> list[tuple[str, str]]:
    """State and reason of each, as the ledger has them."""
    exported = program.run("cases", "list", "--json").reports
    cases = [case["number"] for case in exported if case["title"] == "Clean-up of SWP tasks"]
    shown = [program.run("cases", "show", str(number), "--json").report for number in cases]
    return [(action["state"], action["reason"]) for case in shown for action in case["actions"]]


def test_a_clean_up_deletes_only_old_tasks_of_ours(with_left_tasks):
    program, manager = with_left_tasks
    assert program.run("doctor").code == OK and len(manager.tasks()) == 5
    assert deletions(program) == []
    run = program.run("doctor", "--clean-up", "--json")
    assert run.code == OK and checks(run)["clean-up"] == "ok", run.out
    assert "3 leftover SWP tasks: 3 deleted" in run.out
    assert sorted(task["name"].split(" computer ")[-1].split()[0] for task in manager.tasks()) == ["40", "sallyport"]
    assert [state for state, _ in deletions(program)] == ["verified"] * 3
    run = program.run("doctor", "--clean-up", "--json")
    assert run.code == OK and "no leftover SWP task" in run.out
    assert len(deletions(program)) == 3
    assert program.run("ledger", "verify").code == OK
    assert program.run("doctor", "--sweep").code == USAGE  # its old name


@pytest.mark.parametrize("gate, state, settings", [
    ("kill-switch", "refused", {"mode": "enforce", "gates": {"kill_switch_file": "STOP"}}),
    ("mode", "would", {"mode": "observe"}),
    ("mode", "would", {"mode": "enforce", "accounts": {"111122223333": "observe"}}),
    ("allow-list", "refused", {"mode": "enforce", "gates": {"allow": ["request-scan"]}}),
    ("exclusion-tag", "refused", {"mode": "enforce", "gates": {"exclusion_tag": "Owner"}}),
    ("approval", "held", {"mode": "enforce", "gates": {"approval": {"actions": ["delete-task"]}}}),
])
def test_a_clean_up_passes_the_gates(with_left_tasks, gate, state, settings):
    program, manager = with_left_tasks
    (program.folder / "STOP").write_text("")
    if "kill_switch_file" in settings.get("gates", {}):
        settings = {**settings, "gates": {"kill_switch_file": str(program.folder / "STOP")}}
    program.set(**settings)
    before = manager.writes()
    run = program.run("doctor", "--clean-up", "--json")
    assert run.code == OK and checks(run)["clean-up"] == "warning", run.out
    assert manager.writes() == before and len(manager.tasks()) == 5
    assert [found for found, _ in deletions(program)] == [state] * 3
    assert all(reason.startswith(gate + ": ") for _, reason in deletions(program))


def test_a_clean_up_that_cannot_read_or_delete_says_so(with_left_tasks):
    program, manager = with_left_tasks
    manager.fault("status", method="GET", path="^/computers/34", status=403)
    run = program.run("doctor", "--clean-up", "--json")
    assert run.code == FAILED and checks(run)["clean-up"] == "failure"
    assert "3 undetermined" in run.out and "computer 34 could not be read" in run.out and len(manager.tasks()) == 5
    manager.control("DELETE", "faults")
    manager.fault("status", method="DELETE", path="^/scheduledtasks/", status=403, times=-1)
    run = program.run("doctor", "--clean-up", "--json")
    assert run.code == FAILED and "3 failed (SWP refused to delete a scheduled task" in run.out


# --- ledger ----------------------------------------------------------------------------------------------------------


def test_the_ledger_lists_the_newest_first_and_finds(enforcing):
    enforcing.handle(finding(WEB, PROBE), finding(NO_AGENT), "{", finding("bogus"))
    cases = enforcing.cases()
    assert [case["number"] for case in cases] == [4, 3, 2, 1]
    assert [(case["state"], case.get("outcome")) for case in cases] == [
        ("closed", "unreadable"), ("closed", "unreadable"), ("needs-person", None), ("in-progress", None)]
    assert [case["hosts"] for case in cases[2:]] == [["111122223333/eu-west-1/" + host] for host in (NO_AGENT, WEB)]
    assert len(enforcing.run("cases", "list", "--json", "--limit", "2").reports) == 2
    assert [case["number"] for case in enforcing.run("cases", "list", "--json", "--state", "needs-person").reports] == [2]
    assert [case["number"] for case in enforcing.run("cases", "list", "--json", "--text", PROBE).reports] == [1]
    text = enforcing.run("cases", "list").out
    assert PROBE[:16] in text and "unreadable" in text
    assert all(len(line) <= 100 for line in text.splitlines())
    shown = enforcing.run("cases", "show", "1").out
    assert "requested: SWP accepted the request as scheduled task " in shown and "intended: about to be carried out" in shown
    assert [case["number"] for case in enforcing.run("cases", "list", "--json", "--host", WEB).reports] == [1]


def test_a_command_that_only_looks_makes_and_changes_nothing(enforcing):
    looks = [("cases", "list"), ("cases", "show", "1"), ("ledger", "verify"), ("ledger", "export"), ("ledger", "heads"),
             ("plans", "list"), ("plans", "show", "01234567"), ("followups", "list")]
    # These say something without a ledger too; there is no AWS here (test_macie.py has one).
    enforcing.set(notify={"channels": [{"name": "terminal", "type": "console"}]})
    others = {("doctor",): OK, ("who-can", "some-bucket"): USAGE}
    nowhere = enforcing.folder / "nowhere"
    for look in looks:
        run = enforcing.run("--ledger", str(nowhere / "ledger.db"), *look)
        assert run.code == STORAGE and run.out == "", look
        assert f"ledger `{nowhere}/ledger.db`: there is no such file" in run.err
        assert not nowhere.exists(), look
    for look, code in others.items():
        run = enforcing.run("--ledger", str(nowhere / "ledger.db"), *look)
        assert run.code == code, run.out + run.err
        assert not nowhere.exists(), look
    enforcing.handle(finding(WEB, PROBE))
    before = enforcing.ledger.read_bytes()
    expected = {**{look: USAGE if "01234567" in look else OK for look in looks}, **others}
    for look, code in expected.items():
        assert enforcing.run(*look).code == code, look
        assert [path.name for path in enforcing.folder.glob("ledger.db*")] == ["ledger.db"], look
        assert enforcing.ledger.read_bytes() == before, look
    enforcing.ledger.chmod(0o400)
    assert enforcing.run("ledger", "verify").code == OK


def test_doctor_says_that_there_is_no_ledger_yet_and_whether_one_can_be_made(program):
    for path, said in (("ledger.db", "no ledger yet"), ("a/b/ledger.db", "no ledger yet")):
        run = program.run("--ledger", str(program.folder / path), "doctor", "--json")
        assert run.code == OK and checks(run)["ledger"] == "ok" and said in run.out
    assert not list(program.folder.glob("ledger.db*")) and not (program.folder / "a").exists()
    (program.folder / "file").write_text("")
    run = program.run("--ledger", str(program.folder / "file" / "ledger.db"), "doctor", "--json")
    assert run.code == FAILED and checks(run)["ledger"] == "failure" and "Not a directory" in run.out
    program.handle(finding(WEB, PROBE))
    program.ledger.chmod(0o644)
    run = program.run("doctor", "--json")
    assert run.code == FAILED and checks(run)["ledger"] == "failure" and "can be read by every user" in run.out


def test_a_ledger_of_an_older_program_is_brought_over_by_handling_and_not_by_looking(program):
    shutil.copy(ROOT / "tests" / "data" / "ledger-v2.db", program.ledger)
    program.ledger.chmod(0o600)
    before = program.ledger.read_bytes()
    doctor = program.run("doctor", "--json")
    assert doctor.code == OK and checks(doctor)["ledger"] == "warning"
    assert "has version 2" in doctor.out and "`sallyport followups run`" in doctor.out
    listed = program.run("cases", "list")
    assert listed.code == STORAGE and "`sallyport followups run`" in listed.err
    assert program.ledger.read_bytes() == before
    assert [path.name for path in program.folder.glob("ledger.db*")] == ["ledger.db"]
    program.handle(finding(WEB, PROBE))
    assert program.run("ledger", "verify").code == OK and checks(program.run("doctor", "--json"))["ledger"] == "ok"


def test_a_case_as_json_is_one_line(program):
    program.handle(finding())
    assert program.run("cases", "show", "1", "--json").out.count("\n") == 1


# Documents that are not ours: members of them have the names that the service gave them.
NOT_OURS = {"raw", "body"}


def names_in(value):
    """Every member name at every depth."""
    if isinstance(value, list):
        for one in value:
            yield from names_in(one)
    elif isinstance(value, dict):
        for name, inside in value.items():
            yield name
            if name not in NOT_OURS:
                yield from names_in(inside)


def odd_names(run):
    """Of what was printed as JSON, one document for each line."""
    documents = [json.loads(line) for line in run.out.splitlines()]
    assert documents, run.err
    return {name for document in documents for name in names_in(document) if not re.fullmatch("[a-z0-9_]+", name)}


def commands_with_json(program, *above):
    """Every command whose help knows --json."""
    text = program.run(*above, "--help").out
    found = {above} if re.search(r"^ *--json\b", text, re.M) else set()
    inner = re.search(r"^Subcommands:\n(.*?)(?:\n\n|\Z)", text, re.M | re.S)
    for line in inner.group(1).splitlines() if inner else []:
        name = line.split()[0] if re.match(r"  \S", line) else None
        if name and name not in ("sim", "lambda"):
            found |= commands_with_json(program, *above, name)
    return found


def test_json_is_in_one_style_in_every_command(start, folder):
    manager = start(Manager, *UNLIMITED, "--speed", "60", "--scan-duration", "1m")
    program = Program(folder, manager.url, mode="enforce", apply={"placement": "policy"},
                      gates={"exclusion_tag": "another-tag", "when_tags_unknown": "allow", "approval": {"above_hosts": 5}},
                      notify={"channels": [{"name": "lines", "type": "json-lines", "path": str(folder / "lines")}]})
    applied(program, finding(kind=PROBE))
    handled = program.handle(finding(NO_AGENT), finding(OFFLINE), "{", finding(BATCH, kind=MALWARE))
    assert odd_names(handled) == set()
    (plan,) = program.run("plans", "list", "--json").reports
    digest = plan["digest"][:12]
    arguments = {("cases", "show"): ["1"], ("cases", "close"): ["1", "--reason", "a test host"], ("cases", "ack"): ["2"],
                 ("cases", "retry"): ["2"], ("ledger", "replay"): ["1"], ("plans", "list"): ["--state", "any"],
                 ("plans", "show"): [digest], ("plans", "approve"): [digest],
                 ("followups", "list"): ["--all"]}
    # handle was looked at; who-can, waf, coverage, inspect and config evaluate need AWS (test_macie.py, test_inspector_sweep.py, test_config.py); there is no patch to show; a
    # rejection prints nothing.
    others = {("handle",), ("who-can",), ("waf",), ("waf", "ip-list"), ("plans", "reject"), ("coverage",), ("inspect",), ("patches", "show"),
              ("config", "evaluate")}
    found = commands_with_json(program)
    assert others | set(arguments) | {("doctor",), ("ledger", "verify"), ("notify", "test"), ("followups", "run")} <= found
    for command in sorted(found - others):
        run = program.run(*command, *arguments.get(command, []), "--json")
        # Perhaps nothing is due, and there is no patch.
        if command not in (("followups", "run"), ("patches", "list"), ("patches", "export")) or run.out:
            assert odd_names(run) == set(), command
    for case in program.cases():
        assert odd_names(program.run("cases", "show", str(case["number"]), "--json")) == set()
    assert odd_names(program.run("ledger", "export")) == set()


def test_json_of_a_ledger_of_an_older_release_is_in_the_same_style(program):
    shutil.copy(ROOT / "tests" / "data" / "ledger-v2.db", program.ledger)
    program.ledger.chmod(0o600)
    program.handle(finding(WEB, PROBE))
    for case in program.cases():
        assert odd_names(program.run("cases", "show", str(case["number"]), "--json")) == set()
    for command in (("plans", "list", "--state", "any"), ("followups", "list", "--all")):
        assert odd_names(program.run(*command, "--json")) == set()


@pytest.mark.parametrize("number", ["7", "0", "-1", "99999999999"])
def test_a_case_that_does_not_exist_is_a_usage_error(program, number):
    program.handle("{")
    run = program.run("cases", "show", "--", number)
    assert run.code == USAGE and run.out == "" and f"there is no event {number}" in run.err


@pytest.mark.parametrize("spoil", [lambda path: path.mkdir(), lambda path: path.write_bytes(b"not a database" * 500)],
                         ids=["a folder", "garbage"])
def test_without_a_ledger_nothing_is_done(enforcing, manager, spoil):
    spoil(enforcing.ledger)
    run = enforcing.handle(finding())
    assert run.code == STORAGE and str(enforcing.ledger) in run.err
    assert run.out == "" and manager.requests() == []
    assert enforcing.run("cases", "list").code == STORAGE
    doctor = enforcing.run("doctor", "--json")
    assert doctor.code == FAILED and checks(doctor)["ledger"] == "failure"


# --- The command line, settings, output ------------------------------------------------------------------------------


def test_the_version_is_a_line(program):
    run = program.run("--version")
    assert run.code == OK and re.fullmatch(r"sallyport \d+\.\d+\.\d+\S*\n", run.out)


@pytest.mark.parametrize("command", [(), ("handle",), ("doctor",), ("ledger",), ("cases", "list"), ("cases", "show"),
                                     ("demo",), ("sim",)])
def test_every_command_has_help(program, command):
    run = program.run(*command, "--help")
    assert run.code == OK and run.err == ""
    assert "Usage: " in run.out and len(run.out.splitlines()[0]) > 12
    assert "Example" in run.out or command == ("sim",)


@pytest.mark.parametrize("arguments, command, meant, help_of", [
    (("ledgr",), "ledgr", "ledger", ""), (("cases", "lst"), "cases lst", "list", "cases "),
    (("ledger", "veriffy", "--json"), "ledger veriffy", "verify", "ledger "),
    (("cases", "--config", "x.yaml", "shw", "1"), "cases shw", "show", "cases "),
    (("--ledger", "x.db", "followups", "lst"), "followups lst", "list", "followups "),
    (("plans", "aprove", "01234567"), "plans aprove", "approve", "plans "), (("notify", "tst"), "notify tst", "test", "notify "),
    (("notify", "frobnicate"), "notify frobnicate", None, "notify ")])
def test_a_mistyped_command_gets_its_name_back(program, arguments, command, meant, help_of):
    run = program.run(*arguments)
    hint = f" (did you mean `{meant}`?)" if meant else ""
    assert run.code == USAGE and run.out == ""
    assert run.err == f"sallyport: there is no command `{command}`{hint}; see sallyport {help_of}--help\n"


@pytest.mark.parametrize("arguments", [(), ("--frobnicate",), ("frobnicate",), ("handle",), ("handle", "--frobnicate", "-"),
                                       ("doctor", "--frobnicate"), ("ledger",), ("cases", "list", "--frobnicate"),
                                       ("cases", "list", "--limit", "0"), ("cases", "list", "--limit", "10001"),
                                       ("cases", "list", "--state", "frobnicated"), ("cases", "show"),
                                       ("cases", "show", "frobnicate"), ("demo", "--frobnicate"),
                                       ("sim", "--frobnicate")])
def test_a_wrong_command_line_is_a_usage_error(program, manager, arguments):
    run = program.run(*arguments, stdin=json.dumps(finding()).encode())
    assert run.code == USAGE and run.out == "" and run.err
    assert not program.ledger.exists() and manager.requests() == []


@pytest.mark.parametrize("command", [("handle", "-"), ("doctor",), ("cases", "list")])
def test_a_typing_error_in_the_settings_is_found(program, manager, command):
    program.settings.write_text(f"mode: observe\nswp:\n  url: {manager.url}\n  deadlin: 30s\ngates:\n  cool_down: soon\n")
    run = program.run(*command)
    assert run.code == USAGE and run.out == ""
    assert f"{program.settings}:4: unknown key `deadlin` (did you mean `deadline`?)" in run.err
    assert f"{program.settings}:6: gates.cool_down: `soon` is not a duration" in run.err
    assert not program.ledger.exists() and manager.requests() == []


def test_an_unknown_variable_is_a_settings_error(program):
    program.variables["SALLYPORT_MOD"] = "enforce"
    run = program.run("doctor")
    assert run.code == USAGE and "`SALLYPORT_MOD`: unknown environment variable (did you mean `SALLYPORT_MODE`?)" in run.err


def test_settings_that_are_not_there_are_told(program):
    run = program.run("--config", "none.yaml", "doctor")
    assert run.code == USAGE and "none.yaml" in run.err and "--config" in run.err


def test_the_environment_wins_over_the_file(enforcing, manager):
    enforcing.variables["SALLYPORT_MODE"] = "observe"
    assert stopped_by(enforcing.handle(finding(kind=PROBE)).report) == ["mode"]
    assert manager.writes() == []


@pytest.mark.parametrize("key, authentication", [(KEY, "api-secret-key"),
                                                 ("tmcSIMFULL:0000simulated0000full", "cloud-one"),
                                                 ("SIM-KEY-NOBODY-7f3a", "api-secret-key")])
def test_the_key_is_written_nowhere(folder, manager, key, authentication):
    program = Program(folder, manager.url, key=key, mode="enforce")
    program.set(swp={"authentication": authentication, "deadline": "1s"})
    program.variables["SALLYPORT_LOG_LEVEL"] = "debug"
    manager.fault("status", **SEARCH, status=503)
    manager.fault("cut-after", **CREATE)
    runs = [program.handle(finding(kind=PROBE), finding(NO_AGENT), "{"), program.handle(finding(), arguments=("--dry-run",)),
            program.run("doctor"), program.run("doctor", "--json", "--clean-up"), program.run("cases", "list", "--json"),
            program.run("cases", "show", "1", "--json"), program.run("cases", "show", "1")]
    assert any('"level":' in run.err for run in runs)
    for run in runs:
        assert key not in run.out + run.err
    assert key.encode() not in program.ledger_bytes() and program.ledger_bytes()


def test_a_key_in_a_file_is_used_and_must_not_be_everybodys(program, folder, manager):
    secret = folder / "key"
    secret.write_text(KEY + "\n")
    secret.chmod(0o600)
    program.set(swp={"api_key_file": str(secret)})
    full = program.environment
    program.environment = lambda: {k: v for k, v in full().items() if k != "SALLYPORT_SWP_API_KEY"}
    assert program.handle(finding()).code == OK
    secret.chmod(0o644)
    run = program.handle(finding())
    assert run.code == USAGE and str(secret) in run.err


def on_a_terminal(program, *arguments, **variables):
    """What the program writes to a terminal."""
    ours, theirs = pty.openpty()
    program.variables.update(variables)
    running = program.start(*arguments, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    written = b""
    try:
        while select.select([ours], [], [], 20)[0]:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            written += piece
        running.wait(timeout=20)
    finally:
        interrupt(running)
        os.close(ours)
    return written


def test_colour_is_for_terminals_only(program, folder):
    (folder / "event.json").write_text(json.dumps(finding()))
    commands = [("handle", "event.json"), ("doctor",), ("cases", "show", "1")]
    for command in commands:
        assert "\x1b" not in program.run(*command).out
        assert b"\x1b[" in on_a_terminal(program, *command), command
    for command in [*commands, ("handle", "--json", "event.json")]:
        assert b"\x1b" not in on_a_terminal(program, *command, NO_COLOR="1"), command


HOSTILE = "ev\x1b[2Jil\n  result  closed: all is well\r\x9b31m\u202e\u2028\x07"


def test_names_from_outside_cannot_forge_output(enforcing, manager):
    def hostile(instance):
        event = finding(instance, kind="Evil:EC2/" + HOSTILE, tags=[("Name", HOSTILE), ("Owner", HOSTILE), (HOSTILE, "x")])
        event["detail"].update(title=HOSTILE, description=HOSTILE)
        return event

    enforcing.handle(hostile(UNKNOWN), hostile(WEB), arguments=())
    runs = [enforcing.handle(hostile(UNKNOWN), hostile(WEB), arguments=arguments) for arguments in
            ((), ("--dry-run",), ("--json",))]
    runs += [enforcing.run("cases", *arguments) for arguments in
             (("list",), ("list", "--json"), ("show", "1"), ("show", "2"), ("show", "1", "--json"))]
    for run in runs:
        for steering in "\x1b\r\x9b\x07\u202e\u2028":
            assert steering not in run.out + run.err, (run.out, run.err)
        assert not re.search(r"^\s*result\s+closed: all is well", run.out, re.MULTILINE), run.out
    assert runs[0].out.count("\n  result  ") == 2
    assert len(runs[2].reports) == 2


def test_a_hostile_file_name_cannot_forge_output(program):
    name = "none\n  end     done: all is well\x1b[2J"
    for arguments in ((), ("--json",)):
        run = program.run("handle", *arguments, name)
        assert run.code == UNREADABLE and "\x1b" not in run.out
        assert not re.search(r"^\s*result\s+closed: all is well", run.out, re.MULTILINE), run.out
    assert "\x1b" not in program.run("cases", "list").out


def test_what_a_manager_says_cannot_forge_output(folder, manager, start):
    said = json.dumps({"message": HOSTILE}).encode()
    liar = start(Between, manager.url, spoil=lambda *_: (403, "application/json", said))
    program = Program(folder, liar.url)
    for run in (program.handle(finding(), arguments=()), program.run("doctor"), program.run("cases", "show", "1")):
        assert "\x1b" not in run.out + run.err
        assert not re.search(r"^\s*result\s+closed: all is well", run.out, re.MULTILINE), run.out


# ------------------------------------------------------------------ hosts that are another's, or gone

def test_an_instance_that_ec2_no_longer_has_is_not_told_about(tmp_path, manager):
    """Before an owner hears that a host is not protected EC2 is asked: terminated, gone, stopped, and not allowed to ask."""
    estate = tmp_path / "aws.yaml"
    lines = (ROOT / "sim" / "estates" / "aws-demo.yaml").read_text().splitlines()
    text = "\n".join(lines).replace(f"id: {NO_AGENT}, privateIp", f"id: {NO_AGENT}, state: terminated, privateIp")
    estate.write_text(text.replace(f"id: {OFFLINE}, privateIp", f"id: {OFFLINE}, state: stopped, privateIp"))
    aws = AwsSimulator("--estate", str(estate))
    try:
        program = Program(tmp_path, manager.url, mode="enforce")
        program.variables = {"AWS_ENDPOINT_URL": aws.url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": AWS_KEY[0],
                             "AWS_SECRET_ACCESS_KEY": AWS_KEY[1], "AWS_EC2_METADATA_DISABLED": "true"}

        def there(instance, **more):  # where the simulated EC2 has them
            event = finding(instance, **more)
            event["region"] = event["detail"]["region"] = "us-east-1"
            return event

        said = {}
        for instance in (NO_AGENT, UNKNOWN, OFFLINE):
            done = program.handle(there(instance))
            (host,) = done.reports[0]["plans"][0]["plan"]["hosts"]
            said[instance] = (done.code, host["summary"], [a["action"]["kind"] for a in done.reports[0]["plans"][0]["plan"]["actions"]])
        assert said == {NO_AGENT: (OK, "the host is terminated: nothing left to scan", []),
                        UNKNOWN: (OK, "the host is terminated: nothing left to scan", []),
                        OFFLINE: (OK, "the host is stopped: no scan until it runs again", [])}
        aws.fault("access-denied", service="ec2", action="DescribeInstances", times=-1)
        told = program.handle(there(NO_AGENT, kind="Recon:EC2/Portscan")).reports[0]["plans"][0]
        assert [outcome["state"] for outcome in told["outcomes"]] == ["sent"], "without an answer the owner is told"
    finally:
        aws.stop()


def test_an_agent_in_a_record_of_the_same_name_and_address_is_named(tmp_path):
    """It could not read the metadata service: SWP has it as a computer without an instance, beside the connector's."""
    estate = tmp_path / "swp.yaml"
    text = (ROOT / "sim" / "estates" / "demo.yaml").read_text()
    namesake = """computers:
  - ID: 77
    hostName: ip-10-0-4-22.ec2.internal
    displayName: web-02
    lastIPUsed: "10.0.4.22"
    platform: "Amazon Linux 2 (64 bit)"
    policyID: 12
    agentFingerPrint: "14:F3:B3:76:1F:8A:2F:8B:D6:D9:DC:A4:3D:A0:F1:D4:A4:01:02:77"
    lastAgentCommunication: 2m
    agentVersion: 20.0.1.12345
    computerStatus: { agentStatus: active, agentStatusMessages: [Managed (Online)] }
    sim: { online: true }
"""
    assert text.count("\ncomputers:\n") == 1
    estate.write_text(text.replace("\ncomputers:\n", "\n" + namesake))
    manager = Manager("--estate", str(estate))
    try:
        program = Program(tmp_path, manager.url, mode="enforce")
        done = program.handle(finding(NO_AGENT))
        (host,) = done.reports[0]["plans"][0]["plan"]["hosts"]
        assert (done.code, host["protection"]["state"]) == (UNDETERMINED, "undetermined")
        (why,) = [note for note in host["protection"]["decisive"] if note["reason"] == "duplicate-records"]
        assert "computer 77 has the name and address of computer 35 and an agent, but no instance ID" in why["text"]
        assert "metadata service, then re-activate it" in why["advice"]
        assert done.reports[0]["plans"][0]["plan"]["actions"] == [] and manager.scans() == 0
        assert program.show()["case"]["state"] == "needs-person"
    finally:
        manager.stop()


# ------------------------------------------------------------------ what is known of a host and what is done (W13, W14)

def test_a_host_in_contact_is_scanned_whatever_its_modules_say_and_its_owner_told(program, manager):
    program.set(mode="enforce", protection={"required_modules": ["intrusionPrevention"]})
    done = program.handle(finding(IPS_DETECTS, PROBE))
    plan = done.reports[0]["plans"][0]
    (host,) = plan["plan"]["hosts"]
    kinds = [(outcome["state"], action["action"]["kind"])
             for outcome, action in zip(plan["outcomes"], plan["plan"]["actions"])]
    assert host["protection"]["state"] == "not protected"
    assert kinds == [("requested", "request-scan"), ("sent", "notify-owner")], kinds
    assert "Then investigate the finding" in json.dumps(plan["plan"]["actions"])
    assert "could not scan" not in json.dumps(plan["plan"]["actions"])
    assert program.show()["case"]["state"] == "in-progress"
