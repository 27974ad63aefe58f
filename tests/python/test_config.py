# SPDX-License-Identifier: Apache-2.0
"""Rules of AWS Config, as AWS Config meets them: the real program against the simulated AWS and the simulated SWP."""
import concurrent.futures
import json
import pathlib
import re

import pytest

from aws_support import AwsSimulator
from config_support import (HOME, STAGE_ACCOUNT, change, fresh_id, invocation, item, moment, parameters, program_with, schedule)
from lambda_support import build_dir, run_lambda
from program_support import (EXCLUDED, FAILED, NO_AGENT, NO_CONNECTOR, OFFLINE, OK, ROOT, UNDETERMINED, UNREADABLE, WEB,
                             Manager)

TABLE = ROOT / "tests" / "compliance" / "truth-table.txt"
TOKEN = "sim-result-token-1"


@pytest.fixture(scope="module")
def running():
    made = AwsSimulator()
    yield made
    assert made.stop() == 0


@pytest.fixture
def aws(running):
    def clean():
        running.control("DELETE", "faults")
        running.control("POST", "config", {"forget": True})
        running.control("DELETE", "requests")
    clean()
    yield running
    clean()


@pytest.fixture
def manager():
    made = Manager("--speed", "0")
    yield made
    made.stop()


@pytest.fixture
def program(tmp_path, aws, manager):
    return program_with(tmp_path, aws, manager)


def put(aws) -> list:
    return aws.control("GET", "state")["evaluations"]


def verdicts(aws) -> dict:
    return {one["ComplianceResourceId"]: one["ComplianceType"] for one in put(aws)}


def calls(aws, action) -> list:
    return [one for one in aws.control("GET", "requests") if one["action"] == action]


# One change, one verdict


def test_a_change_leads_to_exactly_one_verdict_in_observe_mode_too(program, aws, manager):
    event = change(WEB)
    report = program.handle(event).report
    assert (report["state"], report["swp_calls"]) == ("closed", 1)
    [one] = put(aws)
    assert (one["ComplianceResourceId"], one["ComplianceResourceType"], one["ComplianceType"]) == (
        WEB, "AWS::EC2::Instance", "COMPLIANT")
    captured = json.loads(event["invokingEvent"])["configurationItem"]["configurationItemCaptureTime"]
    assert moment_of(one) == captured
    assert "Anti-Malware" in one["Annotation"] and len(one["Annotation"]) <= 256
    assert manager.writes() == []


