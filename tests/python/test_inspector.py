# SPDX-License-Identifier: Apache-2.0
"""Findings of Inspector and virtual patches, as a user meets them: the real program against the simulated AWS and the
simulated SWP."""
import collections
import copy
import csv
import datetime
import io
import json
import random
import signal
import subprocess
import time

import pytest

import inspector_support as made
from aws_support import KEY as AWS_KEY, AwsSimulator
from lambda_support import build_dir, run_lambda
from program_support import FAILED, KEY, OK, UNDETERMINED, UNREADABLE, USAGE, Manager, Program, call, finding

LONG = "60s"     # at most, until rules are verified: looks come every second
SHORT = "3s"     # until the answer


def manager_for(folder, *arguments, **sizes) -> Manager:
    return Manager("--speed", "60", "--rate-limit", "0", "--tenant-rate-limit", "0", "--estate",
                   str(made.estate(folder, **sizes)), *arguments)


def program_for(folder, manager, **sections) -> Program:
    inspector = {"window": "1s", "recommendation_scans": 0, **sections.pop("inspector", {})}
    # Forty hosts share a policy: the thresholds are raised so that nobody has to approve.
    gates = {"approval": {"above_hosts": 1000}, **sections.pop("gates", {})}
    follow_up = {"first": "1s", "longest": "1s", **sections.pop("follow_up", {})}
    return Program(folder, manager.url, mode="enforce", inspector=inspector, gates=gates, follow_up=follow_up, **sections)


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


def handled(program, *events, wait=SHORT, arguments=(), codes=(OK,)) -> list:
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


def check_load(load, manager, program):
    """What must hold however the load was handled."""
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
    cases = program.run("cases", "list", "--json", "--limit", "500").reports
    of_cves = [case for case in cases if case["title"].startswith("CVE-")]
    assert len(of_cves) == load.cves * load.accounts
    assert {case["state"] for case in of_cves} == {"closed"}, collections.Counter(case["state"] for case in of_cves)
    assert {case["outcome"] for case in of_cves} == {"verified"}
    verified = program.run("ledger", "verify", "--json")
    assert verified.code == OK, verified.out


# The load of 1,000 findings


@pytest.mark.parametrize("workers", [1, 4])
def test_a_thousand_findings_are_one_write_for_each_policy_and_one_message_for_each_team(tmp_path, workers):
    load = made.Load()
    assert len(load.active) == 1000 and len(load.events) > 1400
    manager = manager_for(tmp_path)
    try:
        program = program_for(tmp_path, manager, inspector={"window": "5s"})
        run = program.run("handle", "--json", "--workers", str(workers), "--wait", LONG, "-", stdin=load.ndjson())
        assert run.code == OK, run.err
        states = collections.Counter(report["state"] for report in run.reports if report.get("state"))
        assert states["joined"] == load.distinct
        assert len(changes(manager)) == 12, "one write for each policy"
        check_load(load, manager, program)
        messages = messages_in(run.reports)
        assert sorted(message["owner"] for message in messages) == [f"team-{n}@example.com" for n in range(3)]
        searches = searches_for_rules(manager)
        assert searches <= 2, "the catalog, page by page"
        # Once the catalog is fresh no rule is searched for: not for a CVE that was met, nor for a new one.
        again = made.event(made.finding(5000, 3, [made.cve(19)], made.ACCOUNTS[0], when(minutes=1)))
        none = made.event(made.finding(5001, 4, ["CVE-2024-1000"], made.ACCOUNTS[1], when(minutes=1)))
        handled(program, again, none, wait="12s")
        assert searches_for_rules(manager) == searches
        lines = {line["finding"]: line for line in exported(program) if line["finding"].endswith(f"{5001:032x}")}
        assert [line["coverage"] for line in lines.values()] == ["no-rule"]
    finally:
        manager.stop()


