# SPDX-License-Identifier: Apache-2.0
"""The program as a Lambda function: the real binary under the simulated runtime, against the simulated manager."""
import json
import os
import subprocess
import zipfile

import pytest

from lambda_support import ROOT, REQUEST_ID, RuntimeApi, build_dir, run_lambda
from program_support import KEY, LONGEST_RUN, PROBE, UNKNOWN, WEB, BATCH, Manager, Program, binary, finding

BOOTSTRAP = [str(build_dir() / "bootstrap")]


@pytest.fixture
def manager():
    running = Manager("--speed", "0")
    yield running
    running.stop()


class Function(Program):
    """The program with its settings; `invoke` runs it as the function."""

    def invoke(self, *events, command=BOOTSTRAP, **more):
        run = run_lambda(self.folder, events, command, self.environment(), **more)
        assert self.key not in run.err + json.dumps(run.outcomes)
        return run

    def states(self) -> list:
        return [self.show(case["number"])["event"]["state"] for case in reversed(self.cases())]


@pytest.fixture
def function(tmp_path, manager):
    return Function(tmp_path, manager.url, mode="enforce")


def sqs(*messages, queue="findings", group=None) -> dict:
    """A batch of (message id, body)."""
    records = []
    for identifier, body in messages:
        record = {"messageId": identifier, "receiptHandle": "r", "body": body if isinstance(body, str) else json.dumps(body),
                  "attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {}, "eventSource": "aws:sqs",
                  "eventSourceARN": f"arn:aws:sqs:us-east-1:111122223333:{queue}", "awsRegion": "us-east-1"}
        if group:
            record["attributes"]["MessageGroupId"] = group
        records.append(record)
    return {"Records": records}


def failures(outcome) -> list:
    assert outcome["kind"] == "response", outcome
    return [item["itemIdentifier"] for item in json.loads(outcome["body"])["batchItemFailures"]]


def test_the_program_starts_without_the_libraries_of_http_and_tls():
    """docs/decisions/0012: they are most of what a start costs, and come with the first call and the first digest."""
    listed = subprocess.run(["readelf", "--dynamic", *BOOTSTRAP], check=True, capture_output=True, text=True).stdout
    needed = [line for line in listed.splitlines() if "(NEEDED)" in line]
    assert needed
    assert not [line for line in needed if "curl" in line or "crypto" in line or "ssl" in line]


def test_a_finding_leads_to_a_scan_and_its_outcome_is_the_answer(function, manager):
    run = function.invoke(finding(kind=PROBE))
    assert run.outcome["kind"] == "response", run.err
    assert run.body["count"] == 1 and run.body["events"][0]["state"] in ("closed", "waiting")
    assert manager.scans() == 1
    assert function.states() == [run.body["events"][0]["state"]]


def test_one_process_handles_one_event_after_the_other(function, manager):
    run = function.invoke(finding(WEB, kind=PROBE), finding(BATCH, kind=PROBE))
    assert run.kinds == ["response", "response"] and len(run.starts) == 1
    assert manager.scans() == 2


def test_a_notification_of_sns_is_unwrapped(function, manager):
    event = {"Records": [{"EventVersion": "1.0", "EventSource": "aws:sns",
                          "Sns": {"Type": "Notification", "Message": json.dumps(finding(kind=PROBE))}}]}
    run = function.invoke(event)
    assert run.body["count"] == 1
    assert manager.scans() == 1


def test_a_batch_of_good_and_bad_messages_brings_back_only_what_can_be_mended(function, manager):
    manager.fault("status", path="/computers/search", status=503, times=-1)
    good, bad = finding(kind=PROBE), "not JSON"
    run = function.invoke(sqs(("undetermined", good), ("unreadable", bad), ("no-workflow", {
        "source": "aws.other", "detail-type": "Other", "detail": {}})))
    assert failures(run.outcome) == ["undetermined"], run.err
    again = [line for line in run.log if line["message"] == "asked for again"]
    assert len(again) == 1 and again[0]["request_id"] == REQUEST_ID.format(1)
    assert again[0]["trace_id"].startswith("Root=1-")
    assert sorted(function.states()) == ["out-of-scope", "undetermined", "unreadable"]