def moment_of(one) -> str:
    import datetime
    at = datetime.datetime.fromtimestamp(one["OrderingTimestamp"], datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{round(at.microsecond / 1000):03d}Z"


def test_what_is_not_protected_says_why_and_what_next(program, aws):
    assert program.handle(change(NO_AGENT), change(OFFLINE), change(fresh_id())).code == OK
    told = {one["ComplianceResourceId"]: one for one in put(aws)}
    assert {one["ComplianceType"] for one in told.values()} == {"NON_COMPLIANT"}
    assert "no activated agent" in told[NO_AGENT]["Annotation"] and "Next: install" in told[NO_AGENT]["Annotation"]
    assert "offline, last contact" in told[OFFLINE]["Annotation"]


def test_the_token_is_nowhere_and_a_redelivery_tells_nothing_new(program, aws):
    token = aws.control("POST", "config", {"token": {"account": HOME, "region": "us-east-1", "rule": "r"}})["token"]
    event = change(WEB, token=token)
    run = program.handle(event)
    again = program.handle(dict(event, resultToken=TOKEN))
    assert (run.report["state"], again.report["state"]) == ("closed", "duplicate")
    assert len(put(aws)) == 1
    written = program.ledger_bytes() + run.out.encode() + run.err.encode() + again.out.encode()
    assert token.encode() not in written and TOKEN.encode() not in written


def test_tomorrows_equal_verdict_is_not_swallowed(program, aws):
    assert program.handle(change(WEB, of={"configurationItemCaptureTime": moment(days=1)}), change(WEB)).code == OK
    assert [one["ComplianceType"] for one in put(aws)] == ["COMPLIANT", "COMPLIANT"]
    # An item that was captured in the future is told with the time of now.
    assert program.handle(change(WEB, of={"configurationItemCaptureTime": "2099-01-01T00:00:00.000Z"})).code == OK
    assert len(put(aws)) == 3


@pytest.mark.parametrize("of,more,words", [
    ({"configurationItemStatus": "ResourceDeleted", "configuration": None}, {}, "deleted"),
    ({"configurationItemStatus": "ResourceDeletedNotRecorded", "configuration": None}, {}, "does not record"),
    ({"configurationItemStatus": "ResourceNotRecorded"}, {}, "does not record"),
    ({}, {"eventLeftScope": True}, "left the scope"),
    ({"resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-1"}, {}, "not AWS::EC2::SecurityGroup"),
    ({"resourceType": "AWS::SSM::ManagedInstanceInventory", "resourceId": "mi-0123456789abcdef0"}, {}, "narrow the scope"),
    ({"configuration": {"state": {"name": "terminated"}}}, {}, "terminated"),
    ({"configuration": {"state": {"name": "shutting-down"}}}, {}, "shutting-down"),
    ({"configuration": {"state": {"name": "stopped"}}}, {}, "stopped"),
    ({"resourceId": "MyInstance"}, {"evaluationMode": "PROACTIVE"}, "does not exist yet"),
    ({"tags": {"sallyport:exclude": "yes"}}, {}, "excluded by its tag"),
    ({"tags": {"sallyport:exempt": "TICKET-7 until 2099-12-31"}}, {}, "TICKET-7"),
])
def test_what_does_not_apply_is_told_without_asking_swp(program, aws, manager, of, more, words):
    report = program.handle(change(OFFLINE, of=of, **more)).report
    assert report["state"] == "closed", report["reason"]
    [one] = put(aws)
    assert one["ComplianceType"] == "NOT_APPLICABLE" and words in one["Annotation"]
    assert one["ComplianceResourceId"] == of.get("resourceId", OFFLINE)
    assert report["swp_calls"] == 0 and manager.requests() == []


@pytest.mark.parametrize("rule", ["protected", "behind-web-acl", "no-uncovered-critical-cve"])
def test_swps_copy_of_the_exclusion_tag_counts(program, aws, manager, rule):
    report = program.handle(change(EXCLUDED, parameters(rule))).report
    assert (report["state"], report["swp_calls"]) == ("closed", 1), report["reason"]
    assert verdicts(aws) == {EXCLUDED: "NOT_APPLICABLE"} and "excluded by its tag" in put(aws)[0]["Annotation"]
    aws.control("POST", "config", {"forget": True})
    assert program.handle(schedule(parameters(rule))).reports
    assert verdicts(aws)[EXCLUDED] == "NOT_APPLICABLE"
    # Whether there is one is not known without SWP.
    manager.fault("status", path="/computers/search", status=503, times=-1)
    aws.control("POST", "config", {"forget": True})
    assert program.handle(change(EXCLUDED, parameters(rule))).code == UNDETERMINED and put(aws) == []


def test_a_launch_has_its_grace_and_an_exemption_that_is_over_does_not_count(program, aws):
    new = {"configuration": {"state": {"name": "running"}, "launchTime": moment(minutes=5)}}
    over = {"tags": {"sallyport:exempt": "TICKET-7 until 2020-12-31"}}
    assert program.handle(change(NO_AGENT, of=new), change(OFFLINE, of=over)).code == OK
    assert verdicts(aws) == {NO_AGENT: "NOT_APPLICABLE", OFFLINE: "NON_COMPLIANT"}
    assert "judged from" in put(aws)[0]["Annotation"]
    assert program.handle(change(NO_AGENT, parameters(launchGraceMinutes="0"), of=new)).code == OK
    assert verdicts(aws)[NO_AGENT] == "NON_COMPLIANT"


def test_an_oversized_item_reads_its_tags_from_the_history(program, aws):
    summary = item(WEB)
    del summary["configuration"], summary["tags"]
    message = {"messageType": "OversizedConfigurationItemChangeNotification", "notificationCreationTime": moment(),
               "configurationItemSummary": summary, "s3DeliverySummary": {}}
    assert program.handle(invocation(message)).code == OK
    assert verdicts(aws) == {WEB: "COMPLIANT"}
    [asked] = calls(aws, "GetResourceConfigHistory")
    assert asked["status"] == 200
    # Without it neither the state nor a tag is known that would exempt the host.
    aws.fault("access-denied", service="config", action="GetResourceConfigHistory", times=-1)
    message["configurationItemSummary"]["configurationItemCaptureTime"] = moment()
    run = program.handle(invocation(message))
    assert run.code == UNDETERMINED and "config:GetResourceConfigHistory" in run.report["reason"] and len(put(aws)) == 1


def test_test_mode_is_checked_and_not_stored(program, aws):
    report = program.handle(change(WEB, token="TESTMODE")).report
    assert report["state"] == "closed" and put(aws) == []
    assert [one["status"] for one in calls(aws, "PutEvaluations")] == [200]
    # And it does not stand in the way of the real one.
    event = change(WEB, token="TESTMODE")
    assert program.handle(event).code == OK and program.handle(dict(event, resultToken=TOKEN)).code == OK


# Published samples: what each comes to as it is, and with parameters of ours in place of the sample's.
UNKNOWN_PARAMETER, NO_RECORD = "there is no parameter `myParameterKey`", "NON_COMPLIANT: SWP has no record of this host"
DELETED, NO_ROLE = "NOT_APPLICABLE: the resource was deleted", "taking the role"
SAMPLES = {
    "configuration-item-change-ec2": (UNKNOWN_PARAMETER, NO_RECORD),
    "eventbridge-configuration-item-change": ("a notification about AWS Config itself", None),
    "go-config-event": (UNKNOWN_PARAMETER, NO_ROLE),
    "oversized-configuration-item-ec2": (UNKNOWN_PARAMETER, "the item that was too large to be sent"),
    "oversized-sns-notification": ("a notification that AWS Config sends to its SNS topic", None),
    "powertools-configuration-changed": ("no account ID of twelve digits",) * 2,  # of 13
    "powertools-oversized": (UNKNOWN_PARAMETER, "the item that was too large to be sent"),
    "powertools-scheduled": ("no account ID of twelve digits",) * 2,
    "real-ec2-instance-rule-event": ("no parameter `rule`", "NOT_APPLICABLE: the instance is stopped"),
    "real-security-group-rule-event": ("not AWS::EC2::SecurityGroup",) * 2,
    "resource-deleted-ec2": (DELETED,) * 2,
    "resource-deleted-not-recorded-ec2": (DELETED,) * 2,
    "resource-discovered-ec2-full-item": (UNKNOWN_PARAMETER, NO_RECORD),
    "scheduled-notification": (UNKNOWN_PARAMETER, NO_ROLE),
    "terminated-instance-ec2": (UNKNOWN_PARAMETER, "NOT_APPLICABLE: the instance is terminated"),
    "test-mode-token-ec2": (UNKNOWN_PARAMETER, NO_RECORD),
}


def test_the_published_samples_are_answered_or_fail_clearly(program):
    import os
    folder = os.environ.get("SALLYPORT_SHARED")
    if not folder:
        pytest.skip("SALLYPORT_SHARED is not set: the published samples are not here")
    samples = {path.stem: json.loads(path.read_text()) for path in (pathlib.Path(folder) / "events" / "config").glob("*.json")}
    assert set(samples) == set(SAMPLES)
    events, wanted = [], []
    for name, event in samples.items():
        for words, changed in zip(SAMPLES[name], ({}, {"ruleParameters": '{"rule": "protected"}'})):
            if words is not None:
                events.append({**event, **changed})
                wanted.append((name, words))
    reports = program.handle(*events, arguments=("--dry-run", "--json")).reports
    assert len(reports) == len(wanted)
    for report, (name, words) in zip(reports, wanted):
        assert words in report["reason"], (name, report["reason"])
        told = report["state"] == "closed"
        assert told == bool(re.match("COMPLIANT|NON_COMPLIANT|NOT_APPLICABLE", report["reason"])), (name, report)


# Undetermined is no verdict


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 401}, {"kind": "status", "status": 503},
                                   {"kind": "malformed-json"}, {"kind": "cut-before"}])
