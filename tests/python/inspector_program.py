# SPDX-License-Identifier: Apache-2.0
"""What the tests of virtual patches have in common: the program, its tenant, and what is seen of both."""
import collections
import datetime
import json

import pytest

import inspector_support as made
from aws_support import KEY as AWS_KEY, AwsSimulator
from program_support import KEY, OK, Manager, Program, call

LONG = "60s"   # at most, until rules are verified: the first look comes after a second
SHORT = "20s"  # at most, until the answer: looks come so late that nobody waits for them


def manager_for(folder, *arguments, speed=600, **sizes) -> Manager:
    """Agents receive their policies within 33 ms, so that what a run assigned is there when the next one looks."""
    return Manager("--speed", str(speed), "--rate-limit", "0", "--tenant-rate-limit", "0", "--estate",
                   str(made.estate(folder, **sizes)), *arguments)


def program_for(folder, manager, **sections) -> Program:
    inspector = {"window": "100ms", "recommendation_scans": 0, **sections.pop("inspector", {})}
    # Forty hosts share a policy: the thresholds are raised so that nobody has to approve.
    gates = {"approval": {"above_hosts": 1000}, **sections.pop("gates", {})}
    follow_up = {"first": "1s", "longest": "1s", **sections.pop("follow_up", {})}
    # Nothing is asked again soon in runs that wait for the answer alone: a busy computer must not make a read fail.
    return Program(folder, manager.url, mode="enforce", inspector=inspector, gates=gates, follow_up=follow_up,
                   swp={"deadline": "20s"}, **sections)


def waiting_plan(program) -> dict:
    """The plan that waits for an approval."""
    return next(one for one in program.run("plans", "list", "--json").reports if one["state"] == "awaiting-approval")


def approved(program, codes=(OK,)) -> list:
    """Approves the plan that waits; what came of it."""
    run = program.run("plans", "approve", waiting_plan(program)["digest"][:12], "--json")
    assert run.code in codes, run.err
    return run.reports


def in_swp(manager, method, path, body=None):
    """What an administrator does in SWP, or sees there."""
    status, answer = call(method, f"{manager.url}{path}", body, {"api-secret-key": KEY})
    assert status == 200, (status, answer)
    return answer


def changes(manager) -> list:
    return manager.control("GET", "state")["assignments"]


def searches_for_rules(manager) -> int:
    return sum(1 for method, path, _ in manager.requests() if path == "/intrusionpreventionrules/search")


def exported(program, *arguments) -> list:
    run = program.run("patches", "export", "--json", "--all", *arguments)
    assert run.code == OK, run.err
    return run.reports


def case_of(program, title) -> dict:
    return next(case for case in program.cases() if case["title"] == title)


def when(**ago) -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**ago)


def waiting_for(program, wait) -> str:
    """Says when looks come, so that a run ends when it has what it waits for."""
    late = wait == SHORT
    program.set(follow_up={"first": "1h" if late else "1s", "longest": "1h" if late else "1s"})
    return wait


def handled(program, *events, wait=SHORT, arguments=(), codes=(OK,)) -> list:
    waiting_for(program, wait)
    run = program.handle(*events, arguments=("--json", "--wait", wait, *arguments))
    assert run.code in codes, run.err
    return run.reports


def actions_in(reports, kind) -> list:
    """(action, outcome) of every action of that kind."""
    return [(planned["action"], outcome) for report in reports for plan in report.get("plans", [])
            for planned, outcome in zip(plan["plan"].get("actions", []), plan["outcomes"])
            if outcome["kind"] == kind]


def messages_in(reports) -> list:
    return [message for message, outcome in actions_in(reports, "notify-owner") if outcome["state"] == "sent"]


def settle(program) -> None:
    """Waits until every case has ended or needs somebody: a busy computer takes more than one run for that."""
    for _ in range(5):
        cases = program.run("cases", "list", "--json", "--limit", "500").reports
        if all(case["state"] not in ("open", "in-progress") for case in cases):
            return
        program.run("followups", "run", "--wait", LONG)


def check_load(load, manager, program):
    """What must hold however the load was handled."""
    settle(program)
    seen = collections.Counter()
    for change in changes(manager):
        assert (change["scope"], change["operation"]) == ("policies", "add"), change
        seen.update((change["id"], one) for one in change["ruleIDs"])
    assert {key: set(rules) for key, rules in load.wanted.items()} == {
        policy: {one for at, one in seen if at == policy} for policy in load.wanted}
    assert [key for key, times in seen.items() if times > 1] == [], "a rule was written twice"
    lines = exported(program)
    assert len(lines) == len(load.active)
    assert sum(line["status"] == "CLOSED" for line in lines) == len(load.closed)
    assert {line["coverage"] for line in lines if line["status"] == "ACTIVE"} == {"by-policy"}
    cases = program.run("cases", "list", "--json", "--limit", "500").reports
    of_cves = [case for case in cases if case["title"].startswith("CVE-")]
    assert len(of_cves) == load.cves * load.accounts
    assert {case["state"] for case in of_cves} == {"closed"}, collections.Counter(case["state"] for case in of_cves)
    assert {case["outcome"] for case in of_cves} == {"verified"}
    verified = program.run("ledger", "verify", "--json")
    assert verified.code == OK, verified.out


@pytest.fixture(scope="module")
def demo_aws():
    running = AwsSimulator()
    yield running
    assert running.stop() == 0


@pytest.fixture
def aws(demo_aws):
    demo_aws.control("DELETE", "faults")
    yield demo_aws
    demo_aws.control("DELETE", "faults")


@pytest.fixture
def manager(tmp_path):
    running = manager_for(tmp_path, hosts=24, policies=12)
    yield running
    running.stop()


def with_aws(program, aws, **settings) -> Program:
    program.set(aws={"regions": [made.REGION], **settings})
    program.variables = {"AWS_ENDPOINT_URL": aws.url, "AWS_REGION": made.REGION, "AWS_ACCESS_KEY_ID": AWS_KEY[0],
                         "AWS_SECRET_ACCESS_KEY": AWS_KEY[1], "AWS_EC2_METADATA_DISABLED": "true"}
    return program


def set_findings(aws, *findings, drop=()) -> None:
    aws.control("POST", "world", {"inspectorFindings": {"account": made.ACCOUNTS[0], "region": made.REGION,
                                                         "set": list(findings), "drop": list(drop)}})


def drop_all(aws) -> None:
    pages = aws.client("inspector2").get_paginator("list_findings").paginate()
    set_findings(aws, drop=[one["findingArn"] for page in pages for one in page["findings"]])