def test_a_message_that_comes_again_is_handled_then(function, manager):
    manager.fault("status", path="/computers/search", status=503, times=-1)
    batch = sqs(("a", finding(kind=PROBE)))
    assert failures(function.invoke(batch).outcome) == ["a"]
    manager.control("DELETE", "faults")
    assert failures(function.invoke(batch).outcome) == []
    assert manager.scans() == 1


def test_the_same_message_twice_is_one_scan(function, manager):
    event = finding(kind=PROBE)
    run = function.invoke(sqs(("a", event), ("b", event)), sqs(("a", event)))
    assert [failures(outcome) for outcome in run.outcomes] == [[], []]
    assert manager.scans() == 1


def test_a_fifo_queue_keeps_its_order(function, manager):
    manager.fault("status", path="/computers/search", status=503, times=-1)
    run = function.invoke(sqs(("a", "unreadable"), ("b", finding(kind=PROBE)), ("c", finding(BATCH, kind=PROBE)),
                              queue="findings.fifo", group="g"))
    assert failures(run.outcome) == ["b", "c"]
    assert len(function.cases()) == 2, "the last one was not touched"


def test_a_direct_event_that_must_come_again_fails_the_invocation(function, manager):
    manager.fault("status", path="/computers/search", status=503, times=-1)
    run = function.invoke(finding(kind=PROBE))
    assert (run.outcome["kind"], run.outcome["error_type"]) == ("error", "Sallyport.NotHandled")
    error = run.body
    assert error["errorType"] == "Sallyport.NotHandled" and WEB in error["errorMessage"] and error["stackTrace"] == []


def test_near_the_deadline_the_rest_is_handed_back(function, manager):
    function.set(**{"lambda": {"deadline_margin": "59s"}})
    manager.fault("delay", path="/computers/search", delay_ms=1500, times=-1)
    messages = [(str(number), finding(kind=PROBE)) for number in range(4)]
    run = function.invoke(sqs(*messages), time_limit="60s")
    assert failures(run.outcome)[-2:] == ["2", "3"], run.err
    assert run.outcome["took_ms"] < 30_000
    assert any("time limit of the function is too near" in line.get("reason", "") for line in run.log)
    assert len(function.cases()) <= 2


def test_a_call_to_swp_does_not_run_into_the_deadline(function, manager):
    function.set(swp={"deadline": "5m"}, **{"lambda": {"deadline_margin": "50s"}})
    manager.fault("delay", path="/computers/search", delay_ms=120_000, times=-1)
    run = function.invoke(sqs(("a", finding(kind=PROBE))), time_limit="60s")
    assert failures(run.outcome) == ["a"], run.err
    assert run.outcome["took_ms"] < 40_000
    assert function.states() == ["undetermined"]


def test_a_margin_over_the_time_limit_is_said(function):
    function.set(**{"lambda": {"deadline_margin": "1m"}})
    run = function.invoke(finding(kind=PROBE), time_limit="30s")
    assert run.outcome["error_type"] == "Sallyport.Deadline"
    assert "lower lambda.deadline_margin" in run.body["errorMessage"]


@pytest.mark.parametrize("change, complaint", [
    ({"SALLYPORT_MODE": "enforced"}, "did you mean `enforce`?"),
    ({"SALLYPORT_SWP_API_KEY": ""}, "SWP is not configured: no API key"),
    ({"SALLYPORT_LEDGER": ""}, "the place of the ledger is not set"),
    ({"SALLYPORT_CONFIG": "none.yaml"}, "none.yaml"),
])
def test_wrong_settings_are_reported_before_the_first_poll(function, change, complaint):
    run = run_lambda(function.folder, [finding()], BOOTSTRAP, {**function.environment(), **change})
    assert run.outcome["kind"] == "init-error" and run.outcome["error_type"] == "Sallyport.Settings"
    assert complaint in run.body["errorMessage"]
    assert run.exits == [2]
    assert complaint in run.err


