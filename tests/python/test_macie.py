# SPDX-License-Identifier: Apache-2.0
"""Buckets and Macie findings, as a user meets them: the real program against the simulated AWS and the simulated SWP."""
import copy
import json
import pathlib
import re
import uuid

import pytest
import yaml

from aws_support import KEY as AWS_KEY, AwsSimulator
from program_support import (BATCH, FAILED, NO_AGENT, OFFLINE, OK, ROOT, UNDETERMINED, UNREADABLE, USAGE, WEB, Manager,
                             Program, now)

EVENTS = ROOT / "tests" / "events" / "macie"
CUSTOMERS = "example-customers"
MEMBER = {"444455556666": "arn:aws:iam::444455556666:role/sallyport-reader",
          "123456789012": "arn:aws:iam::123456789012:role/sallyport-organization"}
# Where everything that decides can be read: the control policies in the management account, the other account that the
# bucket's policy names.
EVERYTHING = {"accounts": MEMBER, "external_id": "sallyport-demo"}
SECRETS = ("jane-doe", "people/", "NAME", "lineRanges")  # of the objects in the events


@pytest.fixture(scope="module")
def demo():
    running = AwsSimulator()
    yield running
    assert running.stop() == 0


@pytest.fixture
def aws(demo):
    demo.control("DELETE", "faults")
    demo.control("DELETE", "requests")
    yield demo
    demo.control("DELETE", "faults")


@pytest.fixture
def manager():
    running = Manager("--speed", "0")
    yield running
    running.stop()


@pytest.fixture
def program(tmp_path, aws, manager):
    return program_with(tmp_path, aws, manager)


def program_with(folder, aws, manager, **sections) -> Program:
    sections.setdefault("aws", dict(EVERYTHING))
    made = Program(folder, manager.url, mode="enforce", **sections)
    made.variables = {"AWS_ENDPOINT_URL": aws.url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": AWS_KEY[0],
                      "AWS_SECRET_ACCESS_KEY": AWS_KEY[1], "AWS_EC2_METADATA_DISABLED": "true"}
    return made


def event(name="sensitive-data-personal", **detail) -> dict:
    """A new event of now."""
    made = json.loads((EVENTS / f"{name}.json").read_text())
    made.update(id=str(uuid.uuid4()), time=now())
    if "updatedAt" in made["detail"]:
        made["detail"].update(id=uuid.uuid4().hex, updatedAt=now(), createdAt=now())
    made["detail"].update(detail)
    return made


def who_can(program, *arguments, code=OK) -> dict:
    run = program.run("who-can", *arguments, "--json")
    assert run.code == code, run.out + run.err
    answer = json.loads(run.out)
    assert [name for name in names_in(answer) if not re.fullmatch("[a-z0-9_]+", name)] == []
    return answer


def names_in(value):
    """Every member name at every depth."""
    inside = value if isinstance(value, list) else value.values() if isinstance(value, dict) else []
    return [*(value if isinstance(value, dict) else []), *(name for one in inside for name in names_in(one))]


def by_role(answer) -> dict:
    return {principal["role"]: principal for principal in answer["principals"]}


def decisions(principal) -> dict:
    return {action["action"]: action["decision"] for action in principal["actions"]}


# who-can


def test_who_can_goes_from_the_bucket_to_the_protection_of_hosts(program):
    answer = who_can(program, CUSTOMERS)
    roles = by_role(answer)
    assert set(roles) == {"web", "batch"}
    assert (answer["examined"], answer["denied"], answer["undetermined"]) == (6, 4, 0)
    assert decisions(roles["web"]) == {"s3:GetObject": "allowed", "s3:ListBucket": "allowed", "s3:PutObject": "denied",
                                       "s3:DeleteObject": "denied"}
    assert roles["web"]["actions"][0]["statements"][0] == "inline policy `read-customers`: #1"
    assert {host["instance"]: host["protection"] for host in roles["web"]["hosts"]} == {
        WEB: "protected", NO_AGENT: "not protected"}
    assert "no activated agent" in roles["web"]["hosts"][1]["protection_reason"]
    assert [host["instance"] for host in roles["batch"]["hosts"]] == [BATCH]
    assert answer["outsiders"] == [] and answer["could_not_be_read"] == []
    assert not list(program.folder.glob("ledger.db*")), "a look makes no ledger"