def test_what_swp_does_not_say_is_no_verdict(program, aws, manager, fault):
    kind = fault.pop("kind")
    manager.fault(kind, path="/computers/search", times=-1, **fault)
    run = program.handle(change(WEB), schedule())
    assert run.code in (UNDETERMINED, FAILED)
    assert [report["state"] for report in run.reports] == ["undetermined"] * 2
    assert put(aws) == [] and calls(aws, "PutEvaluations") == []
    assert all("earlier" in report["reason"] for report in run.reports)


@pytest.mark.parametrize("event,words", [
    (change(WEB, token=None), "resultToken"),
    (invocation("{not json"), "invokingEvent"),
    (invocation([1]), "invokingEvent: expected an object"),
    (invocation({"messageType": "Whatever"}), "messageType"),
    (invocation({"messageType": "ConfigurationItemChangeNotification"}), "configurationItem"),
    (change("web-01"), "is no instance ID"),
    (change(WEB, of={"configurationItemStatus": "Odd"}), "configurationItemStatus"),
    (change(WEB, of={"configurationItemCaptureTime": "yesterday"}), "configurationItemCaptureTime"),
    (change(WEB, of={"awsAccountId": "999988887777"}), "999988887777"),
    (change(WEB, account="12345678901"), "no account ID of twelve digits"),
    (change(WEB, accountId=111122223333), "accountId: expected a text of twelve digits, found a number"),
    (change(WEB, accountId=12345678901), "accountId: expected a text of twelve digits, found a number"),
    (change(WEB, resultToken=["x"]), "resultToken"),
    (change(WEB, invokingEvent=None), "invokingEvent: expected a text that holds JSON, found nothing"),
    (change(WEB, invokingEvent={"a": 1}), "invokingEvent: expected a string, found an object"),
    ({"resultToken": "t", "accountId": HOME}, "configRuleName"),
    (change(WEB, configRuleName=["x"]), "configRuleName: expected a string"),
    (change(WEB, of={"resourceId": 7}), "resourceId: expected a string"),
    (change(WEB, evaluationMode="SOMETIMES"), "evaluationMode"),
    (change(WEB, eventLeftScope="no"), "eventLeftScope"),
    (change(WEB, configRuleArn="arn:aws:s3:::x"), "configRuleArn"),
    (change(WEB, "not json"), "rule parameters: not JSON"),
    (change(WEB, "[]"), "rule parameters: expected a JSON object"),
    (change(WEB, ""), "no parameter `rule`"),
    (change(WEB, parameters("protectd")), "did you mean `protected`?"),
    (change(WEB, parameters("module-on", moduls="firewall")), "did you mean `modules`?"),
    (change(WEB, parameters("module-on", modules="anti-malwar")), "did you mean `anti-malware`?"),
    (change(WEB, parameters("module-on")), "needs `modules`"),
    (change(WEB, parameters("has-policy")), "needs `policy`"),
    (change(WEB, parameters("protected", maxHours="3")), "means nothing to rule"),
    (change(WEB, parameters("in-touch", maxHours="soon")), "whole number"),
    (change(WEB, parameters("protected", stopped="maybe")), "`evaluate` or `not-applicable`"),
    (change(WEB, parameters("protected", dsHostname="example.com")), "retired rules"),
    (change(WEB, parameters("has-policy", policy="x" * 1100)), "1024 characters"),
    (change(WEB, parameters("has-policy", policy="Web > " * 50)), "`policy` has more than 256 characters"),
    (change(WEB, account="0123456789012"), "no account ID of twelve digits"),
    (change(WEB, {"rule": ["protected", 5]}), "list of texts"),
])
def test_a_malformed_invocation_fails_with_its_reason_and_tells_nothing(program, aws, event, words):
    run = program.handle(event)
    assert run.code == UNDETERMINED, run.out + run.err
    assert words in run.report["reason"], run.report["reason"]
    assert put(aws) == []


@pytest.mark.parametrize("name,value", [("dsPassword", "hunter2hunter2"), ("apiKey", "abc"), ("policy", "AKIAIOSFODNN7EXAMPLE"),
                                        ("policy", "s3://bucket/key"), ("benign", "tmcSECRET:0000abcdef"),
                                        ("policy", "A" * 44)])
def test_a_secret_in_the_parameters_is_refused_and_not_repeated(program, name, value):
    run = program.handle(change(WEB, json.dumps({"rule": "has-policy", name: value})))
    assert run.code == UNDETERMINED and "may be a secret" in run.report["reason"]
    assert "Secrets Manager" in run.report["reason"] and value not in run.report["reason"] and value not in run.err


