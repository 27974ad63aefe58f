# SPDX-License-Identifier: Apache-2.0
"""Changes of virtual patches that are opted into or approved: policies of their own, detect mode at first, removal. The
real program against the simulated SWP."""
import inspector_support as made
from inspector_program import (LONG, actions_in, approved, case_of, changes, exported, handled, in_swp,  # noqa: F401
                               manager, messages_in, program_for, waiting_plan, when)
from program_support import FAILED, OK, UNDETERMINED


# What nothing needs any more


def test_a_closed_finding_is_patched_and_its_rule_is_proposed_for_removal_alone(tmp_path, manager):
    program = program_for(tmp_path, manager, inspector={"grace": "0s"})
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5))
    handled(program, made.event(detail))
    reports = handled(program, made.event({**detail, "status": "CLOSED", "updatedAt": when(minutes=1).timestamp()}))
    (removal, outcome), = actions_in(reports, "unassign-patches")
    assert outcome["state"] == "held" and removal["scope_id"] == 103
    assert [change["operation"] for change in changes(manager)] == ["add"], "nothing is removed by itself"
    assert [line["patch"] for line in exported(program)] == ["patched"]
    approved(program)
    assert [change["operation"] for change in changes(manager)][-1] == "remove"
    # Proposed once, and gone is gone.
    assert actions_in(handled(program, made.event(made.finding(2, 4, [made.cve(4)], made.ACCOUNTS[1], when(minutes=1)))),
                      "unassign-patches") == []


def assigned_and_closed(folder, manager, **sections):
    """Program and finding: its rule was assigned, it is closed, and the removal waits."""
    program = program_for(folder, manager, inspector={"grace": "0s"}, **sections)
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))
    handled(program, made.event(detail))
    closed = {**detail, "status": "CLOSED", "updatedAt": when(minutes=5).timestamp()}
    reports = handled(program, made.event(closed))
    assert len(actions_in(reports, "unassign-patches")) == 1
    return program, detail


def test_a_removal_that_was_proposed_is_not_carried_out_when_the_finding_is_open_again(tmp_path, manager):
    program, detail = assigned_and_closed(tmp_path, manager)
    handled(program, made.event({**detail, "updatedAt": when(minutes=1).timestamp()}))
    run = program.run("plans", "approve", waiting_plan(program)["digest"][:12], "--json")
    assert run.code in (OK, FAILED, UNDETERMINED), run.err
    assert [change["operation"] for change in changes(manager)] == ["add"], run.out
    assert [line["status"] for line in exported(program)] == ["ACTIVE"]


def test_a_rule_that_another_one_depends_on_by_now_stays(tmp_path, manager):
    program, _ = assigned_and_closed(tmp_path, manager)
    ours, theirs = made.FIRST_RULE + 3, made.FIRST_RULE + 7
    manager.control("POST", "rules", {"rules": [{"ID": theirs, "dependsOnRuleIDs": [ours]}]})
    in_swp(manager, "POST", "/policies/103/intrusionprevention/assignments", {"ruleIDs": [theirs]})
    (_, outcome), = actions_in(approved(program), "unassign-patches")
    assert f"rule {ours} stays: rule {theirs} there depends on it" in outcome["reason"]
    assert [change["operation"] for change in changes(manager)] == ["add", "add"]


def test_a_removal_from_a_policy_that_is_gone_has_nothing_to_do(tmp_path, manager):
    program, _ = assigned_and_closed(tmp_path, manager)
    for computer in (1003, 1015):
        in_swp(manager, "POST", f"/computers/{computer}", {"policyID": 104})
    in_swp(manager, "DELETE", "/policies/103")
    run = program.run("plans", "approve", waiting_plan(program)["digest"][:12], "--json")
    assert run.code in (OK, FAILED, UNDETERMINED), run.err
    assert [change["operation"] for change in changes(manager)] == ["add"]


def test_only_the_rule_that_nothing_needs_goes_and_only_from_where_nothing_needs_it(tmp_path, manager):
    program = program_for(tmp_path, manager, inspector={"grace": "0s"})
    details = [made.finding(n, 3, [made.cve(n)], made.ACCOUNTS[0], when(minutes=9)) for n in (3, 4)]
    handled(program, *map(made.event, details))
    (change,) = changes(manager)
    assert set(change["ruleIDs"]) == {made.FIRST_RULE + 3, made.FIRST_RULE + 4}
    # The neighbor has one of them too.
    handled(program, made.event(made.finding(5, 15, [made.cve(4)], made.ACCOUNTS[0], when(minutes=8))))
    reports = handled(program, *[made.event({**detail, "status": "CLOSED", "updatedAt": when(minutes=5).timestamp()})
                                 for detail in details])
    (removal, _), = actions_in(reports, "unassign-patches")
    assert [rule["id"] for rule in removal["rules"]] == [made.FIRST_RULE + 3]
    assert removal["cves"] == [made.cve(3)]


def test_what_was_never_carried_out_is_not_proposed_for_removal(tmp_path, manager):
    program = program_for(tmp_path, manager, inspector={"grace": "0s"}, gates={"approval": {"above_hosts": 1}})
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))
    handled(program, made.event(detail))
    assert program.run("plans", "reject", waiting_plan(program)["digest"][:12], "--json").code == OK
    # Somebody assigns it by hand.
    in_swp(manager, "POST", "/policies/103/intrusionprevention/assignments", {"ruleIDs": [made.FIRST_RULE + 3]})
    reports = handled(program, made.event({**detail, "status": "CLOSED", "updatedAt": when(minutes=5).timestamp()}))
    assert actions_in(reports, "unassign-patches") == []