def test_killed_at_random_it_ends_the_same(tmp_path):
    load = made.Load()
    assert len(load.active) == 1000
    manager = manager_for(tmp_path)
    try:
        program = program_for(tmp_path, manager, inspector={"window": "2s"})
        lot = random.Random(5)
        source = tmp_path / "events.ndjson"
        source.write_bytes(load.ndjson())
        kills = 0
        for _ in range(12):
            process = program.start("handle", "--json", "--workers", "4", "--wait", LONG, str(source),
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(timeout=lot.uniform(0.1, 3.0))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait(timeout=10)
                kills += 1
        assert kills >= 3, "it was over before anything was killed"
        last = program.run("handle", "--json", "--workers", "4", "--wait", LONG, str(source))
        assert last.code == OK, last.err
        check_load(load, manager, program)
    finally:
        manager.stop()


# What is decided about


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


def test_a_shorter_cve_is_another_one(tmp_path, manager):
    """CVE-2021-4422 never matches CVE-2021-44228: here CVE-2024-1000 and the rules for CVE-2024-10000."""
    program = program_for(tmp_path, manager)
    handled(program, made.event(made.finding(1, 3, ["CVE-2024-1000"], made.ACCOUNTS[0], when(minutes=1))))
    assert changes(manager) == []
    assert [line["coverage"] for line in exported(program)] == ["no-rule"]


def test_what_is_covered_is_not_written_again(tmp_path, manager):
    program = program_for(tmp_path, manager)
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5))
    handled(program, made.event(detail), wait=LONG)
    assert [change["id"] for change in changes(manager)] == [103]
    # What the follow-up verified since is in the patch ledger's lists, and the case is about the host.
    assert [(line["coverage"], line["rules"]) for line in exported(program)] == [("by-policy", [made.FIRST_RULE + 3])]
    of_host = program.run("cases", "list", "--host", made.instance(3), "--json").reports
    assert made.cve(3) in [case["title"] for case in of_host]
    # The same finding, seen again later (edge case I6).
    handled(program, made.event({**detail, "updatedAt": when(minutes=1).timestamp()}))
    assert len(changes(manager)) == 1
    assert [line["coverage"] for line in exported(program)] == ["by-policy"]
    shown = program.run("patches", "show", made.cve(3))
    assert shown.code == OK and "by policy `Policy 3` (103)" in shown.out and "verified" in shown.out


def test_a_closed_finding_is_patched_and_its_rule_is_proposed_for_removal_alone(tmp_path, manager):
    program = program_for(tmp_path, manager, inspector={"grace": "0s"})
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5))
    handled(program, made.event(detail))
    reports = handled(program, made.event({**detail, "status": "CLOSED", "updatedAt": when(minutes=1).timestamp()}))
    (removal, outcome), = actions_in(reports, "unassign-patches")
    assert outcome["state"] == "held" and removal["scope_id"] == 103
    assert [change["operation"] for change in changes(manager)] == ["add"], "nothing is removed by itself"
    assert [line["patch"] for line in exported(program)] == ["patched"]
    waiting = program.run("plans", "list", "--json").reports
    digest = next(plan["digest"] for plan in waiting if plan["state"] == "awaiting-approval")
    approved = program.run("plans", "approve", digest[:12], "--json")
    assert approved.code == OK, approved.err
    assert [change["operation"] for change in changes(manager)][-1] == "remove"


def test_suppressed_keeps_its_rules_and_needs_no_new_ones(tmp_path, manager):
    program = program_for(tmp_path, manager)
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=1),
                                             status="SUPPRESSED")))
    assert changes(manager) == []
    assert [line["patch"] for line in exported(program)] == ["suppressed"]


def test_five_hundred_cves_of_one_finding_are_all_kept(tmp_path, manager):
    program = program_for(tmp_path, manager)
    cves = [made.cve(3)] + [f"CVE-2019-{20000 + n}" for n in range(498)] + [made.cve(4)]
    detail = made.finding(1, 3, cves, made.ACCOUNTS[0], when(minutes=1))
    detail["packageVulnerabilityDetails"]["vulnerabilityId"] = "ALAS2-2024-1"
    detail["packageVulnerabilityDetails"]["relatedVulnerabilities"] = cves
    handled(program, made.event(detail))
    assert len(exported(program)) == 500
    (change,) = changes(manager)
    assert set(change["ruleIDs"]) == {made.FIRST_RULE + 3, made.FIRST_RULE + 4}


