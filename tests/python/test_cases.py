# SPDX-License-Identifier: Apache-2.0
"""`sallyport cases`: found again, acknowledged, retried, closed; and what leaves no case."""
import json
import os
import pathlib
import pwd
import shutil
import socket
import sqlite3
import tempfile
import threading

import pytest

from program_support import (NO_AGENT, OK, PROBE, STORAGE, USAGE, WEB, Manager, Program, finding)


@pytest.fixture
def manager():
    running = Manager("--rate-limit", "0", "--tenant-rate-limit", "0")
    yield running
    running.stop()


@pytest.fixture
def program(manager):
    memory = pathlib.Path("/dev/shm")
    made = tempfile.mkdtemp(prefix="sallyport-test-", dir=memory if os.access(memory, os.W_OK) else None)
    yield Program(pathlib.Path(made), manager.url)
    shutil.rmtree(made, ignore_errors=True)


def numbers(run):
    assert run.code == OK, run.err
    return [case["number"] for case in run.reports]


def test_a_case_is_found_by_whatever_names_it(program):
    first, second = finding(WEB, PROBE, tags=(("Owner", "team-web@example.com"),)), finding(NO_AGENT)
    program.handle(first, second)
    host = first["detail"]["resource"]["instanceDetails"]
    address = host["networkInterfaces"][0]["privateIpAddress"]
    for text in (WEB, WEB.upper(), "web-01", "team-web@example.com", first["detail"]["id"], PROBE):
        assert 1 in numbers(program.run("cases", "list", "--json", "--text", text)), text
    assert 1 in numbers(program.run("cases", "list", "--json", "--text", address))
    for option, value in (("--host", WEB), ("--owner", "team-web@example.com"), ("--text", first["detail"]["id"])):
        assert numbers(program.run("cases", "list", "--json", option, value)) == [1], option
    assert numbers(program.run("cases", "list", "--json", "--severity", "9")) == []
    assert numbers(program.run("cases", "list", "--json", "--account", "999999999999")) == []
    assert numbers(program.run("cases", "list", "--json", "--since", "1h", "--state", "needs-person")) == [2]
    assert numbers(program.run("cases", "list", "--json", "--since", "2025-01-01T00:00:00Z")) == [2, 1]
    for line in program.run("cases", "list").out.splitlines():
        assert len(line) <= 100, line


@pytest.mark.parametrize("arguments, said", [
    (("--since", "2099-01-01T00:00:00Z"), "is in the future"),
    (("--since", "-1h"), "neither a duration"), (("--since", "yesterday"), "neither a duration"),
    (("--text", "%" * 10_240), "2048"), (("--host", "%" * 10_240), "2048")])
def test_a_filter_that_makes_no_sense_gets_the_right_word(program, arguments, said):
    program.handle(finding(WEB, PROBE))
    run = program.run("cases", "list", *arguments)
    assert run.code == USAGE and run.out == "" and said in run.err, run.err
    assert len(run.err) < 1000



TEXTS = (  # docs/ledger-format.md, "The filters"
    "SELECT subject FROM cases WHERE number = ?1", "SELECT title FROM cases WHERE number = ?1", "SELECT account FROM cases WHERE number = ?1",
    "SELECT host FROM case_host WHERE case_number = ?1", "SELECT owner FROM case_owner WHERE case_number = ?1",
    "SELECT subject FROM action WHERE case_number = ?1", "SELECT json FROM plan_text JOIN plan ON number = plan WHERE case_number = ?1",
    "SELECT json FROM body JOIN event_case USING (event) WHERE case_number = ?1")