def test_who_can_as_text_with_reasons(program):
    run = program.run("who-can", CUSTOMERS, "--action", "s3:GetObject", "--why")
    assert run.code == OK, run.err
    assert "ALLOWED           arn:aws:iam::111122223333:role/app/web" in run.out
    assert f"{WEB}  web-01       running  protected" in run.out
    assert "      | " in run.out and "read-customers" in run.out
    assert "s3:ListBucket" not in run.out.split("ALLOWED")[0]


def test_who_can_of_a_bucket_of_another_account(program):
    stage = who_can(program, "example-stage", "--account", "444455556666")
    assert (stage["account"], stage["region"], stage["examined"], stage["denied"]) == ("444455556666", "eu-west-1", 2, 2)


def test_an_account_that_the_policy_names_and_that_is_not_read_is_told(program):
    program.set(aws={"accounts": {"123456789012": MEMBER["123456789012"]}})
    answer = who_can(program, CUSTOMERS, code=UNDETERMINED)
    assert (answer["examined"], answer["denied"], answer["undetermined"]) == (4, 2, 0)
    assert {name: role["decision"] for name, role in by_role(answer).items()} == {"web": "allowed", "batch": "allowed"}
    assert [one["who"] for one in answer["outsiders"]] == ["account 444455556666"]
    assert [line.startswith("account 444455556666 may have access") for line in answer["could_not_be_read"]] == [True]


# Control policies


def test_a_member_that_may_not_read_control_policies_is_told_how_they_are_read(program):
    program.set(aws={"accounts": {}})
    answer = who_can(program, "example-invoices", code=UNDETERMINED)
    batch = by_role(answer)["batch"]
    assert batch["decision"] == "undetermined" and batch["actions"][0]["as_far_as_read"] == "allowed"
    assert "service control policies of account 111122223333 could not be read" in batch["actions"][0]["reason"]
    # What no policy allows is denied whatever they say.
    assert decisions(batch)["s3:DeleteObject"] == "denied" and answer["undetermined"] + answer["denied"] == 4
    [gap] = answer["could_not_be_read"]
    for words in ("AccessDenied", "management account 123456789012", "set aws.accounts", "organizations:ListParents",
                  "organizations:ListPoliciesForTarget", "organizations:DescribePolicy", "delegated administrator"):
        assert words in gap
    program.set(aws={"accounts": {"123456789012": MEMBER["123456789012"]}})
    assert by_role(who_can(program, "example-invoices"))["batch"]["decision"] == "allowed"


@pytest.mark.parametrize("change", [
    lambda estate: estate.pop("organization"),  # AWSOrganizationsNotInUseException
    lambda estate: estate["organization"].update(MasterAccountId="111122223333"),
    lambda estate: estate["organization"].update(delegated=["111122223333"]),
    lambda estate: estate["organization"].update(delegated=["111122223333"], policies=[]),
], ids=["in no organization", "the management account", "a delegated administrator", "without control policies"])
def test_one_account_alone_is_decided_where_it_can_know(tmp_path, manager, change):
    estate = yaml.safe_load((ROOT / "sim" / "estates" / "aws-demo.yaml").read_text())
    change(estate)
    file = tmp_path / "estate.yaml"
    file.write_text(json.dumps(estate))
    aws = AwsSimulator("--estate", str(file))
    try:
        program = program_with(tmp_path, aws, manager)
        program.set(aws={"accounts": {}})
        answer = who_can(program, "example-invoices")
        assert by_role(answer)["batch"]["decision"] == "allowed" and answer["could_not_be_read"] == []
    finally:
        aws.stop()