def test_an_instance_of_two_computers_is_undetermined_and_nothing_is_written(tmp_path):
    path = made.estate(tmp_path, hosts=4)
    estate = json.loads(path.read_text())
    twice = copy.deepcopy(estate["computers"][3])
    twice["ID"] = 1999
    estate["computers"].append(twice)
    path.write_text(json.dumps(estate))
    manager = Manager("--speed", "60", "--rate-limit", "0", "--estate", str(path))
    try:
        program = program_for(tmp_path, manager)
        events = [made.event(made.finding(n, host, [made.cve(n)], made.ACCOUNTS[host % 3], when(minutes=1)))
                  for n, host in ((3, 3), (4, 1))]
        reports = handled(program, *events, codes=(UNDETERMINED,), wait=LONG)
        assert "several computers with an agent" in json.dumps(reports)
        # The other host is not held up by it.
        assert [change["id"] for change in changes(manager)] == [101]
        assert case_of(program, made.cve(3))["state"] == "needs-person"
        assert case_of(program, made.cve(4))["outcome"] == "verified"
    finally:
        manager.stop()


def test_an_instance_that_swp_does_not_have_is_told_with_its_cves(tmp_path, manager):
    program = program_for(tmp_path, manager)
    detail = made.finding(1, 9999, [made.cve(3), made.cve(4)], made.ACCOUNTS[0], when(minutes=1))
    reports = handled(program, made.event(detail))
    (message,) = messages_in(reports)
    text = json.dumps(message)
    assert made.cve(3) in text and made.cve(4) in text and made.instance(9999) in text
    assert changes(manager) == []


def test_a_rule_that_goes_between_plan_and_act_does_not_keep_the_others_out(tmp_path, manager):
    program = program_for(tmp_path, manager, gates={"approval": {"above_hosts": 1}})
    events = [made.event(made.finding(n, 3, [made.cve(n)], made.ACCOUNTS[0], when(minutes=1))) for n in (3, 4)]
    handled(program, *events, wait=SHORT)
    manager.control("POST", "rules", {"removed": [made.FIRST_RULE + 4]})
    plan = next(one for one in program.run("plans", "list", "--json").reports if one["state"] == "awaiting-approval")
    approved = program.run("plans", "approve", plan["digest"][:12], "--json")
    assert approved.code == OK, approved.err
    (change,) = changes(manager)
    assert change["ruleIDs"] == [made.FIRST_RULE + 3]
    (_, outcome), = actions_in(approved.reports, "assign-patches")
    assert f"rule {made.FIRST_RULE + 4}" in outcome["reason"]


def test_a_policy_that_goes_is_a_clear_failure(tmp_path, manager):
    manager.fault("status", method="POST", path="/policies/103/intrusionprevention/assignments", status=404, times=-1)
    program = program_for(tmp_path, manager)
    run = program.handle(made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=1))),
                         arguments=("--json", "--wait", "3s"))
    outcomes = [outcome for _, outcome in actions_in(run.reports, "assign-patches")]
    assert outcomes and outcomes[0]["state"] == "failed"
    assert [line["coverage"] for line in exported(program)] == ["not-covered"]


@pytest.mark.parametrize("status", [409, 429])
def test_a_write_that_is_refused_for_now_is_done_later(tmp_path, manager, status):
    manager.fault("status", method="POST", path="/policies/103/intrusionprevention/assignments", status=status, times=1)
    program = program_for(tmp_path, manager)
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=1))), wait=LONG,
            codes=(OK, FAILED))
    assert [(change["id"], change["operation"]) for change in changes(manager)] == [(103, "add")]
    assert case_of(program, made.cve(3))["outcome"] == "verified"


def test_a_concurrent_editor_and_an_update_to_detect_only_are_seen(tmp_path, manager):
    program = program_for(tmp_path, manager)
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))
    handled(program, made.event(detail))
    made_rule = made.FIRST_RULE + 3
    manager.control("POST", "rules", {"rules": [{"ID": made_rule, "detectOnly": True}]})
    # The catalog is young and says otherwise; what is read at the policy counts.
    handled(program, made.event({**detail, "updatedAt": when(minutes=1).timestamp()}))
    (line,) = exported(program)
    assert line["coverage"] == "not-preventing" and "detect-only" in line["why"]


