# SPDX-License-Identifier: Apache-2.0
"""What findings, tenants and other people can do to virtual patches: the right outcome in clear words, nothing lost,
nothing claimed. The real program against the simulated SWP."""
import copy
import json

import pytest

import inspector_support as made
from inspector_program import (LONG, actions_in, approved, case_of, changes, exported, handled, in_swp,  # noqa: F401
                               manager, messages_in, program_for, waiting_plan, when)
from program_support import FAILED, OK, UNDETERMINED, UNREADABLE, Manager


def named(vulnerability, related=(), number=1, **more) -> dict:
    """A finding of host 3 with these ids."""
    detail = made.finding(number, 3, [vulnerability], made.ACCOUNTS[0], when(minutes=1), **more)
    detail["packageVulnerabilityDetails"]["relatedVulnerabilities"] = list(related)
    return detail


def reasons_of(report) -> str:
    return json.dumps([plan["plan"] for plan in report["plans"]])


def test_ids_of_all_kinds(tmp_path, manager):
    """One window: advisories with and without a CVE, malformed CVEs, the title as the last resort."""
    program = program_for(tmp_path, manager)
    findings = {
        "advisory alone": named("GHSA-jfh8-c2jp-5v3q", ["ALAS2-2023-2222", "USN-6940-1", "RHSA-2024:1234"], 1,
                                title="GHSA-jfh8-c2jp-5v3q - example"),
        "advisory with a CVE": named("ALAS2-2024-1", [made.cve(3).lower(), "USN-1-1", made.cve(3)], 2),
        "malformed beside a good one": named("CVE-2024-1", [made.cve(4), "CVE-20244-10000", "cve-2024-1000x"], 3),
        "malformed alone": named("CVE-2024-12", ["CVE-", "CVE-2024-10000 and more"], 4, title="a title"),
        "title": named("RHSA-2024:1", [], 5, title=f"{made.cve(5)} - example"),
    }
    run = program.handle(*[made.event(detail) for detail in findings.values()], arguments=("--json", "--wait", LONG))
    assert run.code == OK, run.err
    reports = dict(zip(findings, run.reports))
    assert {name: report["state"] for name, report in reports.items()} == {
        "advisory alone": "out-of-scope", "advisory with a CVE": "joined", "malformed beside a good one": "joined",
        "malformed alone": "out-of-scope", "title": "joined"}
    alone = reasons_of(reports["advisory alone"])
    for advisory in ("GHSA-jfh8-c2jp-5v3q", "ALAS2-2023-2222", "USN-6940-1", "RHSA-2024:1234"):
        assert advisory in alone
    assert "`CVE-2024-1` is not a CVE id: left out" in reasons_of(reports["malformed beside a good one"])
    assert "`CVE-2024-12` is not a CVE id: left out" in reasons_of(reports["malformed alone"])
    assert "taken from its title" in reasons_of(reports["title"])
    (change,) = changes(manager)
    assert set(change["ruleIDs"]) == {made.FIRST_RULE + n for n in (3, 4, 5)}
    assert sorted(line["cve"] for line in exported(program)) == [made.cve(n) for n in (3, 4, 5)]


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
    handled(program, *events)
    manager.control("POST", "rules", {"removed": [made.FIRST_RULE + 4]})
    reports = approved(program)
    (change,) = changes(manager)
    assert change["ruleIDs"] == [made.FIRST_RULE + 3]
    (_, outcome), = actions_in(reports, "assign-patches")
    assert f"rule {made.FIRST_RULE + 4}" in outcome["reason"]


def test_a_plan_whose_rules_have_all_gone_fails_and_claims_nothing(tmp_path, manager):
    program = program_for(tmp_path, manager, gates={"approval": {"above_hosts": 1}})
    handled(program, made.event(made.finding(3, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=1))))
    manager.control("POST", "rules", {"removed": [made.FIRST_RULE + 3]})
    reports = approved(program, codes=(OK, FAILED))
    (_, outcome), = actions_in(reports, "assign-patches")
    assert outcome["state"] == "failed" and f"rule {made.FIRST_RULE + 3}" in outcome["reason"]
    assert changes(manager) == []
    assert [line["coverage"] for line in exported(program)] == ["not-covered"]


def test_a_cve_that_lost_its_rule_is_not_called_verified_with_the_others(tmp_path, manager):
    program = program_for(tmp_path, manager, gates={"approval": {"above_hosts": 1}})
    events = [made.event(made.finding(n, 3, [made.cve(n)], made.ACCOUNTS[0], when(minutes=1))) for n in (3, 4)]
    handled(program, *events)
    manager.control("POST", "rules", {"removed": [made.FIRST_RULE + 4]})
    program.set(follow_up={"first": "1s", "longest": "1s"})
    approved(program)
    program.run("followups", "run", "--wait", "3s")
    assert case_of(program, made.cve(4))["state"] == "needs-person"
    assert {line["coverage"] for line in exported(program) if line["cve"] == made.cve(4)} == {"not-covered"}