def test_parameters_may_be_an_object(program, aws):
    assert program.handle(change(WEB, {"rule": "module-on", "modules": ["anti-malware", "intrusion-prevention"]})).code == OK
    assert verdicts(aws) == {WEB: "COMPLIANT"}


def test_the_retired_names_stand_for_ours(program, aws):
    for number, text in enumerate((json.dumps({"rule": "ds-IsInstanceProtectedByAntiMalware"}), "{}",
                                   json.dumps({"rule": "ds-DoesInstanceHavePolicy", "dsPolicy": "LINUX web server"}),
                                   json.dumps({"rule": "ds-IsInstanceClear"}))):
        more = {"configRuleName": "ds-IsInstanceClear"} if text == "{}" else {}
        assert program.handle(change(WEB, text, **more)).code == OK
        assert len(put(aws)) == number + 1
    assert set(verdicts(aws).values()) == {"COMPLIANT"}


# Gates


def test_only_kill_switch_and_allow_list_stop_a_verdict(program, aws, tmp_path):
    program.set(gates={"allow": ["notify-owner"]})
    assert "put-evaluations" in program.handle(change(WEB)).report["reason"]
    assert put(aws) == []
    switch = tmp_path / "stop"
    switch.write_text("")
    program.set(gates={"allow": ["put-evaluations"], "kill_switch_file": str(switch)})
    assert "kill-switch" in program.handle(change(WEB)).report["reason"]
    assert put(aws) == []
    switch.unlink()
    # Neither its age, nor a window, nor an approval.
    program.set(gates={"max_event_age": "1m", "maintenance": {"windows": []}})
    assert program.handle(change(WEB, of={"configurationItemCaptureTime": moment(days=3)})).report["state"] == "closed"
    assert len(put(aws)) == 1


def test_a_dry_run_shows_the_call_without_the_token(program, aws):
    run = program.handle(change(WEB), arguments=("--dry-run", "--json"))
    assert run.code == OK and put(aws) == [] and TOKEN not in run.out
    assert "config:PutEvaluations" in run.out


# What AWS Config answers


def test_failed_evaluations_are_sent_again_and_alone(program, aws):
    aws.control("POST", "config", {"fail": {"resource": WEB, "times": 2}})
    assert program.handle(schedule()).code == OK
    assert verdicts(aws)[WEB] == "COMPLIANT" and len(put(aws)) == len(verdicts(aws)), "nothing was put twice"
    assert len(calls(aws, "PutEvaluations")) == 3


def test_what_stays_refused_fails_visibly_and_the_next_delivery_goes_on(program, aws):
    aws.control("POST", "config", {"fail": {"resource": WEB, "times": 4}})
    event = schedule()
    run = program.handle(event)
    assert run.code == FAILED and "did not take 1 of" in run.report["reason"]
    others = len(put(aws))
    assert others == len(verdicts(aws)) > 0
    again = program.handle(event)
    assert again.code == OK and verdicts(aws)[WEB] == "COMPLIANT", again.report["reason"]


def test_a_token_that_has_ended_fails_visibly(program, aws):
    run = program.handle(change(WEB, token="ended"))
    assert run.code == FAILED and "InvalidResultToken" in run.report["reason"] and "ended" not in run.report["reason"].split()
    assert put(aws) == []


def test_a_throttled_call_is_completed(program, aws):
    aws.fault("throttle", service="config", action="PutEvaluations", times=1)
    assert program.handle(change(WEB)).code == OK
    assert verdicts(aws) == {WEB: "COMPLIANT"}


def test_a_refused_batch_stops_no_other_and_the_next_delivery_tells_it_alone(tmp_path):
    aws = AwsSimulator("--generate", "250", "--in-one-place", "--limits", "none")
    manager = Manager("--generate", "250", "--rate-limit", "0", "--tenant-rate-limit", "0")
    try:
        program = program_with(tmp_path, aws, manager)
        event = schedule()
        aws.fault("access-denied", service="config", action="PutEvaluations", skip=1, times=1)
        run = program.handle(event)
        assert run.code == FAILED and "config:PutEvaluations" in run.report["reason"], run.report["reason"]
        # Two are on their way at a time: any of the three is the one that is refused.
        assert sorted(call["status"] == 200 for call in calls(aws, "PutEvaluations")) == [False, True, True]
        assert len(verdicts(aws)) == len(put(aws)) in (150, 200)
        again = program.handle(event)
        assert again.code == OK and len(calls(aws, "PutEvaluations")) == 4, again.report["reason"]
        assert len(verdicts(aws)) == len(put(aws)) == 250, "none of them twice"
        # A delivery that comes again before it was answered, to another process.
        twice = schedule()
        with concurrent.futures.ThreadPoolExecutor() as both:
            runs = list(both.map(lambda _: program.handle(twice), range(2)))
        assert {run.code for run in runs} <= {OK, FAILED}, [run.report["reason"] for run in runs]
        assert "closed" in {run.report["state"] for run in runs}, [run.report["reason"] for run in runs]
        assert len(calls(aws, "PutEvaluations")) == 7 and len(put(aws)) == 500, "told once"
    finally:
        manager.stop()
        aws.stop()


# Schedules


def test_a_schedule_judges_the_whole_account_and_region(program, aws, manager):
    report = program.handle(schedule()).report
    assert report["state"] == "closed" and "11 verdicts" in report["reason"], report["reason"]
    told = verdicts(aws)
    assert told[WEB] == "COMPLIANT" and told[NO_AGENT] == "NON_COMPLIANT" and told[EXCLUDED] == "NOT_APPLICABLE"
    assert len(told) == len(put(aws))
    assert {path for _, path, _ in manager.requests()} == {"/computers/search"}, "never one call for an instance"
    assert any("ECS container instance of cluster" in one["Annotation"] for one in put(aws))