def test_a_rule_that_somebody_removed_is_not_verified_and_comes_again(tmp_path, manager):
    program = program_for(tmp_path, manager)
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))
    handled(program, made.event(detail), wait="2s")
    call("DELETE", f"{manager.url}/policies/103/intrusionprevention/assignments/{made.FIRST_RULE + 3}", None,
         {"api-secret-key": KEY})
    run = program.run("followups", "run", "--json", "--wait", LONG)
    assert "it was removed" in run.out
    assert case_of(program, made.cve(3))["state"] == "needs-person"
    handled(program, made.event({**detail, "updatedAt": when(minutes=1).timestamp()}))
    assert [change["operation"] for change in changes(manager)] == ["add", "remove", "add"]


# What cannot be read


def test_a_host_that_could_not_be_read_once_is_asked_again(tmp_path, manager):
    program = program_for(tmp_path, manager)
    manager.fault("status", method="POST", path="/computers/search", status=400, times=1)
    handled(program, *[made.event(made.finding(n, n, [made.cve(n)], made.ACCOUNTS[n % 3], when(minutes=1)))
                       for n in (3, 4)], wait=LONG)
    assert sorted(change["id"] for change in changes(manager)) == [103, 104]
    assert {line["coverage"] for line in exported(program)} == {"by-policy"}


def test_a_host_that_stays_unread_is_told_and_looked_at_by_the_next_answer(tmp_path, manager):
    program = program_for(tmp_path, manager)
    # Each look asks for the one host, for the other one and for who shares its policy.
    for look in range(3):
        manager.fault("status", method="POST", path="/computers/search", status=400, skip=3 * look, times=1)
    reports = handled(program, *[made.event(made.finding(n, n, [made.cve(n)], made.ACCOUNTS[n % 3], when(minutes=1)))
                                 for n in (3, 4)], wait=LONG, codes=(UNDETERMINED,))
    assert [change["id"] for change in changes(manager)] == [104], "the other host is not held up for long"
    told = [message for message in messages_in(reports) if "could not be determined" in json.dumps(message)]
    assert [message["owner"] for message in told] == ["team-0@example.com"]
    assert case_of(program, made.cve(3))["state"] == "needs-person"
    manager.control("DELETE", "faults")
    handled(program, made.event(made.finding(5, 5, [made.cve(5)], made.ACCOUNTS[2], when(minutes=1))), wait=LONG)
    assert sorted(change["id"] for change in changes(manager)) == [103, 104, 105]


def test_a_host_that_a_finding_calls_compromised_keeps_its_rules(tmp_path, manager):
    program = program_for(tmp_path, manager)
    program.handle(finding(made.instance(0), kind="CryptoCurrency:EC2/BitcoinTool.B!DNS", severity=8,
                           account=made.ACCOUNTS[0]))
    events = [made.event(made.finding(n, n, [made.cve(5)], made.ACCOUNTS[0], when(minutes=1))) for n in (0, 12)]
    reports = handled(program, *events, codes=(OK, FAILED, UNDETERMINED))
    assert [(change["scope"], change["id"]) for change in changes(manager)] == [("computers", 1012)]
    assert "a finding calls the host probably compromised" in json.dumps(messages_in(reports))


# A policy of its own


def policy_of(manager, computer) -> int:
    return call("GET", f"{manager.url}/computers/{computer}?expand=none", None, {"api-secret-key": KEY})[1]["policyID"]


def test_a_child_policy_is_made_and_the_computers_are_moved(tmp_path, manager):
    program = program_for(tmp_path, manager, inspector={"placement": "child-policy"},
                          gates={"max_hosts": 1, "approval": {"above_hosts": 1000}})
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5))
    handled(program, made.event(detail), wait=LONG)
    child = policy_of(manager, 1003)
    answer = call("GET", f"{manager.url}/policies/{child}", None, {"api-secret-key": KEY})[1]
    assert (answer["parentID"], answer["name"]) == (103, "Sallyport virtual patches of policy 103, Linux")
    assert made.FIRST_RULE + 3 in answer["intrusionPrevention"]["ruleIDs"]
    assert policy_of(manager, 1015) == 103, "its neighbor stays"
    assert case_of(program, made.cve(3))["outcome"] == "verified"
    assert [line["coverage"] for line in exported(program)] == ["by-policy"]
    # Another CVE of the same host goes to the policy that is its own now.
    handled(program, made.event(made.finding(2, 3, [made.cve(4)], made.ACCOUNTS[0], when(minutes=1))))
    assert {change["id"] for change in changes(manager)} == {child}
    policies = call("GET", f"{manager.url}/policies", None, {"api-secret-key": KEY})[1]["policies"]
    assert sum("Sallyport" in policy["name"] for policy in policies) == 1