def test_a_ledger_that_cannot_be_opened_fails_the_invocation_and_is_tried_again(function, manager):
    (function.folder / "ledger.db").write_text("this is no database, and long enough to be taken for one" * 20)
    run = function.invoke(finding(kind=PROBE), finding(kind=PROBE))
    assert run.kinds == ["error", "error"] and len(run.starts) == 1
    assert run.outcomes[0]["error_type"] == "Sallyport.NotReady"
    assert "ledger" in json.loads(run.outcomes[0]["body"])["errorMessage"]
    assert manager.requests() == []


def test_an_event_over_six_megabytes_is_an_error(function):
    run = function.invoke(b'{"a":"' + b"x" * (6 * 1024 * 1024) + b'"}', finding(kind=PROBE))
    assert run.kinds == ["error", "response"] and len(run.starts) == 1
    assert run.outcomes[0]["error_type"] == "Sallyport.EventTooLarge"


def test_a_response_that_is_refused_as_too_large_becomes_an_error(function):
    run = function.invoke(finding(kind=PROBE), faults=["response=413"])
    assert (run.outcome["kind"], run.outcome["error_type"]) == ("error", "Sallyport.ResponseTooLarge")


def test_a_refused_answer_is_logged(function, manager):
    # The simulated API refuses polls until the first event has its answer, so the process ends after some of them.
    run = function.invoke(finding(WEB, kind=PROBE), finding(BATCH, kind=PROBE), faults=["response=400"])
    assert run.kinds == ["exited", "response"] and run.exits[0] == 1 and len(run.starts) == 2
    refusals = [json.dumps(line) for line in run.log if line["message"] == "refused by the Lambda runtime API"]
    assert "with 400" in refusals[0] and "with 403" in refusals[1]
    assert manager.scans() == 2


def test_invocation_ids_go_back_and_each_refusal_is_one_line_of_its_request(function):
    """Since July 2026 Lambda hands over an id of the invocation beside that of the request, and wants it back."""
    api = RuntimeApi([
        {"event": finding(WEB, kind=PROBE), "id": "11111111-aaaa"},
        {"event": finding(BATCH, kind=PROBE), "id": "22222222-bbbb", "statuses": {"response": 410}},
        {"event": finding(kind="Recon:EC2/Portscan"), "statuses": {"response": 413, "error": 403}},
        {"event": b'{"a":"' + b"x" * (6 * 1024 * 1024) + b'"}', "id": "44444444-dddd"},
        {"event": {}},
    ])
    function.set(log={"level": "info"})
    log = api.run(function.folder, BOOTSTRAP, function.environment())
    ids = [REQUEST_ID.format(number) for number in range(1, 6)]
    assert [post[:4] for post in api.posts] == [
        (ids[0], "response", "11111111-aaaa", 202), (ids[1], "response", "22222222-bbbb", 410),
        (ids[2], "response", None, 413), (ids[2], "error", None, 403), (ids[3], "error", "44444444-dddd", 202),
        (ids[4], "response", None, 202)]
    told = {request_id: [line for line in log if line.get("request_id") == request_id] for request_id in ids}
    # Before the first event and behind the last one: of no invocation.
    others = [line["message"] for line in log if line.get("request_id") not in ids]
    assert others and others[-1] == "the Lambda runtime API is gone" and len(others) <= 2, others
    for request_id in ids:
        assert [line["message"] for line in told[request_id]].count("invocation handled") == 1, told[request_id]
    gone = [line for line in told[ids[1]] if "with 410" in line.get("reason", "")]
    assert [line["message"] for line in gone] == ["refused by the Lambda runtime API"], told[ids[1]]
    wrong = [line for line in told[ids[2]] if line["level"] in ("warning", "error")]
    assert len(wrong) == 1, wrong
    size = api.posts[2][4]
    assert f"{size} bytes" in json.dumps(wrong[0]) and "6291456 bytes" in json.dumps(wrong[0])


@pytest.mark.parametrize("call", ["next", "response"])
def test_a_server_error_of_the_api_ends_the_process(function, call):
    run = function.invoke(finding(kind=PROBE), faults=[f"{call}=500"], time_limit="20s")
    assert run.kinds == ["exited"] and run.exits == [1]
    assert any(line["message"] == "the Lambda runtime API is gone" for line in run.log)