# Detect mode at first


def mode_of(manager, rule) -> bool:
    return in_swp(manager, "GET", f"/policies/103/intrusionprevention/rules/{rule}")["detectOnly"]


def test_new_rules_only_detect_until_an_operator_lets_them_block(tmp_path, manager):
    program = program_for(tmp_path, manager, inspector={"detect_first": "1s"})
    rule = made.FIRST_RULE + 3
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))), wait=LONG,
            codes=(OK, UNDETERMINED, FAILED))
    assert mode_of(manager, rule) is True
    assert not mode_of(manager, made.BASE_RULE), "what was there before goes on blocking"
    case = case_of(program, made.cve(3))
    assert case["state"] == "needs-person", "nothing is called covered that is not blocked"
    assert [line["coverage"] for line in exported(program)] == ["not-covered"]
    # The next answer proposes that it prevents.
    reports = handled(program, made.event(made.finding(2, 4, [made.cve(4)], made.ACCOUNTS[1], when(minutes=1))))
    (promotion, outcome), = actions_in(reports, "prevent-patches")
    assert outcome["state"] == "held" and [one["id"] for one in promotion["rules"]] == [rule]
    assert mode_of(manager, rule) is True
    program.set(follow_up={"first": "1s", "longest": "1s"})
    approved(program)
    assert mode_of(manager, rule) is False
    assert program.run("followups", "run", "--wait", "10s").code in (OK, FAILED)
    lines = {line["cve"]: line for line in exported(program)}
    assert lines[made.cve(3)]["coverage"] == "by-policy" and "verified" in lines[made.cve(3)]["why"]


def test_an_override_that_fails_is_no_success(tmp_path, manager):
    manager.fault("status", method="POST", path="/policies/103/intrusionprevention/rules/", status=403, times=-1)
    program = program_for(tmp_path, manager, inspector={"detect_first": "7d"})
    reports = handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))),
                      codes=(OK, FAILED))
    (_, outcome), = actions_in(reports, "assign-patches")
    assert outcome["state"] == "failed" and "block, though they should only detect at first" in outcome["reason"]


def test_in_a_child_policy_they_detect_before_anybody_is_moved(tmp_path, manager):
    program = program_for(tmp_path, manager, inspector={"placement": "child-policy", "detect_first": "7d"},
                          gates={"max_hosts": 1, "approval": {"above_hosts": 1000}})
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=9))))
    paths = [path for _, path, _ in manager.writes()]
    override = next(at for at, path in enumerate(paths) if path.endswith(f"/rules/{made.FIRST_RULE + 3}"))
    assert override < paths.index("/computers/1003")
    assert mode_of_child(manager, made.FIRST_RULE + 3) is True


def mode_of_child(manager, rule) -> bool:
    return in_swp(manager, "GET", f"/policies/{policy_of(manager, 1003)}/intrusionprevention/rules/{rule}")["detectOnly"]


def test_an_engine_in_tap_mode_is_not_called_verified(tmp_path, manager):
    in_swp(manager, "POST", "/policies/103/settings/firewallSettingNetworkEngineMode", {"value": "Tap"})
    program = program_for(tmp_path, manager)
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=1))), wait=LONG,
            codes=(OK, FAILED, UNDETERMINED))
    assert [change["id"] for change in changes(manager)] == [103]
    assert case_of(program, made.cve(3))["state"] == "needs-person"
    # What was written since the last look covers nothing before it is seen to block; that it was is said.
    (line,) = exported(program)
    assert line["coverage"] == "not-covered" and "not verified: " in line["why"] and "tap mode" in line["why"]


# A policy of its own


def policy_of(manager, computer) -> int:
    return in_swp(manager, "GET", f"/computers/{computer}?expand=none")["policyID"]


def test_a_child_policy_is_made_and_the_computers_are_moved(tmp_path, manager):
    program = program_for(tmp_path, manager, inspector={"placement": "child-policy"},
                          gates={"max_hosts": 1, "approval": {"above_hosts": 1000}})
    detail = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5))
    handled(program, made.event(detail), wait=LONG)
    child = policy_of(manager, 1003)
    answer = in_swp(manager, "GET", f"/policies/{child}")
    assert (answer["parentID"], answer["name"]) == (103, "Sallyport virtual patches of policy 103, Linux")
    assert made.FIRST_RULE + 3 in answer["intrusionPrevention"]["ruleIDs"]
    assert policy_of(manager, 1015) == 103, "its neighbor stays"
    assert case_of(program, made.cve(3))["outcome"] == "verified"
    assert [line["coverage"] for line in exported(program)] == ["by-policy"]
    # Another CVE of the same host goes to the policy that is its own now.
    handled(program, made.event(made.finding(2, 3, [made.cve(4)], made.ACCOUNTS[0], when(minutes=1))))
    assert {change["id"] for change in changes(manager)} == {child}
    policies = in_swp(manager, "GET", "/policies")["policies"]
    assert sum("Sallyport" in policy["name"] for policy in policies) == 1


def test_a_lost_answer_makes_no_second_child_policy(tmp_path, manager):
    manager.fault("cut-after", method="POST", path="/policies$", times=1)
    program = program_for(tmp_path, manager, inspector={"placement": "child-policy"},
                          gates={"max_hosts": 1, "approval": {"above_hosts": 1000}})
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5))), wait=LONG,
            codes=(OK, FAILED, UNDETERMINED))
    policies = in_swp(manager, "GET", "/policies")["policies"]
    assert sum("Sallyport" in policy["name"] for policy in policies) == 1
    assert policy_of(manager, 1003) not in (103, 0)