def test_a_lost_answer_makes_no_second_child_policy(tmp_path, manager):
    manager.fault("cut-after", method="POST", path="/policies$", times=1)
    program = program_for(tmp_path, manager, inspector={"placement": "child-policy"},
                          gates={"max_hosts": 1, "approval": {"above_hosts": 1000}})
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5))), wait=LONG,
            codes=(OK, FAILED, UNDETERMINED))
    policies = call("GET", f"{manager.url}/policies", None, {"api-secret-key": KEY})[1]["policies"]
    assert sum("Sallyport" in policy["name"] for policy in policies) == 1
    assert policy_of(manager, 1003) not in (103, 0)


# The sweep


def sweep(program, *arguments, code=OK):
    run = program.run("inspect", "--sweep", "--json", "--wait", SHORT, *arguments)
    assert run.code == code, run.err
    return run


def test_a_sweep_puts_right_what_events_missed(tmp_path, manager, aws):
    drop_all(aws)
    first = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(hours=3))
    second = made.finding(2, 0, [made.cve(5)], made.ACCOUNTS[0], when(hours=2))
    set_findings(aws, first, second)
    program = with_aws(program_for(tmp_path, manager), aws)
    run = sweep(program)
    assert "2 findings met in 1 place, 0 known as they are, 2 handed in, 0 gone" in run.err
    assert sorted(change["id"] for change in changes(manager)) == [100, 103]
    # The second sweep passes over what is known, and looks at what is in effect by now.
    run = sweep(program)
    assert "2 known as they are, 0 handed in, 0 gone" in run.err
    assert {line["coverage"] for line in exported(program)} == {"by-policy"}
    assert len(changes(manager)) == 2
    # One is suppressed, the other is gone.
    set_findings(aws, {**first, "status": "SUPPRESSED", "updatedAt": when(minutes=1).timestamp()},
                 drop=[second["findingArn"]])
    run = sweep(program)
    assert "1 handed in, 1 gone" in run.err
    assert {line["cve"]: line["patch"] for line in exported(program)} == {made.cve(3): "suppressed",
                                                                         made.cve(5): "gone"}


def test_what_a_sweep_cannot_read_closes_nothing(tmp_path, manager, aws):
    drop_all(aws)
    only = made.finding(7, 3, [made.cve(3)], made.ACCOUNTS[0], when(hours=3))
    set_findings(aws, only)
    program = with_aws(program_for(tmp_path, manager), aws)
    sweep(program)
    set_findings(aws, drop=[only["findingArn"]])
    aws.fault("access-denied", service="inspector2", times=-1)
    run = sweep(program, code=UNDETERMINED)
    assert "Inspector is switched off there, or the role may not list" in run.err
    assert [line["patch"] for line in exported(program)] == ["fix available"]
    aws.control("DELETE", "faults")
    sweep(program)
    assert [line["patch"] for line in exported(program)] == ["gone"]


