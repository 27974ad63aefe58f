# SPDX-License-Identifier: Apache-2.0
"""The sweep of Inspector's findings and `sallyport coverage`: the real program against the simulated AWS and SWP."""
import csv
import io
import json

import inspector_support as made
from inspector_program import (SHORT, aws, changes, demo_aws, drop_all, exported, handled, manager,  # noqa: F401
                               program_for, set_findings, waiting_for, when, with_aws)
from lambda_support import build_dir, run_lambda
from program_support import OK, UNDETERMINED, UNREADABLE, USAGE


# The sweep


def sweep(program, *arguments, code=OK):
    run = program.run("inspect", "--sweep", "--json", "--wait", waiting_for(program, SHORT), *arguments)
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


def test_what_was_updated_behind_the_end_of_the_list_is_not_gone(tmp_path, manager, aws):
    drop_all(aws)
    finding = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(hours=3))
    set_findings(aws, finding)
    program = with_aws(program_for(tmp_path, manager), aws)
    sweep(program)
    set_findings(aws, {**finding, "updatedAt": when(minutes=-10).timestamp()})
    run = sweep(program)
    assert "1 handed in, 0 gone" in run.err
    assert [line["patch"] for line in exported(program)] == ["fix available"]


def test_a_region_where_inspector_is_switched_off_is_named_and_the_others_are_swept(tmp_path, manager, aws):
    drop_all(aws)
    here = made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(hours=3))
    set_findings(aws, here)
    program = with_aws(program_for(tmp_path, manager), aws, regions=[made.REGION, "eu-west-1"])
    aws.fault("access-denied", service="inspector2", region="eu-west-1", times=-1)
    elsewhere = {**made.finding(2, 15, [made.cve(3)], made.ACCOUNTS[0], when(hours=3))}
    elsewhere["findingArn"] = elsewhere["findingArn"].replace(made.REGION, "eu-west-1")
    elsewhere["resources"][0]["region"] = "eu-west-1"
    handled(program, {**made.event(elsewhere), "region": "eu-west-1"})
    run = sweep(program, code=UNDETERMINED)
    assert "1 findings met in 1 place" in run.err or "1 finding met in 1 place" in run.err
    assert "account 111122223333, eu-west-1" in run.err and "Inspector is switched off there" in run.err
    # What is there is not gone, and what is gone here is.
    set_findings(aws, drop=[here["findingArn"]])
    sweep(program, code=UNDETERMINED)
    assert {line["region"]: line["patch"] for line in exported(program)} == {made.REGION: "gone",
                                                                           "eu-west-1": "fix available"}
    run = program.run("coverage", "--json")
    assert run.code == UNDETERMINED and [place for place in run.report["not_asked"] if "eu-west-1" in place]


def test_all_accounts_with_roles_are_swept(tmp_path, manager, aws):
    drop_all(aws)
    member = made.ACCOUNTS[1]
    set_findings(aws, made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(hours=3)))
    there = made.finding(2, 4, [made.cve(4)], member, when(hours=3))
    aws.control("POST", "world", {"inspectorFindings": {"account": member, "region": made.REGION, "set": [there]}})
    program = with_aws(program_for(tmp_path, manager), aws, external_id="sallyport-demo",
                       accounts={member: f"arn:aws:iam::{member}:role/sallyport-reader"})
    try:
        run = sweep(program)
        assert "in 2 places" in run.err, run.err
        assert {line["account"] for line in exported(program)} >= {made.ACCOUNTS[0], member}
        assert sorted(change["id"] for change in changes(manager)) == [103, 104]
    finally:
        aws.control("POST", "world", {"inspectorFindings": {"account": member, "region": made.REGION, "set": [],
                                                             "drop": [there["findingArn"]]}})


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
    run = program.run("inspect", "--json", "--wait", waiting_for(program, SHORT), "-", stdin=json.dumps({"findings": findings}).encode())
    assert run.code == OK, run.err
    assert len(exported(program)) == 19 and len(changes(manager)) == 12
    assert program.run("inspect", "-", stdin=b"[]").code == UNREADABLE
    assert program.run("inspect").code == USAGE


def test_a_schedule_of_lambda_sweeps(tmp_path, manager, aws):
    drop_all(aws)
    set_findings(aws, made.finding(1, 3, [made.cve(3)], made.ACCOUNTS[0], when(hours=3)))
    program = with_aws(program_for(tmp_path, manager), aws)
    waiting_for(program, SHORT)
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
    manager.control("POST", "advance", {"seconds": 120})  # until the agent has its policy
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