def test_a_control_policy_denies(tmp_path, manager):
    estate = yaml.safe_load((ROOT / "sim" / "estates" / "aws-demo.yaml").read_text())
    estate["organization"]["policies"][1]["Content"]["Statement"].append(
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"})
    file = tmp_path / "estate.yaml"
    file.write_text(json.dumps(estate))
    aws = AwsSimulator("--estate", str(file))
    try:
        answer = who_can(program_with(tmp_path, aws, manager), CUSTOMERS)
        assert {name: decisions(role)["s3:GetObject"] for name, role in by_role(answer).items()} == {
            "web": "denied", "batch": "denied"}
    finally:
        aws.stop()


def test_who_can_of_a_prefix_and_of_one_role(program):
    answer = who_can(program, "example-invoices", "--prefix", "2026/", "--action", "s3:PutObject,s3:DeleteObject")
    assert decisions(by_role(answer)["batch"]) == {"s3:PutObject": "allowed", "s3:DeleteObject": "denied"}
    one = who_can(program, CUSTOMERS, "--principal", "arn:aws:iam::111122223333:role/db")
    assert [principal["decision"] for principal in one["principals"]] == ["denied"]
    assert one["principals"][0]["hosts"][0]["instance"] == OFFLINE


@pytest.mark.parametrize("arguments,code,words", [
    (("S3://x",), USAGE, "is not the name of a bucket"),
    ((CUSTOMERS, "--action", "s3:Fly"), USAGE, "is not an action"),
    ((CUSTOMERS, "--account", "12"), USAGE, "is not an account"),
    ((CUSTOMERS, "--account", "999999999999"), USAGE, "no role is configured for it"),
    (("no-such-bucket",), UNDETERMINED, "NoSuchBucket"),
    ((), USAGE, "BUCKET"),
])
def test_who_can_says_what_is_wrong(program, arguments, code, words):
    run = program.run("who-can", *arguments)
    assert run.code == code and words in run.err + run.out, run.out + run.err


def test_who_can_without_credentials(program):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del program.variables[name]
    run = program.run("who-can", CUSTOMERS)
    assert run.code == UNDETERMINED and "the environment" in run.err and run.out == ""


def test_who_can_without_swp_still_answers(program):
    program.sections["swp"] = {}
    program.set()
    answer = program.run("who-can", CUSTOMERS, "--json")
    assert answer.code == OK, answer.err
    assert by_role(json.loads(answer.out))["web"]["hosts"][0]["protection"] == "not asked"


def test_the_permissions_of_the_security_page_are_enough_and_needed(tmp_path, manager):
    """The policy in docs/security.md, as what the simulated user may call."""
    page = (ROOT / "docs" / "security.md").read_text()
    statements = json.loads(page.split("```json\n")[1].split("```")[0])["Statement"]
    allowed = [action for statement in statements for action in statement["Action"]]

    def with_only(actions):
        def change(account):
            account["users"][0]["allow"] = [*actions, "sts:AssumeRole"]

        return AwsSimulator("--estate", str(changed_estate(tmp_path, change)))

    aws = with_only(allowed)
    try:
        assert who_can(program_with(tmp_path, aws, manager), CUSTOMERS)["could_not_be_read"] == []
    finally:
        aws.stop()
    aws = with_only([action for action in allowed if action != "kms:ListGrants"])
    try:
        answer = who_can(program_with(tmp_path, aws, manager), CUSTOMERS, code=UNDETERMINED)
        assert any("kms:ListGrants" in gap for gap in answer["could_not_be_read"])
    finally:
        aws.stop()


# What could not be read


def refuse(aws, service, action, times=-1, **more):
    aws.fault("error", service=service, action=action, status=403, code="AccessDenied", message="not you", times=times,
              **more)


def test_a_refused_sweep_is_no_answer_and_not_an_empty_one(program, aws):
    refuse(aws, "iam", "GetAccountAuthorizationDetails")
    answer = who_can(program, CUSTOMERS, code=UNDETERMINED)
    # Those that the policies of the bucket and of its access point name are known by their names alone.
    assert {p["role"]: p["decision"] for p in answer["principals"]} == {"batch": "undetermined",
                                                                       "web": "undetermined"}
    assert answer["denied"] == 0
    assert any("the roles of account 111122223333 could not be read" in gap and "AccessDenied" in gap
               for gap in answer["could_not_be_read"])


@pytest.mark.parametrize("service,action,words", [
    ("s3", "GetBucketPolicy", "the bucket policy could not be read"),
    ("s3", "GetBucketEncryption", "the bucket's encryption could not be read"),
    ("s3", "GetPublicAccessBlock", "Block Public Access could not be read"),
    ("s3control", "ListAccessPoints", "the access points could not be read"),
    ("s3control", "GetAccessPoint", "the block of public access of access point `customers-web` could not be read"),
    ("kms", "ListGrants", "the grants of the bucket's KMS key could not be read"),
    ("ec2", "DescribeInstances", "instances of account 111122223333 in us-east-1 could not be read"),
])
def test_each_refused_read_is_told(program, aws, service, action, words):
    refuse(aws, service, action)
    answer = who_can(program, CUSTOMERS, code=UNDETERMINED)
    assert any(words in gap for gap in answer["could_not_be_read"]), answer["could_not_be_read"]
    if action in ("GetBucketPolicy", "GetBucketEncryption", "ListGrants"):
        reads = {p["role"]: decisions(p)["s3:GetObject"] for p in answer["principals"]}
        assert reads["web"] == "undetermined" and reads["batch"] == "undetermined"


def changed_estate(folder: pathlib.Path, change) -> pathlib.Path:
    estate = yaml.safe_load((ROOT / "sim" / "estates" / "aws-demo.yaml").read_text())
    change(estate["accounts"][1])
    file = folder / "estate.yaml"
    file.write_text(json.dumps(estate))
    return file


def role_named(account, name):
    return next(role for role in account["roles"] if role["RoleName"] == name)


def test_policies_that_do_not_parse_or_are_missing_leave_it_open(tmp_path, manager):
    def change(account):
        role_named(account, "db")["inline"] = {
            "broken": {"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps", "Action": "s3:*", "Resource": "*"}]}}
        role_named(account, "web-identity")["inline"] = {
            "odd": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
                                                            "Condition": {"StringSortOf": {"aws:SourceIp": "x"}}}]}}

    aws = AwsSimulator("--estate", str(changed_estate(tmp_path, change)))
    try:
        program = program_with(tmp_path, aws, manager)
        answer = who_can(program, CUSTOMERS, code=UNDETERMINED)
        roles = by_role(answer)
        assert roles["db"]["decision"] == "undetermined" and roles["web-identity"]["decision"] == "undetermined"
        assert "`broken`" in roles["db"]["actions"][0]["reason"]
        assert roles["web"]["decision"] == "allowed"
        assert (answer["undetermined"], answer["denied"]) == (2, 2)  # the others are roles of another account
        text = program.run("who-can", CUSTOMERS)
        assert "UNDETERMINED" in text.out and text.code == UNDETERMINED
    finally:
        aws.stop()