def test_a_sweep_reads_all_pages_and_survives_a_token_that_expires(tmp_path, manager, aws):
    drop_all(aws)
    findings = [made.finding(n, n % 24 // 12 * 12, [made.cve(n % 20)], made.ACCOUNTS[0], when(hours=3))
                for n in range(250)]
    set_findings(aws, *findings)
    aws.fault("error", service="inspector2", skip=1, status=400, code="ValidationException", message="token expired")
    program = with_aws(program_for(tmp_path, manager), aws)
    run = program.run("inspect", "--sweep", "--dry-run")
    assert run.code == OK, run.err
    assert "350 findings met" in run.err, "the first page twice"


def test_a_list_of_the_cli_is_handed_in(tmp_path, manager):
    program = program_for(tmp_path, manager)
    findings = [made.finding(n, n, [made.cve(n)], made.ACCOUNTS[n % 3], when(hours=1)) for n in range(24)][:19]
    run = program.run("inspect", "--json", "--wait", SHORT, "-", stdin=json.dumps({"findings": findings}).encode())
    assert run.code == OK, run.err
    assert len(exported(program)) == 19 and len(changes(manager)) == 12
    assert program.run("inspect", "-", stdin=b"[]").code == UNREADABLE
    assert program.run("inspect").code == USAGE


def test_a_schedule_of_lambda_sweeps(tmp_path, manager, aws):
    drop_all(aws)
    set_findings(aws, made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(hours=3)))
    program = with_aws(program_for(tmp_path, manager), aws)
    wanted = {"version": "0", "source": "sallyport.inspector", "detail-type": "Sallyport Inspector Sweep Wanted",
              "detail": {}}
    run = run_lambda(program.folder, [wanted, wanted], [str(build_dir() / "bootstrap")], program.environment())
    assert [outcome["kind"] for outcome in run.outcomes] == ["response", "response"], run.err
    assert program.run("followups", "run", "--wait", SHORT).code == OK
    assert [change["id"] for change in changes(manager)] == [103]
    assert [line["status"] for line in exported(program)] == ["ACTIVE"]
    # What is gone where everything was read is gone; what could not be read closes nothing.
    set_findings(aws, drop=[made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when())["findingArn"]])
    aws.fault("access-denied", service="inspector2", times=-1)
    run = run_lambda(program.folder, [wanted], [str(build_dir() / "bootstrap")], program.environment())
    assert any(line["message"] == "not swept" for line in run.log), run.err
    program.run("followups", "run", "--wait", SHORT)
    assert [line["patch"] for line in exported(program)] == ["fix available"]
    aws.control("DELETE", "faults")
    run_lambda(program.folder, [wanted], [str(build_dir() / "bootstrap")], program.environment())
    program.run("followups", "run", "--wait", SHORT)
    assert [line["patch"] for line in exported(program)] == ["gone"]


# Coverage


def test_coverage_says_what_is_blocked_and_what_could_be(tmp_path, manager, aws):
    drop_all(aws)
    account = made.ACCOUNTS[0]
    set_findings(aws, made.finding(1, 3, [made.cve(3)], account, when(hours=3)),
                 made.finding(2, 0, [made.cve(5)], account, when(hours=3), exploitAvailable="YES"),
                 made.finding(3, 0, ["CVE-2024-1000"], account, when(hours=3)),
                 made.finding(4, 9999, [made.cve(5)], account, when(hours=3)))
    program = with_aws(program_for(tmp_path, manager), aws)
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], account, when(hours=3))))
    time.sleep(1)  # until the agent has its policy
    run = program.run("coverage", "--json")
    assert run.code == OK, run.err
    report = run.report
    assert report["totals"] == {"blocked": 1, "could_block": 1, "only_detected": 0, "needs_configuration": 0,
                                "no_rule": 1, "not_protected": 1, "undetermined": 0}
    assert [line["cve"] for line in report["cves"]][0] == made.cve(5), "an exploit comes first"
    assert report["not_scanned"] and report["not_asked"] == []
    bare = program.run("coverage", "--cves")
    assert bare.out.split() == sorted([made.cve(3), made.cve(5), "CVE-2024-1000"])
    rows = list(csv.DictReader(io.StringIO(program.run("coverage", "--csv").out)))
    assert {row["cve"]: row["blocked"] for row in rows}[made.cve(3)] == "1"
    table = program.run("coverage").out
    assert "that is not \"no findings\"" in table and "Policy 3 (103)" in table
    # What could not be asked is an answer of its own.
    aws.fault("access-denied", service="inspector2", times=-1)
    run = program.run("coverage", "--json")
    assert run.code == UNDETERMINED and run.report["not_asked"]


def test_coverage_makes_no_ledger(tmp_path, manager, aws):
    program = with_aws(program_for(tmp_path, manager), aws)
    assert program.run("coverage").code in (OK, UNDETERMINED)
    assert not program.ledger.exists()


def test_patches_lists_and_refuses_what_it_does_not_know(tmp_path, manager):
    program = program_for(tmp_path, manager)
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(hours=20))))
    listed = program.run("patches", "list")
    assert listed.code == OK and made.cve(3) in listed.out and "risk days" in listed.out
    assert program.run("patches", "show", "nonsense").code == USAGE
    assert program.run("patches", "show", "CVE-2000-0001").code == USAGE
    rows = list(csv.DictReader(io.StringIO(program.run("patches", "export", "--csv").out)))
    assert rows[0]["fixed_in"] == "example 1.1" and float(rows[0]["days_open"]) > 1