def test_an_instance_that_is_gone_is_not_applicable(program, aws):
    gone = fresh_id()
    boto = aws.client("config")
    at = 1_700_000_000
    boto.put_evaluations(Evaluations=[{"ComplianceResourceType": "AWS::EC2::Instance", "ComplianceResourceId": gone,
                                       "ComplianceType": "COMPLIANT", "OrderingTimestamp": at}], ResultToken=TOKEN)
    assert program.handle(schedule()).code == OK
    assert verdicts(aws)[gone] == "NOT_APPLICABLE"
    # The next runs know it from the one before. One says it again, since the first time it may not have been taken.
    aws.control("DELETE", "requests")
    for tells in (True, False):
        aws.control("POST", "config", {"forget": True})
        assert program.handle(schedule()).code == OK
        assert (gone in verdicts(aws)) == tells
    assert calls(aws, "GetComplianceDetailsByConfigRule") == []


def test_what_ec2_does_not_say_is_no_verdict(program, aws):
    aws.fault("access-denied", service="ec2", action="DescribeInstances", times=-1)
    run = program.handle(schedule())
    assert run.code == UNDETERMINED and "ec2:DescribeInstances" in run.report["reason"]
    assert put(aws) == []


def test_recommendations_are_read_for_changed_records_alone(program, aws, manager):
    first = program.handle(schedule(parameters("recommendations-applied", maxDays="30")))
    asked = assignment_reads(manager.requests())
    assert asked and first.report["state"] == "closed", first.report["reason"]
    good = [one for one in put(aws) if one["ComplianceType"] == "COMPLIANT"]
    before = len(manager.requests())
    assert program.handle(schedule(parameters("recommendations-applied", maxDays="30"))).code == OK
    again = assignment_reads(manager.requests()[before:])
    assert again < asked and len(asked - again) == len(good) > 0


def test_a_warm_evaluation_takes_few_calls(program, aws):
    """At most 2 of SWP; of recommendations, which SWP keeps for each module, 4. A host without a connector is the dearest."""
    for rule, most in ((parameters("protected"), 2), (parameters("has-policy", policy="x > y"), 2),
                       (parameters("recommendations-applied"), 4), (parameters("behind-web-acl"), 1)):
        for instance in (WEB, NO_CONNECTOR):
            # The first two of a minute are asked for singly.
            reports = program.handle(change(instance, rule), change(instance, rule)).reports
            assert reports[1]["swp_calls"] <= most, (rule, instance, reports)


def assignment_reads(requests) -> set:
    """The computers whose recommendations were read."""
    return {path.split("/")[2] for _, path, _ in requests if path.endswith("/assignments")}


def test_the_map_of_web_acls_is_what_behind_web_acl_goes_by(program, aws):
    program.set(aws={"accounts": {STAGE_ACCOUNT: f"arn:aws:iam::{STAGE_ACCOUNT}:role/sallyport-reader"},
                     "external_id": "sallyport-demo"}, waf={"resource_types": []})
    rule = parameters("behind-web-acl")
    none = program.handle(schedule(rule))
    assert none.code == UNDETERMINED and "COMPLIANT" not in set(verdicts(aws).values()) - {"NOT_APPLICABLE"}
    nightly = {"version": "0", "id": "e1", "source": "aws.scheduler", "detail-type": "Scheduled Event", "account": HOME,
               "region": "us-east-1", "time": moment(), "detail": "{}",
               "resources": [f"arn:aws:scheduler:us-east-1:{HOME}:schedule/default/nightly-waf"]}
    assert program.handle(nightly).report["state"] == "closed"
    found = {host["id"]: host["state"] for host in json.loads(program.run("waf", "--json").out)["hosts"]}
    aws.control("POST", "config", {"forget": True})
    program.handle(schedule(rule))
    wanted = {"behind": "COMPLIANT", "no-way": "COMPLIANT", "counts": "NON_COMPLIANT", "partly": "NON_COMPLIANT",
              "not": "NON_COMPLIANT", "undetermined": None}
    told = {instance: verdict for instance, verdict in verdicts(aws).items() if verdict != "NOT_APPLICABLE"}
    assert told and {"COMPLIANT", "NON_COMPLIANT"} <= set(told.values()), found
    assert told == {instance: wanted[found[instance]] for instance in told}
    answer = json.loads(program.run("config", "evaluate", "behind-web-acl", "--json").out)
    assert {host["instance"]: host["compliance"] for host in answer["hosts"] if host["instance"] in told} == told


# Other accounts


def test_a_verdict_goes_to_the_member_account_through_the_role_that_the_rule_names(program, aws):
    role = f"arn:aws:iam::{STAGE_ACCOUNT}:role/sallyport-reader"
    token = aws.control("POST", "config", {"token": {"account": STAGE_ACCOUNT, "region": "eu-west-1", "rule": "org"}})["token"]
    program.set(aws={"external_id": "sallyport-demo"})
    stage = "i-0444455556666aaaa"
    run = program.handle(change(stage, account=STAGE_ACCOUNT, region="eu-west-1", token=token, executionRoleArn=role))
    assert run.code == OK, run.report["reason"]
    [one] = put(aws)
    assert (one["accountId"], one["region"], one["ComplianceResourceId"]) == (STAGE_ACCOUNT, "eu-west-1", stage)
    # A role of another account than the rule's is not taken: whom the verdict is for is not known.
    other = program.handle(change(stage, account=STAGE_ACCOUNT, region="eu-west-1", token=token,
                                  executionRoleArn=f"arn:aws:iam::{HOME}:role/other"))
    assert other.code == UNDETERMINED and "executionRoleArn" in other.report["reason"] and len(put(aws)) == 1