def test_a_connection_that_died_in_the_freeze_is_made_anew(function, manager):
    run = function.invoke(finding(WEB, kind=PROBE), finding(BATCH, kind=PROBE), faults=["next=0", "response=0"])
    assert run.kinds == ["response", "response"] and len(run.starts) == 1
    assert manager.scans() == 2


def test_notifications_with_forged_signatures_change_nothing(function, manager):
    """Of SWP's events: through Lambda SNS's signature counts, and nothing is fetched from where a notification says."""
    topic = "arn:aws:sns:us-east-1:111122223333:swp"
    function.set(swp_events={"topics": [topic]})
    manager.control("POST", "findings", {"computer": 34, "malware": [{"MalwareName": "Eicar", "ScanResultString": "Passed"}]})
    function.invoke(finding(WEB, "Backdoor:EC2/C&CActivity.B!DNS"))
    manager.control("POST", "advance", {"seconds": 600})
    message = manager.control("POST", "published", {"topic": topic})["messages"][0]["Records"][0]["Sns"]
    before = function.show(1)
    address = f"http://127.0.0.1:{manager.url.rsplit(':', 1)[1].split('/')[0]}/a.pem"
    forged = [{}, {"Signature": "c2ln", "SignatureVersion": "1", "SigningCertUrl": address},
              {"Signature": "c2ln", "SignatureVersion": "2", "SigningCertUrl": "https://sns.example.com/a.pem"}]
    run = function.invoke(*({"Records": [{"EventSource": "aws:sns", "Sns": {**message, "Type": "Notification", **more}}]}
                            for more in forged))
    reasons = [json.loads(outcome["body"])["events"][0]["reason"] for outcome in run.outcomes]
    assert "has no signature of SNS" in reasons[0], reasons
    assert all("is not one at https://sns.us-east-1.amazonaws.com" in reason for reason in reasons[1:]), reasons
    assert function.show(1) == before
    function.set(swp_events={"topics": [topic], "check_signatures": False})
    taken = function.invoke({"Records": [{"EventSource": "aws:sns", "Sns": message}]})
    assert "SWP reports 1 detection" in json.dumps(taken.body), taken.body


def test_a_schedule_only_gives_time(function):
    run = function.invoke({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}})
    assert run.body == {"timer": True}
    assert function.cases() == []


def test_a_message_to_an_owner_is_printed_with_the_request_id(function):
    run = function.invoke(finding(UNKNOWN))
    messages = [json.loads(line) for line in run.printed if line.startswith("{")]
    assert messages and messages[0]["request_id"] == REQUEST_ID.format(1)
    assert UNKNOWN in messages[0]["message"]


@pytest.mark.parametrize("name", ["lambda", "bootstrap", "entry point"])
def test_the_whole_program_is_a_runtime_too(function, manager, name):
    command = {"lambda": [binary(), "lambda"], "entry point": [binary()]}.get(name)
    if command is None:
        link = function.folder / "bootstrap"
        link.symlink_to(binary())
        command = [str(link)]
    assert function.invoke(finding(kind=PROBE), command=command).outcome["kind"] == "response"
    assert manager.scans() == 1


def test_the_deployment_package_starts_from_wherever_it_is_unpacked(function, manager):
    package = function.folder / "function.zip"
    subprocess.run([ROOT / "scripts" / "lambda-zip", build_dir(), package], check=True, capture_output=True)
    task = function.folder / "task"
    with zipfile.ZipFile(package) as file:
        for entry in file.infolist():
            os.chmod(file.extract(entry, task), entry.external_attr >> 16)
    run = function.invoke(finding(kind=PROBE), command=[task / "bootstrap"])
    assert run.outcome["kind"] == "response", run.err
    assert manager.scans() == 1


def test_outside_lambda_it_says_where_it_belongs(function):
    for command in ([binary(), "lambda"], BOOTSTRAP):
        done = subprocess.run(command, env=function.environment(), capture_output=True, text=True, timeout=LONGEST_RUN,
                              check=False)
        assert done.returncode == 2 and "AWS_LAMBDA_RUNTIME_API" in done.stderr
