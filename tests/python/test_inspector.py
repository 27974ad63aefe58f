# SPDX-License-Identifier: Apache-2.0
"""Findings of Inspector and virtual patches, as a user meets them: the real program against the simulated SWP."""
import collections
import csv
import io
import json
import random
import signal
import subprocess

import pytest

import inspector_support as made
from inspector_program import (LONG, SHORT, actions_in, case_of, changes, check_load, exported, handled, manager,  # noqa: F401
                               manager_for, messages_in, program_for, searches_for_rules, waiting_for, when)
from program_support import FAILED, LONGEST_RUN, OK, UNDETERMINED, USAGE, finding


# The load of 1,000 findings


@pytest.mark.parametrize("workers", [1, 4])
def test_a_thousand_findings_are_one_write_for_each_policy_and_one_message_for_each_team(tmp_path, workers):
    load = made.Load()
    assert len(load.active) == 1000 and len(load.events) > 1400
    manager = manager_for(tmp_path)
    try:
        program = program_for(tmp_path, manager, inspector={"window": "3s"})
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
        program.set(inspector={"window": "100ms"})
        handled(program, again, none)
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
        program = program_for(tmp_path, manager, inspector={"window": "1s"})
        lot = random.Random(5)
        source = tmp_path / "events.ndjson"
        source.write_bytes(load.ndjson())
        kills = 0
        for _ in range(12):
            process = program.start("handle", "--json", "--workers", "4", "--wait", LONG, str(source),
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(timeout=lot.uniform(0.1, 1.8))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait(timeout=10)
                kills += 1
        assert kills >= 3, "it was over before anything was killed"
        # A write whose process was killed is looked for when it can no longer arrive: 50 seconds, if one was hit.
        last = program.run("handle", "--json", "--workers", "4", "--wait", "2m", str(source))
        assert last.code == OK and "still open" not in last.err, last.err
        check_load(load, manager, program)
    finally:
        manager.stop()


# What is decided about


def test_a_shorter_cve_is_another_one(tmp_path, manager):
    """CVE-2021-4422 never matches CVE-2021-44228: here CVE-2024-1000 and the rules for CVE-2024-10000."""
    program = program_for(tmp_path, manager)
    handled(program, made.event(made.finding(1, 3, ["CVE-2024-1000"], made.ACCOUNTS[0], when(minutes=1))))
    assert changes(manager) == []
    assert [line["coverage"] for line in exported(program)] == ["no-rule"]
    case = case_of(program, "CVE-2024-1000")
    assert case["state"] == "needs-person", "nothing blocks it"
    shown = program.run("cases", "show", str(case["number"])).out
    assert "why SWP was not seen to block it on a host of the case" in " ".join(shown.split())
    # The same, told before and seen again: it stands as it stood.
    handled(program, made.event(made.finding(1, 3, ["CVE-2024-1000"], made.ACCOUNTS[0], when(seconds=20))))
    assert case_of(program, "CVE-2024-1000")["state"] == "needs-person"


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
    assert case_of(program, made.cve(3))["outcome"] == "verified"
    # The rule is for another CVE, too, for which nothing has to be done.
    handled(program, made.event(made.finding(2, 3, [f"{made.cve(3)}7"], made.ACCOUNTS[0], when(minutes=1))))
    assert len(changes(manager)) == 1
    assert case_of(program, f"{made.cve(3)}7")["outcome"] == "covered"
    assert [line["coverage"] for line in exported(program)] == ["by-policy", "by-policy"]
    shown = program.run("patches", "show", made.cve(3))
    assert shown.code == OK and "by policy `Policy 3` (103)" in shown.out and "verified" in shown.out


def test_the_last_recommendation_scan_is_compared_and_asked_for_where_it_is_older(tmp_path, manager):
    program = program_for(tmp_path, manager, inspector={"recommendation_scans": 1})
    events = [made.event(made.finding(n, n, [made.cve(n)], made.ACCOUNTS[n % 3], when(minutes=1), **more))
              for n, more in ((3, {}), (4, {"inspectorScore": 9.5, "severity": "CRITICAL"}))]
    reports = handled(program, *events)
    assert f"host-4 ({made.instance(4)}): no recommendation scan ever ran; it recommends 0 of 1 rules" in json.dumps(reports)
    # The worst one alone, as the setting says.
    (scan, outcome), = actions_in(reports, "request-scan")
    assert (scan["computer"], scan["scan"]) == (1004, "scan-for-recommendations") and outcome["state"] == "requested"
    # With a scan that is younger than the finding none is asked for.
    manager.control("POST", "advance", {"seconds": 3600})
    reports = handled(program, made.event(made.finding(5, 4, [made.cve(5)], made.ACCOUNTS[1], when(minutes=1))))
    assert "the recommendation scan of 2" in json.dumps(reports) and actions_in(reports, "request-scan") == []


def test_what_joins_later_is_verified_for_its_own_host(tmp_path):
    """Two windows, one policy: the rule is there when the second comes, and its agent has not received it yet."""
    manager = manager_for(tmp_path, hosts=24, policies=12, speed=0)
    try:
        check_that_it_is_verified(program_for(tmp_path, manager), manager)
    finally:
        manager.stop()


def check_that_it_is_verified(program, manager):
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5))))
    source = program.folder / "later.json"
    source.write_text(json.dumps(made.event(made.finding(2, 15, [made.cve(3)], made.ACCOUNTS[0], when(minutes=5)))))
    # The manager's time stands still: nothing arrives before it is moved, and it is moved after the first look.
    program.set(follow_up={"first": "3s", "longest": "3s"})
    process = program.start("handle", "--json", "--wait", "15s", str(source), stdout=subprocess.PIPE, text=True)
    while not looks_at_findings(program) and process.poll() is None:
        pass
    manager.control("POST", "advance", {"seconds": 120})
    out, _ = process.communicate(timeout=LONGEST_RUN)
    assert "rules are there and have not arrived yet" in out
    assert len(changes(manager)) == 1, "the same rule is not written for the second host"
    (line,) = [one for one in exported(program) if one["instance"] == made.instance(15)]
    assert line["coverage"] == "by-policy"


def looks_at_findings(program) -> int:
    """How often the open window was looked at and goes on."""
    return sum(one["attempts"] for one in program.run("followups", "list", "--json").reports
               if one["question"] == "patch-findings" and one["state"] == "open")


def test_suppressed_keeps_its_rules_and_needs_no_new_ones(tmp_path, manager):
    program = program_for(tmp_path, manager)
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(minutes=1),
                                             status="SUPPRESSED")))
    assert changes(manager) == []
    assert [line["patch"] for line in exported(program)] == ["suppressed"]


def test_patches_lists_and_refuses_what_it_does_not_know(tmp_path, manager):
    program = program_for(tmp_path, manager)
    handled(program, made.event(made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(hours=20))))
    listed = program.run("patches", "list")
    assert listed.code == OK and made.cve(3) in listed.out and "risk days" in listed.out
    assert program.run("patches", "show", "nonsense").code == USAGE
    assert program.run("patches", "show", "CVE-2000-0001").code == USAGE
    rows = list(csv.DictReader(io.StringIO(program.run("patches", "export", "--csv").out)))
    assert rows[0]["fixed_in"] == "example 1.1" and float(rows[0]["days_open"]) > 1


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
    told = [message for message in messages_in(reports) if "undetermined, so no rule is planned" in json.dumps(message)]
    # Whose host it is stands in its tags, which could not be read either: whoever is told without an owner hears of it.
    assert [message["owner"] for message in told] == [""]
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