@pytest.mark.parametrize("way", ["the rule's role", "a role of the settings"])
def test_a_schedule_of_an_organization_rule_reads_and_answers_in_the_member_account(program, aws, way):
    role = f"arn:aws:iam::{STAGE_ACCOUNT}:role/sallyport-reader"
    place = {"account": STAGE_ACCOUNT, "region": "eu-west-1"}
    token = aws.control("POST", "config", {"token": {**place, "rule": "org"}})["token"]
    of_settings = way != "the rule's role"
    program.set(aws={"external_id": "sallyport-demo", **({"accounts": {STAGE_ACCOUNT: role}} if of_settings else {})})
    other = f"arn:aws:iam::{STAGE_ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    run = program.handle(schedule(**place, token=token, name="org", executionRoleArn=other if of_settings else role))
    assert run.code == OK, run.report["reason"]
    assert {(one["accountId"], one["region"], one["rule"]) for one in put(aws)} == {(*place.values(), "org")}
    assert "i-0444455556666aaaa" in verdicts(aws) and WEB not in verdicts(aws)
    # Without a role that leads there nothing is told, and the earlier verdicts stay.
    before = len(put(aws))
    program.set(aws={"accounts": {}})
    refused = program.handle(schedule(**place, token=token, name="org", executionRoleArn=other))
    assert refused.code == UNDETERMINED and STAGE_ACCOUNT in refused.report["reason"], refused.report["reason"]
    assert len(put(aws)) == before


# As a Lambda function


@pytest.fixture
def function(program):
    def invoke(*events):
        return run_lambda(program.folder, events, [build_dir() / "bootstrap"], program.environment())
    program.set(aws={"external_id": "sallyport-demo"})
    return invoke


def test_bootstrap_answers_aws_config(function, aws):
    run = function(change(WEB), schedule(), change(NO_AGENT, of={"configurationItemStatus": "ResourceDeleted"}))
    assert run.kinds == ["response"] * 3 and len(run.starts) == 1, run.err
    told = verdicts(aws)
    assert told[WEB] == "COMPLIANT" and told[NO_AGENT] == "NOT_APPLICABLE" and len(told) == 11
    assert TOKEN not in run.err + json.dumps(run.outcomes)


def test_bootstrap_answers_a_member_account(function, aws):
    role = f"arn:aws:iam::{STAGE_ACCOUNT}:role/sallyport-reader"
    token = aws.control("POST", "config", {"token": {"account": STAGE_ACCOUNT, "region": "eu-west-1", "rule": "org"}})["token"]
    run = function(change("i-0444455556666aaaa", account=STAGE_ACCOUNT, region="eu-west-1", token=token, executionRoleArn=role))
    assert run.kinds == ["response"], run.err
    assert [(one["accountId"], one["rule"]) for one in put(aws)] == [(STAGE_ACCOUNT, "org")]


@pytest.mark.parametrize("event,words", [(change(WEB, accountId=111122223333), "accountId: expected a text"),
                                         (change(WEB, "not json"), "rule parameters: not JSON"),
                                         (change(WEB, token=None), "resultToken"), (change(WEB, token="ended"), "InvalidResultToken")])
def test_what_cannot_be_answered_fails_the_function_whenever_it_comes(function, aws, event, words):
    # Lambda delivers what failed twice more.
    run = function(event, event, event)
    assert run.kinds == ["error"] * 3 and put(aws) == [], run.err
    for outcome in run.outcomes:
        assert words in json.loads(outcome["body"])["errorMessage"], outcome


def test_a_right_that_the_role_lacks_fails_the_function_by_its_name(function, aws):
    aws.fault("access-denied", service="config", action="PutEvaluations", times=-1)
    event = change(WEB)
    run = function(event)
    assert run.kinds == ["error"] and "config:PutEvaluations" in run.body["errorMessage"]
    aws.control("DELETE", "faults")
    assert function(event).kinds == ["response"] and verdicts(aws) == {WEB: "COMPLIANT"}, "the next delivery tells it"


# Many


def test_a_thousand_changes_in_a_minute_take_ten_page_reads(tmp_path, aws):
    manager = Manager("--generate", "2000", "--rate-limit", "0", "--tenant-rate-limit", "0")
    try:
        program = program_with(tmp_path, aws, manager)
        events = [change(f"i-{number:017x}") for number in range(1, 1001)]
        run = program.handle(*events, arguments=("--json", "--workers", "8"))
        assert run.code == OK
        assert len(put(aws)) == 1000
        assert len(manager.requests()) <= 10, manager.requests()
    finally:
        manager.stop()


# The truth table


def rows() -> list:
    made = []
    for line in TABLE.read_text().splitlines():
        if line.startswith("#"):
            continue
        words, told = line.split(" -> ", 1)
        made.append((words.split(" | "), *told.split(" | ", 1)))
    return made


def rule_parameters(words: str) -> dict:
    made = {}
    name = "rule"
    for number, part in enumerate(words.split(";")):
        if number == 0:
            made["rule"] = part
        elif "=" in part:
            name, value = part.strip().split("=", 1)
            made[name] = value
        else:
            made[name] += ";" + part
    return made


AGENTS = {"none": ("inactive", "Unmanaged (Unknown)", None), "active": ("active", "Managed (Online)", "2m"),
          "warning": ("warning", "Upgrade Recommended", "2m"), "error-now": ("error", "Offline", "5m"),
          "error-late": ("error", "Offline", "2d"), "inactive": ("inactive", "Deactivated", "2m"),
          "unsupported": ("not-supported", "Unsupported", "2m")}