def test_tasks_are_followed_to_their_machines(tmp_path, manager):
    def change(account):
        account["roles"].append({
            "RoleName": "cart",
            "trust": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
            "inline": {"read": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}}})
        region = account["regions"]["us-east-1"]
        region["taskDefinitions"] = [{"family": "cart", "taskRoleArn": "arn:aws:iam::111122223333:role/cart"}]
        for task in region["clusters"][0]["tasks"]:
            task["taskDefinitionArn"] = "arn:aws:ecs:us-east-1:111122223333:task-definition/cart:1"

    aws = AwsSimulator("--estate", str(changed_estate(tmp_path, change)))
    try:
        cart = by_role(who_can(program_with(tmp_path, aws, manager), CUSTOMERS))["cart"]
        assert [(host["instance"], host["how"], host["name"]) for host in cart["hosts"]] == [
            ("i-0dddd1111eeee2222", "ECS task of `service:cart`", "app-05")]
        assert cart["other_uses"] == ["ECS task of `service:cart` on FARGATE, 111122223333/us-east-1"]
    finally:
        aws.stop()


# Findings


def test_a_finding_scans_who_can_reach_the_bucket_and_tells_the_others(program, manager):
    run = program.handle(event())
    assert run.code == OK, run.out + run.err
    report = run.report
    assert report["state"] == "waiting", report
    assert manager.scans() == 4  # two for each of two protected hosts
    text = program.run("cases", "show", "1").out
    assert text.count("request-scan") >= 4 and NO_AGENT in text
    assert not any(secret in run.out + text for secret in SECRETS)


def test_the_next_object_of_the_same_bucket_is_the_same_matter(program, manager):
    program.handle(event())
    second = program.handle(event())
    assert second.code == OK
    assert manager.scans() == 4
    assert len(program.cases()) == 1
    assert "once: the same action already exists" in second.out


def test_it_is_followed_to_the_end(tmp_path, aws):
    manager = Manager("--speed", "60", "--scan-duration", "1m")
    try:
        program = program_with(tmp_path, aws, manager, follow_up={"first": "1s", "longest": "2s"})
        run = program.run("handle", "--wait", "60s", "--json", "-", stdin=json.dumps(event()).encode())
        assert run.code in (OK, FAILED), run.out + run.err
        shown = json.dumps(program.show())
        assert shown.count('"verified"') >= 2, shown
        assert "Macie finding SensitiveData:S3Object/Personal" in shown + run.out
        assert "GuardDuty" not in run.out
    finally:
        manager.stop()