def test_a_policy_that_is_deleted_between_plan_and_approval_fails_in_clear_words(tmp_path, manager):
    program = program_for(tmp_path, manager, gates={"approval": {"above_hosts": 1}})
    detail = made.finding(3, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))
    handled(program, made.event(detail))
    for computer in (1003, 1015):
        in_swp(manager, "POST", f"/computers/{computer}", {"policyID": 104})
    in_swp(manager, "DELETE", "/policies/103")
    run = program.run("plans", "approve", waiting_plan(program)["digest"][:12], "--json")
    assert changes(manager) == [], run.out
    assert run.code == FAILED and "facts changed since it was made" in run.err
    assert [line["coverage"] for line in exported(program)] == ["not-covered"]
    # The next that is heard of it finds the host where it is now.
    handled(program, made.event({**detail, "updatedAt": when(minutes=1).timestamp()}))
    approved(program)
    assert [change["id"] for change in changes(manager)] == [104]


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
    program.set(follow_up={"first": "2s", "longest": "2s"})
    program.handle(made.event(detail), arguments=("--wait", "2s"))  # the answer; the first look comes later
    in_swp(manager, "DELETE", f"/policies/103/intrusionprevention/assignments/{made.FIRST_RULE + 3}")
    run = program.run("followups", "run", "--json", "--wait", LONG)
    assert "it was removed" in run.out
    assert case_of(program, made.cve(3))["state"] == "needs-person"
    handled(program, made.event({**detail, "updatedAt": when(minutes=1).timestamp()}))
    assert [change["operation"] for change in changes(manager)] == ["add", "remove", "add"]


@pytest.mark.parametrize("status", [409, 429])
def test_a_child_policy_that_is_refused_for_now_is_made_later(tmp_path, manager, status):
    manager.fault("status", method="POST", path="/policies$", status=status, times=1)
    manager.fault("status", method="POST", path="/computers/1003$", status=status, times=1)
    program = program_in_child(tmp_path, manager)
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5))), wait=LONG,
            codes=(OK, FAILED))
    children = ours_in(manager)
    assert len(children) == 1 and computers_in(manager, children[0]["ID"]) == [1003]
    assert case_of(program, made.cve(3))["outcome"] == "verified"
    assert {change["operation"] for change in changes(manager)} == {"add"}


def program_in_child(folder, manager, **gates):
    return program_for(folder, manager, inspector={"placement": "child-policy"},
                       gates={"max_hosts": 1, "approval": {"above_hosts": 1000}, **gates})


def ours_in(manager) -> list:
    return [policy for policy in in_swp(manager, "GET", "/policies")["policies"] if "Sallyport" in policy["name"]]


def computers_in(manager, policy) -> list:
    return [one["ID"] for one in in_swp(manager, "GET", "/computers?expand=none")["computers"]
            if one.get("policyID") == policy]


def test_a_child_policy_whose_parent_is_deleted_before_the_approval_is_not_made(tmp_path, manager):
    program = program_in_child(tmp_path, manager, approval={"actions": ["patch-in-child-policy"]})
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))
    handled(program, made.event(detail))
    for computer in (1003, 1015):
        in_swp(manager, "POST", f"/computers/{computer}", {"policyID": 104})
    in_swp(manager, "DELETE", "/policies/103")
    run = program.run("plans", "approve", waiting_plan(program)["digest"][:12], "--json")
    assert run.code in (OK, FAILED, UNDETERMINED), run.err
    assert ours_in(manager) == [] and changes(manager) == [] and computers_in(manager, 104).count(1003) == 1
    assert [line["coverage"] for line in exported(program)] == ["not-covered"]


def test_a_child_policy_that_somebody_deleted_is_made_again(tmp_path, manager):
    program = program_in_child(tmp_path, manager)
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))
    handled(program, made.event(detail))
    (child,) = ours_in(manager)
    in_swp(manager, "POST", "/computers/1003", {"policyID": 103})
    in_swp(manager, "DELETE", f"/policies/{child['ID']}")
    handled(program, made.event({**detail, "updatedAt": when(minutes=1).timestamp()}))
    (again,) = ours_in(manager)
    assert computers_in(manager, again["ID"]) == [1003] and made.FIRST_RULE + 3 in again["intrusionPrevention"]["ruleIDs"]


def test_who_edits_a_child_policy_meanwhile_keeps_what_they_did(tmp_path, manager):
    program = program_in_child(tmp_path, manager, max_hosts=2, approval={"actions": ["patch-in-child-policy"]})
    for computer in (1004, 1005):
        in_swp(manager, "POST", f"/computers/{computer}", {"policyID": 103})  # the policy is shared by too many
    details = [made.finding(n, host, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9)) for n, host in ((1, 3), (2, 15))]
    handled(program, *map(made.event, details))
    # One of the two computers gets another policy before the approval.
    in_swp(manager, "POST", "/computers/1015", {"policyID": 104})
    run = program.run("plans", "approve", waiting_plan(program)["digest"][:12], "--json")
    assert run.code in (OK, FAILED, UNDETERMINED), run.err
    assert 1015 in computers_in(manager, 104)
    # Somebody takes the rule out of the child policy again: not verified, and planned anew by what comes next.
    (child,) = ours_in(manager)
    assert computers_in(manager, child["ID"]) == [1003]
    in_swp(manager, "DELETE", f"/policies/{child['ID']}/intrusionprevention/assignments/{made.FIRST_RULE + 3}")
    handled(program, made.event({**details[0], "updatedAt": when(minutes=1).timestamp()}))
    assert [change["operation"] for change in changes(manager) if change["id"] == child["ID"]] == ["add", "remove", "add"]


def test_what_is_no_finding_is_refused_with_the_place(tmp_path, manager):
    program = program_for(tmp_path, manager)
    broken = [made.event(named(made.cve(3), number=n)) for n in range(4)]
    broken[0]["detail"]["resources"][0]["id"] = "i-nonsense"
    broken[1]["detail"]["status"] = "OPEN"
    del broken[2]["detail"]["findingArn"]
    broken[3]["detail"]["packageVulnerabilityDetails"] = "none"
    run = program.handle(*broken)
    assert run.code == UNREADABLE, run.err
    assert [report["state"] for report in run.reports] == ["unreadable"] * 4
    for report, place in zip(run.reports, ("detail.resources[0].id", "detail.status", "detail.findingArn",
                                           "detail.packageVulnerabilityDetails")):
        assert place in json.dumps(report), place
    assert manager.writes() == []