SENT = {"received": ("2h", "1h"), "pending-now": ("10m", "3d"), "pending-late": ("5h", "3d"), "never": (None, None)}
IPS_STATUS = {"error": {"agentStatus": "error", "agentStatusMessage": "Intrusion Prevention Engine Offline"},
              "warning": {"agentStatus": "warning", "agentStatusMessage": "Update in progress"}}


def computer(number, agent, ips, policy, tasks, sent, scan):
    """The computer of a row, as an estate of the simulator holds it."""
    status, message, heard = AGENTS[agent]
    made = {"ID": 1000 + number, "hostName": f"row-{number}", "displayName": f"row-{number}", "description": "",
            "groupID": 41, "relayListID": 0, "lastIPUsed": "", "platform": "", "agentVersion": "20.0.1.12345",
            "computerStatus": {"agentStatus": status, "agentStatusMessages": [message]},
            "ec2VirtualMachineSummary": {"cloudProvider": "AWS", "accountID": HOME, "instanceID": f"i-{number:017x}",
                                         "availabilityZone": "us-east-1a", "metadata": []}}
    if agent == "none":
        return made
    made.update(agentFingerPrint="14:F3:B3:76", lastAgentCommunication=heard)
    if policy != "none":
        made["policyID"] = {"right": 12, "below": 14, "other": 13}[policy]
    else:
        made.update(integrityMonitoring={"state": "off", "ruleIDs": [15]}, logInspection={"state": "off", "ruleIDs": [9]})
    for member, ago in zip(("lastSendPolicyRequest", "lastSendPolicySuccess"), SENT[sent]):
        if ago:
            made[member] = ago
    if tasks == "busy":
        made["tasks"] = {"agentTasks": ["Performing Security Update"]}
    module = {"state": ips if ips in ("off", "detect") else "prevent", "ruleIDs": [] if ips == "no-rules" else [108]}
    if ips in IPS_STATUS:
        module["moduleStatus"] = IPS_STATUS[ips]
    made["intrusionPrevention"] = module
    sim = {"online": agent not in ("error-now", "error-late")}
    if scan != "none":
        sim["lastRecommendationScan"] = "20d" if scan == "old" else "1h"
    if scan == "missing":
        sim["known"] = {"intrusionPrevention": {"assign": [6745]}}
    made["sim"] = sim
    return made


def estate_of(table) -> dict:
    """The demonstration estate with the policies of the table, and one computer for each row."""
    import yaml
    made = yaml.safe_load((ROOT / "sim" / "estates" / "demo.yaml").read_text())
    policy = {"description": "", "recommendationScanMode": "ongoing", "autoRequiresUpdate": "on"}
    made["policies"] = [
        {"ID": 1, "name": "Base Policy", **policy, "antiMalware": {"state": "on", "realTimeScanConfigurationID": 1},
         "webReputation": {"state": "on"}, "integrityMonitoring": {"state": "real-time", "ruleIDs": [15]},
         "logInspection": {"state": "on", "ruleIDs": [9]}},
        {"ID": 12, "parentID": 1, "name": "Linux Web Server", **policy},
        {"ID": 13, "parentID": 1, "name": "Linux Batch", **policy},
        {"ID": 14, "parentID": 12, "name": "Linux Web Server Auto Apply", **policy}]
    made["computers"] = [computer(number, *words[1:7]) for number, (words, _, _) in enumerate(table, 1) if words[1] != "absent"]
    return made


def invocation_of(number, words) -> dict:
    instance = words[7]
    tags = {"excluded": {"sallyport:exclude": "true"}, "exempt": {"sallyport:exempt": "TICKET-7 until 2099-12-31"},
            "exempt-over": {"sallyport:exempt": "TICKET-7 until 2020-12-31"}}.get(instance, {})
    state = instance if instance in ("stopped", "terminated") else "running"
    of = {"tags": tags, "configuration": {"state": {"name": state},
                                          "launchTime": moment(minutes=5) if instance == "new" else moment(days=30)}}
    return change(f"i-{number:017x}", rule_parameters(words[0]), of=of)


def test_every_row_of_the_truth_table_as_an_invocation(tmp_path, aws):
    table = rows()
    assert len(table) >= 500
    estate = tmp_path / "estate.yaml"
    estate.write_text(json.dumps(estate_of(table)))
    manager = Manager("--estate", str(estate), "--speed", "0", "--rate-limit", "0", "--tenant-rate-limit", "0")
    try:
        program = program_with(tmp_path, aws, manager)
        run = program.handle(*[invocation_of(number, words) for number, (words, _, _) in enumerate(table, 1)],
                             arguments=("--json", "--workers", "4"))
    finally:
        manager.stop()
    told = {one["ComplianceResourceId"]: (one["ComplianceType"], one["Annotation"]) for one in put(aws)}
    assert len(run.reports) == len(table)
    wrong = []
    for number, (words, verdict, annotation) in enumerate(table, 1):
        told_of_it = told.get(f"i-{number:017x}")
        if told_of_it is None:
            told_of_it = ("undetermined", run.reports[number - 1]["reason"].split("undetermined: ", 1)[-1])
        is_it = (told_of_it[0], re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)", "TIME", told_of_it[1]))
        if verdict == "undetermined":
            is_right = is_it[0] == verdict and annotation in is_it[1] and run.reports[number - 1]["state"] == verdict
        else:
            is_right = is_it == (verdict, annotation)
        if not is_right:
            wrong.append((number, words, (verdict, annotation), is_it))
    assert wrong == [], f"{len(wrong)} of {len(table)}: {wrong[:5]}"


# sallyport config evaluate