def filter_of(texts, size: int) -> bytes:
    made = bytearray(size)
    for text in texts:
        lower = text.encode().lower()
        for at in range(len(lower) - 2):
            number = int.from_bytes(lower[at:at + 3], "big")
            bit = ((number * 0x9E3779B1) % 2**32 * 15360 >> 32) % (size * 8)
            made[bit // 8] |= 1 << bit % 8
    return bytes(made)


def test_the_filter_of_a_case_is_what_the_page_says(program):
    program.handle(finding(WEB, PROBE), finding(NO_AGENT), finding(WEB, PROBE))
    with sqlite3.connect(program.folder / "ledger.db") as ledger:
        stored = ledger.execute("SELECT number, filter FROM cases LEFT JOIN case_filter ON case_number = number").fetchall()
        assert len(stored) >= 2
        for number, made in stored:
            texts = [row[0] for sql in TEXTS for row in ledger.execute(sql, (number,))]
            assert len(texts) > 6 and len(made) in (120, 240, 480, 960, 1920)
            assert made == filter_of(texts, len(made)), number


def test_a_case_is_found_by_each_word_of_its_event(program):
    event = finding(WEB, PROBE)
    program.handle(finding(NO_AGENT), event)
    words = {word for word in json.dumps(event["detail"]).replace('"', " ").replace(",", " ").replace("\\", " ").split() if len(word) > 2}
    assert len(words) > 60
    for word in sorted(words)[::4]:
        assert 2 in numbers(program.run("cases", "list", "--json", "--text", word)), word

def test_percent_and_underscore_mean_themselves(program):
    program.handle(finding(WEB, PROBE))
    for text in ("%" * 2_048, "we%", "w_b", "i-%", "w*b", "web-0?"):
        assert numbers(program.run("cases", "list", "--json", "--text", text)) == [], text


def test_dry_runs_samples_and_typing_mistakes_leave_no_case(program):
    event = program.folder / "event.json"
    event.write_text(json.dumps(finding(WEB, PROBE)))
    assert program.run("handle", "--dry-run", str(event)).code == OK
    (program.folder / "notes.txt").write_text("not an event\nat all\n")
    for file in ("no-such-file.json", "notes.txt", "."):
        run = program.run("handle", str(program.folder / file))
        assert run.code not in (OK, STORAGE) and "nothing was recorded" in run.out, run.out
    with_cases = [case for case in program.cases()] if program.ledger.exists() else []
    assert with_cases == []
    sample = finding(WEB, PROBE)
    sample["detail"]["service"]["additionalInfo"] = {"value": '{"sample":true}', "type": "default"}
    program.handle(sample)
    assert program.cases() == []
    assert numbers(program.run("cases", "list", "--json", "--samples")) == [1]
    # What is not a mistake is recorded: a line of a stream that is no event, and a file with an event in it.
    event.write_text(event.read_text() + "\ngarbage\n")
    program.run("handle", str(event))
    assert len(program.cases()) == 2


def test_a_dry_run_meets_what_was_done_and_changes_nothing(program):
    program.set(mode="enforce")
    program.handle(finding(WEB, PROBE))
    before = program.ledger.read_bytes()
    (report,) = program.handle(finding(WEB, PROBE), arguments=("--json", "--dry-run")).reports
    states = [outcome["state"] for plan in report["plans"] for outcome in plan["outcomes"]]
    assert states in (["skipped"], ["would"]) or report["plans"][0]["plan"]["hosts"][0]["scans"][0]["verdict"] == "joined"
    assert "event" not in report and "case" not in report
    assert program.ledger.read_bytes() == before


def test_who_decides_is_what_the_system_knows(program):
    program.handle(finding(WEB, PROBE))
    run = program.run("cases", "close", "1", "--reason", "a test host", "--by", "mallory")
    assert run.code == USAGE
    assert program.run("plans", "approve", "01234567", "--by", "mallory").code == USAGE
    assert program.run("cases", "ack", "1", "--for", "2d", "--reason", "isolated").code in (OK, USAGE)
    program.set(mode="enforce")
    program.handle(finding(NO_AGENT))
    number = str(program.cases()[0]["number"])
    assert program.run("cases", "ack", number, "--for", "2d", "--reason", "isolated").code == OK
    shown = program.run("cases", "show", number).out
    user = pwd.getpwuid(os.geteuid()).pw_name
    assert f"{user}" in shown and f"@{socket.gethostname()}" in shown and "isolated" in shown
    for wrong in ("0s", "91d", "soon"):
        assert program.run("cases", "ack", number, "--for", wrong).code == USAGE
    assert program.run("cases", "close", number, "--reason", "rebuilt").code == OK
    again = program.run("cases", "ack", number)
    assert again.code == USAGE and "closed already" in again.err


def test_what_a_gate_stopped_is_taken_up_again(program, manager):
    stop = program.folder / "stop"
    program.set(mode="enforce", gates={"kill_switch_file": str(stop)})
    stop.write_text("")
    program.handle(finding(WEB, PROBE))
    assert program.show()["actions"][0]["stopped_by"] == "kill-switch"
    assert numbers_of_retry(program, "kill-switch", "--since", "7d") == []  # still on: nothing would be begun
    stop.unlink()
    shown = program.run("cases", "retry", "--refused-by", "kill-switch", "--since", "7d")
    assert shown.code == OK and "would" in shown.out and "--yes" in shown.out
    assert len(program.show()["actions"]) == 1, "it was only shown"
    done = program.run("cases", "retry", "--refused-by", "kill-switch", "--since", "7d", "--yes")
    assert done.code == OK and "requested" in done.out, done.out
    assert program.run("cases", "retry", "--refused-by", "mode").out.startswith("No cases found of which `mode`")
    assert program.run("cases", "retry", "--refused-by", "kill-switch", "--since", "2099-01-01T00:00:00Z").code == USAGE
    for wrong in ((), ("--refused-by", "frobnicate"), ("1", "--refused-by", "mode"), ("77",)):
        assert program.run("cases", "retry", *wrong).code == USAGE, wrong


def numbers_of_retry(program, gate, *more):
    run = program.run("cases", "retry", "--refused-by", gate, *more, "--json")
    assert run.code == OK, run.err
    return [outcome for report in run.reports for plan in report["plans"] for outcome in plan["outcomes"]
            if outcome["state"] == "requested"]


def test_two_operators_at_once_both_get_the_right_word(program):
    program.set(mode="enforce")
    program.handle(finding(WEB, PROBE))
    runs = {}
    commands = {"close": ("cases", "close", "1", "--reason", "a test host"), "again": ("cases", "close", "1", "--reason", "me too"),
                "retry": ("cases", "retry", "1", "--yes")}
    threads = [threading.Thread(target=lambda name=name, words=words: runs.update({name: program.run(*words)}))
               for name, words in commands.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {run.code for run in runs.values()} <= {OK, USAGE}, [run.err for run in runs.values()]
    assert program.run("ledger", "verify").code == OK
    shown = program.show()
    closed = [name for name in ("close", "again") if runs[name].code == OK]
    plans = [plan["workflow"] for plan in shown["plans"]]
    assert 1 <= plans.count("operator") == len(closed)
    if len(closed) == 2:
        # A retry between the two has taken the case up again.
        decided = plans[plans.index("operator") + 1:len(plans) - plans[::-1].index("operator") - 1]
        assert runs["retry"].code == OK and "guardduty" in decided, plans
    assert [action["state"] for action in shown["actions"]].count("requested") == 1, "nothing was asked for twice"


def test_opening_approval_and_closing_reach_the_channels_by_what_they_hear(program):
    lines = {name: program.folder / f"{name}.jsonl" for name in ("oncall", "owners", "failures")}
    program.set(mode="enforce", gates={"approval": {"actions": ["request-scan"]}}, notify={"channels": [
        {"name": "oncall", "type": "json-lines", "path": str(lines["oncall"])},
        {"name": "owners", "type": "json-lines", "path": str(lines["owners"]), "audience": "owners", "opened_from": 9},
        {"name": "failures", "type": "json-lines", "path": str(lines["failures"]), "hears": ["failed"]}]})
    program.handle(finding(WEB, PROBE))
    read = lambda name: [json.loads(line) for line in lines[name].read_text().splitlines()] if lines[name].exists() else []
    (asked,) = read("oncall")
    (plan,) = program.run("plans", "list", "--json").reports
    assert asked["kind"] == "needs-approval" and asked["case_state"] == "needs-person"
    assert asked["to_do"][-1]["command"] == f"sallyport plans approve {plan['digest'][:12]}"
    assert plan["expires_at"] in asked["headline"] and asked["done"][0]["outcome"] == "held"
    assert read("owners") == [] and read("failures") == []
    assert program.run("plans", "approve", plan["digest"][:12]).code == OK
    assert program.run("cases", "close", "1", "--reason", "a test host").code == OK
    kinds = [action["what"] for action in program.show()["actions"] if action["kind"] == "notify-owner"]
    assert kinds.count("case-needs-approval") == 1
