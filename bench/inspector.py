#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""1,000 findings of Inspector: `sallyport` against a Python handler that does what the vendor's community integration does
for each event: list the computers, search the rule, assign it at the computer.

    inspector.py [--events N] [--latency 30] [--python .venv/bin/python] [--build-dir build/release]

Each has a simulated manager of its own, started alike, every call of which takes 30 ms longer. The Python handler is
measured on the first N deliveries (all without --events 0 take an hour, most of it for reading lists of 500 computers),
and its calls and its time are reckoned for all; what was measured is printed beside. Ours is measured whole: joining, the
answer after the window, and every look until the rules are verified on each host.

Prints a table and one line of JSON. Exit code: 1 when the work differed or a bound is missed.
"""
import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path.insert(0, str(ROOT / "tests" / "python"))
KEY = "SIM-KEY-FULL"
FEWER_CALLS, LESS_TIME = 40, 20


def python_handler(url: str, source: str, most: int) -> None:
    """One event after the other; prints what it did as JSON."""
    import deepsecurity as api

    configuration = api.Configuration()
    configuration.host = url
    configuration.api_key["api-secret-key"] = KEY
    client = api.ApiClient(configuration)
    computers, rules = api.ComputersApi(client), api.IntrusionPreventionRulesApi(client)
    assignments = api.ComputerIntrusionPreventionRuleAssignmentsRecommendationsApi(client)
    handled = 0
    began = time.monotonic()
    for line in pathlib.Path(source).read_text().splitlines():
        detail = json.loads(line)["detail"]
        if detail["status"] != "ACTIVE":
            continue
        if most and handled == most:
            break
        handled += 1
        wanted = detail["resources"][0]["id"]
        cve = detail["title"].split()[0]  # the first word of the title, as the vendor's does
        everything = computers.list_computers("v1").computers
        host = next((one for one in everything if one.ec2_virtual_machine_summary.instance_id == wanted), None)
        criterion = api.SearchCriteria(field_name="CVE", string_test="equal", string_value=f"%{cve}%")
        found = rules.search_intrusion_prevention_rules(
            "v1", search_filter=api.SearchFilter(search_criteria=[criterion])).intrusion_prevention_rules
        if host is not None and found:
            assignments.add_intrusion_prevention_rule_ids_to_computer(
                host.id, "v1", intrusion_prevention_rule_ids=api.RuleIDs(rule_ids=[one.id for one in found]))
    print(json.dumps({"handled": handled, "seconds": time.monotonic() - began,
                      "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def timed(program, *arguments, **options) -> float:
    began = time.monotonic()
    run = program.run(*arguments, **options)
    assert run.code == 0, run.err
    return time.monotonic() - began


def peak_of(program, *arguments) -> float:
    """Peak memory of one run, in MiB."""
    pid = program.start(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(pid.pid, 0)
    pid.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


def measure_ours(load, folder, latency) -> dict:
    import inspector_program as tests

    manager = tests.manager_for(folder)
    try:
        manager.fault("delay", delay_ms=latency, times=-1)
        program = tests.program_for(folder, manager, inspector={"window": "5s"})
        joined = timed(program, "handle", "--json", "--workers", "4", "-", stdin=load.ndjson())
        time.sleep(6)  # the window
        began = time.monotonic()
        peak = peak_of(program, "followups", "run", "--wait", "1s")
        answered = time.monotonic() - began
        answer_calls = len(manager.requests())
        timed(program, "followups", "run", "--wait", "120s")
        tests.check_load(load, manager, program)
        return {"join_seconds": joined, "seconds": answered, "calls": len(manager.requests()),
                "calls_of_the_answer": answer_calls, "writes": len(manager.writes()), "peak_mib": peak}
    finally:
        manager.stop()


def measure_python(load, folder, latency, events, python) -> dict:
    import inspector_program as tests

    manager = tests.manager_for(folder)
    try:
        manager.fault("delay", delay_ms=latency, times=-1)
        source = folder / "events.ndjson"
        source.write_bytes(load.ndjson())
        done = subprocess.run([python, __file__, "--handler", manager.url, str(source), str(events)], check=True,
                              capture_output=True, text=True)
        measured = json.loads(done.stdout)
        measured["calls"] = len(manager.requests())
        return measured
    finally:
        manager.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--handler", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--latency", type=int, default=30)
    parser.add_argument("--python", default=str(ROOT / ".venv" / "bin" / "python"))
    parser.add_argument("--build-dir", default=str(ROOT / "build" / "release"))
    arguments = parser.parse_args()
    if arguments.handler:
        url, source, most = arguments.handler
        python_handler(url, source, int(most))
        return 0
    os.environ["SALLYPORT_BUILD_DIR"] = arguments.build_dir
    import inspector_support

    load = inspector_support.Load()
    deliveries = sum(one["detail"]["status"] == "ACTIVE" for one in load.events)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        ours = measure_ours(load, pathlib.Path(one), arguments.latency)
        theirs = measure_python(load, pathlib.Path(other), arguments.latency, arguments.events, arguments.python)
    factor = deliveries / theirs["handled"]
    reckoned = {"calls": theirs["calls"] * factor, "seconds": theirs["seconds"] * factor}
    print(f"{len(load.events)} deliveries of {len(load.active)} findings; {deliveries} say ACTIVE")
    print(f"{'':12}{'calls':>10}{'seconds':>10}{'peak MiB':>10}")
    print(f"{'sallyport':12}{ours['calls']:>10}{ours['seconds']:>10.1f}{ours['peak_mib']:>10.1f}"
          f"   {ours['writes']} writes; seconds are those of the answer, after the window; joining took "
          f"{ours['join_seconds']:.1f} s")
    print(f"{'python':12}{reckoned['calls']:>10.0f}{reckoned['seconds']:>10.1f}{theirs['peak_mib']:>10.1f}"
          f"   reckoned from {theirs['handled']} deliveries: {theirs['calls']} calls, {theirs['seconds']:.1f} s")
    calls, wall = reckoned["calls"] / ours["calls"], reckoned["seconds"] / ours["seconds"]
    print(f"{calls:.0f} times fewer calls, {wall:.0f} times less time, "
          f"{theirs['peak_mib'] / ours['peak_mib']:.1f} times less memory")
    print(json.dumps({"ours": ours, "python": theirs, "reckoned": reckoned, "calls": calls, "wall": wall}))
    return 0 if calls >= FEWER_CALLS and wall >= LESS_TIME else 1


if __name__ == "__main__":
    sys.exit(main())
