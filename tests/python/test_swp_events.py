# SPDX-License-Identifier: Apache-2.0
"""What SWP publishes to SNS, from the simulated manager to the case that a person looks at."""
import json
import pathlib
import tempfile

import pytest

from program_support import OK, WEB, Manager, Program, finding

TOPIC = "arn:aws:sns:us-east-1:111122223333:swp"
BACKDOOR = "Backdoor:EC2/C&CActivity.B!DNS"  # leads to all three scans
MINER = {"MalwareName": "Coinminer.Linux.EXAMPLE", "InfectedFilePath": "/usr/local/bin/x", "ScanResultString": "Passed"}


@pytest.fixture
def manager():
    running = Manager("--rate-limit", "0", "--tenant-rate-limit", "0", "--scan-duration", "1s")
    yield running
    running.stop()


@pytest.fixture
def program(manager):
    with tempfile.TemporaryDirectory(prefix="sallyport-test-") as folder:
        yield Program(pathlib.Path(folder), manager.url, mode="enforce", swp_events={"topics": [TOPIC], "tenant": "4235"})


def published(manager, topic=TOPIC):
    manager.control("POST", "advance", {"seconds": 5})
    return manager.control("POST", "published", {"topic": topic})["messages"]


def results(program):
    shown = program.run("cases", "show", "1", "--json")
    assert shown.code == OK, shown.err
    return shown.report.get("results")


def test_what_a_scan_finds_reaches_the_case_of_its_host(program, manager):
    manager.control("POST", "findings", {"computer": 34, "malware": [MINER, {**MINER, "ScanResultString": "Quarantined"}]})
    assert program.handle(finding(WEB, BACKDOOR)).code == OK
    assert results(program)["says"] == ["malware scan in progress", "integrity scan in progress"]
    messages = published(manager)
    before = program.show()
    forged = json.loads(json.dumps(messages).replace("111122223333:swp", "444455556666:swp"))
    for report in program.handle(*forged).reports:
        assert report["state"] == "out-of-scope" and "not in swp_events.topics" in report["reason"], report
    assert program.show() == before
    taken = program.handle(*messages)
    assert taken.code == OK, taken.err
    said = results(program)
    assert "malware scan in progress: 2 detections, 1 quarantined, 1 passed (nothing done) so far" in said["says"]
    assert said["detections"] == 2 and said["detections_not_handled"] == 1
    after = program.show()
    for report in program.handle(*messages).reports:  # SNS delivers at least once
        assert "repeated" in report["reason"], report
    assert program.show() == after
    text = program.run("cases", "show", "1").out
    assert "Coinminer.Linux.EXAMPLE in /usr/local/bin/x: passed" in text
    assert program.run("ledger", "verify").code == OK


def test_without_a_topic_it_says_where_to_look(program, manager):
    program.set(swp_events={"topics": []})
    assert program.handle(finding(WEB, BACKDOOR)).code == OK
    report = program.handle(*published(manager)).reports[0]
    assert "set swp_events.topics" in report["reason"]
    assert program.run("ledger", "verify").code == OK