def evaluate(program, *arguments, code):
    run = program.run("config", "evaluate", *arguments, "--format", "json")
    assert run.code == code, run.out + run.err
    return json.loads(run.out)


MEMBERS = {"accounts": {STAGE_ACCOUNT: f"arn:aws:iam::{STAGE_ACCOUNT}:role/sallyport-reader"}, "external_id": "sallyport-demo"}


def test_evaluate_judges_without_aws_config_and_keeps_nothing(program, aws):
    answer = evaluate(program, "protected", code=FAILED)
    assert answer["counts"] == {"compliant": 6, "non_compliant": 2, "not_applicable": 3, "undetermined": 0}
    assert answer["swp_calls"] == 2 and put(aws) == [] and calls(aws, "PutEvaluations") == []
    assert not list(program.folder.glob("ledger.db*"))
    assert program.handle(schedule()).code == OK
    assert {one["instance"]: one["compliance"] for one in answer["hosts"]} == verdicts(aws), "the schedule says the same"


def test_evaluate_knows_accounts_regions_and_the_organization(program, aws, manager, tmp_path):
    program.set(aws=MEMBERS)
    both = evaluate(program, "in-touch", "--account", HOME, "--account", STAGE_ACCOUNT, "--region", "us-east-1,eu-west-1", code=FAILED)
    assert {(host["account"], host["region"]) for host in both["hosts"]} == {(HOME, "us-east-1"), (STAGE_ACCOUNT, "eu-west-1")}
    refused = program.run("config", "evaluate", "protected", "--organization")
    assert refused.code == UNDETERMINED and "organizations:ListAccounts" in refused.err
    from aws_support import MANAGEMENT
    program.variables.update(AWS_ACCESS_KEY_ID=MANAGEMENT[0], AWS_SECRET_ACCESS_KEY=MANAGEMENT[1])
    program.sections.pop("aws")
    program.set()
    whole = evaluate(program, "protected", "--organization", code=UNDETERMINED)
    # What no role leads to is told, never left out.
    assert sorted(gap.split()[1].rstrip(",") for gap in whole["could_not_be_read"]) == [HOME, STAGE_ACCOUNT]


def test_evaluate_of_a_saved_snapshot_asks_ec2_nothing(program, aws):
    snapshot = {"fileVersion": "1.0", "configurationItems": [
        item(WEB), item(NO_AGENT), item("sg-1", resourceType="AWS::EC2::SecurityGroup"), item(fresh_id(), status="ResourceDeleted")]}
    path = program.folder / "snapshot.json"
    path.write_text(json.dumps(snapshot))
    answer = evaluate(program, "protected", "--snapshot", str(path), code=FAILED)
    assert {host["instance"]: host["compliance"] for host in answer["hosts"]} == {WEB: "COMPLIANT", NO_AGENT: "NON_COMPLIANT"}
    assert aws.control("GET", "requests") == []
    path.write_text(json.dumps({"configurationItems": [item(WEB)]}))
    assert evaluate(program, "protected", "--snapshot", str(path), code=OK)["counts"]["compliant"] == 1
    path.write_text("{}")
    wrong = program.run("config", "evaluate", "protected", "--snapshot", str(path))
    assert wrong.code == 2 and "configurationItems" in wrong.err


def test_evaluate_tells_what_changed_since_the_run_that_was_kept(program, manager):
    evaluate(program, "protected", "--save", code=FAILED)
    assert evaluate(program, "protected", "--diff", code=FAILED)["changes"] == []
    program.set(gates={"exclusion_tag": "Owner"})
    changed = evaluate(program, "protected", "--diff", code=OK)["changes"]
    assert {"instance": WEB, "account": HOME, "region": "us-east-1", "was": "COMPLIANT", "is": "NOT_APPLICABLE"} in changed
    # Another rule has runs of its own.
    other = evaluate(program, "in-touch", "--diff", code=UNDETERMINED)
    assert other["changes"] == [] and "no run was kept" in other["could_not_be_read"][0]


def test_evaluate_explains_one_instance(program):
    run = program.run("config", "evaluate", "module-on", "--parameter", "modules=intrusion-prevention", "--explain", WEB)
    for words in ("computer 34 (web-01)", "last in touch", "prevent, active, 4 rules", "tag               Owner=", "verdict           COMPLIANT"):
        assert words in run.out
    missing = program.run("config", "evaluate", "protected", "--explain", fresh_id())
    assert "is not among those" in missing.out


def test_evaluate_as_csv_is_harmless_in_a_spreadsheet(program):
    run = program.run("config", "evaluate", "protected", "--format", "csv")
    lines = run.out.strip().split("\r\n") if "\r\n" in run.out else run.out.strip().splitlines()
    assert lines[0] == "instance,account,region,state,compliance,annotation" and len(lines) == 12
    import csv
    assert {row["compliance"] for row in csv.DictReader(lines)} == {"COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"}


@pytest.mark.parametrize("arguments,words", [
    (["protectd"], "did you mean `protected`?"), (["module-on"], "needs `modules`"),
    (["protected", "--parameter", "x"], "NAME=VALUE"), (["protected", "--parameter", "a=1", "--parameter", "a=2"], "twice"),
    (["protected", "--account", "1"], "twelve digits"), (["protected", "--region", "Mars"], "is no region"),
    (["protected", "--explain", "web-01"], "is no instance ID"), (["protected", "--organization", "--account", HOME], "exclude each other"),
    (["protected", "--snapshot", "x", "--region", "all"], "names its accounts"), (["protected", "--parameter", "apiKey=abc"], "may be a secret"),
])
def test_evaluate_refuses_wrong_arguments(program, arguments, words):
    run = program.run("config", "evaluate", *arguments)
    assert run.code == 2 and words in run.err