def test_observe_mode_and_samples_write_nothing(program, manager):
    sample = program.handle(event("sensitive-data-sample"))
    assert sample.code == OK and manager.writes() == []
    assert {one["state"] for one in sample.report["plans"][0]["outcomes"] if one["kind"] == "request-scan"} == {"would"}
    program.set(mode="observe")
    assert program.handle(event(type="SensitiveData:S3Object/Financial")).code == OK
    assert manager.writes() == [] and manager.scans() == 0


@pytest.mark.parametrize("name,state", [("sensitive-data-archived", "closed"),
                                        ("classic-alert-without-bucket", "out-of-scope")])
def test_findings_that_end_early_ask_nobody(program, aws, manager, name, state):
    run = program.handle(event(name))
    assert run.code == OK and run.report["state"] == state
    assert aws.control("GET", "requests")== [] and manager.requests() == []


def test_a_classic_alert_and_a_policy_finding(program, manager):
    assert program.handle(event("classic-alert")).code == OK
    assert manager.scans() == 4
    run = program.handle(event("policy-bucket-public"))
    assert run.code == OK, run.out
    assert "EC2 instance i-0a1b2c3d4e5f60718" in run.out  # actor: one of our hosts
    assert "anyone on the internet" in run.out


def test_without_aws_the_finding_is_undetermined_and_nothing_is_done(program, manager):
    program.variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    run = program.handle(event())
    assert run.code == UNDETERMINED and run.report["state"] == "undetermined"
    assert "could not determine which EC2 hosts can reach" in run.out
    assert manager.writes() == []


def test_a_partial_answer_is_flagged(program, aws, manager):
    refuse(aws, "s3control", "ListAccessPoints")
    run = program.handle(event())
    assert "incomplete: " in run.out and manager.scans() == 4
    refuse(aws, "iam", "GetAccountAuthorizationDetails")
    nobody = program.handle(event(type="SensitiveData:S3Object/Financial"))
    assert nobody.code == UNDETERMINED, nobody.out
    assert manager.scans() == 4


def test_an_unreadable_finding_names_the_place(program):
    run = program.handle(event(severity={"description": "Enormous"}))
    assert run.code == UNREADABLE and "severity.description" in run.out


def test_more_hosts_than_may_be_scanned_unasked_wait_for_a_yes(program, manager):
    program.set(gates={"approval": {"above_hosts": 1}})
    run = program.handle(event())
    assert run.code == OK and manager.scans() == 0
    plans = program.run("plans", "list", "--json").reports
    assert len(plans) == 1
    approved = program.run("plans", "approve", plans[0]["digest"][:12])
    assert approved.code == OK, approved.out + approved.err
    assert manager.scans() == 4


def test_hosts_are_scanned_in_waves(program, manager):
    program.set(macie={"wave": 1, "stagger": "30m"})
    run = program.handle(event())
    assert run.code == OK and manager.scans() == 2
    assert "stagger: starts in " in run.out
    waiting = [f for f in program.run("followups", "list", "--json").reports if f["question"] == "turn-comes"]
    assert len(waiting) == 2


def test_the_next_wave_is_scanned_when_its_turn_has_come(program, manager):
    program.set(macie={"wave": 1, "stagger": "1s"})
    assert program.handle(event()).code == OK and manager.scans() == 2
    run = program.run("followups", "run", "--wait", "4s")
    assert run.code == OK, run.out + run.err
    assert manager.scans() == 4 and "failed" not in run.out


def test_no_more_hosts_than_the_settings_say(program, manager):
    program.set(macie={"max_hosts": 1})
    run = program.handle(event())
    assert run.code == OK and manager.scans() == 2
    assert "2 hosts beyond macie.max_hosts not checked" in run.out


def test_the_same_event_twice_is_a_duplicate(program, aws, manager):
    once = event()
    program.handle(once)
    aws.control("DELETE", "requests")
    again = program.handle(copy.deepcopy(once))
    assert again.report["state"] == "duplicate" and manager.scans() == 4
    assert aws.control("GET", "requests")== []
