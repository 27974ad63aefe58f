#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A storm of GuardDuty findings: many about few hosts, shuffled, with repetitions and a manager that fails.

    storm.py [--quick] [--python .venv/bin/python] [--build-dir build/release]

10,000 deliveries over 500 hosts (--quick: 1,000 over 50); 30 % are repetitions of earlier ones; 5 % of the calls to the
manager fail (500, cut before acting, cut after acting). Checked: every delivery is accounted for, in the output and in
the ledger; no host gets more than one recommendation scan; the ledger's chain is whole. Then the same findings without
repetitions and faults, a part of them, beside the Python handler.

Prints a table and one line of JSON. Exit code: 1 when something does not hold.
"""
import argparse
import atexit
import collections
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import findings
from findings import BENCH, KEY, ROOT, Contender, Manager, finding

REPEATED = 0.3
FAULTS = (("status", 0.02), ("cut-before", 0.015), ("cut-after", 0.015))
TYPES = (
    ("UnauthorizedAccess:EC2/SSHBruteForce", 5, "TARGET"),
    ("UnauthorizedAccess:EC2/RDPBruteForce", 5, "TARGET"),
    ("Recon:EC2/Portscan", 5, "TARGET"),
)


# Of those that are made up, some are offline or have no agent.
ESTATE = 800
findings.ESTATE = ESTATE


def start_manager(build: pathlib.Path) -> Manager:
    manager = Manager(build)
    atexit.register(manager.process.kill)  # also when something goes wrong here
    return manager


def hosts_of(manager: Manager, count: int):
    """Hosts with a working agent."""
    found = [c for c in manager.computers()
             if c.get("agentFingerPrint") and c.get("computerStatus", {}).get("agentStatus") == "active"]
    return found[:count]


def deliveries(hosts, count: int, seed: int):
    """Lines of events, shuffled; the newest time is now, so that no age gate is met."""
    chance = random.Random(seed)
    template = json.loads((BENCH / "finding.json").read_text())
    distinct = int(count * (1 - REPEATED))
    lines = [finding(template, number, chance.choice(TYPES), hosts[number % len(hosts)]) for number in range(distinct)]
    lines += [chance.choice(lines) for _ in range(count - distinct)]
    chance.shuffle(lines)
    return lines


def add_faults(manager: Manager) -> None:
    for number, (kind, probability) in enumerate(FAULTS):
        fault = {"kind": kind, "probability": probability, "seed": number + 1, "times": -1}
        if kind == "status":
            fault["status"] = 500
        request = urllib.request.Request(manager.url.removesuffix("/api") + "/_sim/faults", method="POST",
                                         data=json.dumps(fault).encode(), headers={"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=30).read()


def ours(build: pathlib.Path, manager: Manager, folder: pathlib.Path) -> Contender:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("SALLYPORT_")}
    settings = folder / "sallyport.yaml"
    settings.write_text(f"mode: enforce\nswp:\n  url: {manager.url}\n  requests_per_minute: 0\n")
    command = [build / "sallyport", "--config", settings, "--ledger", folder / "ledger.db", "handle", "--json", "-"]
    return Contender("sallyport", manager, command, {**outside, "SALLYPORT_SWP_API_KEY": KEY})


def python_handler(python: pathlib.Path, manager: Manager) -> Contender:
    environment = {**os.environ, "SWP_URL": manager.url, "SWP_API_KEY": KEY, "AWS_ACCESS_KEY_ID": "none",
                   "AWS_SECRET_ACCESS_KEY": "none", "AWS_EC2_METADATA_DISABLED": "true"}
    return Contender("python", manager, [python, BENCH / "python_handler.py"], environment)


def feed(contender: Contender, lines):
    """Seconds of each delivery, and what the process has used."""
    running = contender.start()
    walls, answers = [], []
    for line in lines:
        begun = time.perf_counter()
        running.process.stdin.write(line)
        running.process.stdin.flush()
        answer = running.process.stdout.readline()
        walls.append(time.perf_counter() - begun)
        if not answer:
            sys.exit(f"storm: no answer from {contender.name}")
        answers.append(json.loads(answer))
    peak, _ = running.memory_mib()
    cpu = running.cpu()
    running.process.stdin.close()
    running.process.wait(timeout=60)
    return walls, answers, peak, cpu


def calls_of(manager: Manager) -> int:
    return len(manager.control("GET", "requests")["requests"])


def recommendation_scans(manager: Manager):
    """How often each computer was asked for one. A cut answer may hide a request: the manager's own count."""
    return {computer: scans["scan-for-recommendations"]["requested"] for computer, scans in manager.scans().items()
            if "scan-for-recommendations" in scans}


def ledger_words(build, folder, *words):
    done = subprocess.run([build / "sallyport", "--ledger", folder / "ledger.db", "ledger", *words], check=False,
                          capture_output=True, text=True, cwd=folder)
    return done.returncode, done.stdout


def storm(build: pathlib.Path, hosts_wanted: int, count: int, folder: pathlib.Path):
    manager = start_manager(build)
    hosts = hosts_of(manager, hosts_wanted)
    lines = deliveries(hosts, count, seed=11)
    add_faults(manager)
    contender = ours(build, manager, folder)
    begun = time.perf_counter()
    walls, answers, peak, cpu = feed(contender, lines)
    took = time.perf_counter() - begun
    manager.control("DELETE", "faults")
    calls = calls_of(manager)
    states = collections.Counter(answer["state"] for answer in answers)
    scans = recommendation_scans(manager)
    code, verified = ledger_words(build, folder, "verify", "--json")
    problems = []
    if len(answers) != count:
        problems.append(f"{count} deliveries, {len(answers)} answers")
    missing = [answer for answer in answers if "event" not in answer]
    if missing:
        problems.append(f"{len(missing)} deliveries are not in the ledger")
    unexpected = set(states) - {"closed", "waiting", "duplicate", "undetermined", "failed"}
    if unexpected:
        problems.append(f"unexpected states: {unexpected}")
    twice = {computer: times for computer, times in scans.items() if times > 1}
    if twice:
        problems.append(f"more than one recommendation scan: {twice}")
    if code != 0:
        problems.append(f"the ledger's chain is broken: {verified[:300]}")
    size = sum(f.stat().st_size for f in folder.glob("ledger.db*"))
    manager.stop()
    walls.sort()
    return {"deliveries": count, "hosts": len(hosts), "events_per_s": count / took,
            "p50_ms": statistics.median(walls) * 1e3, "p99_ms": walls[int(len(walls) * 0.99)] * 1e3,
            "cpu_ms_per_event": cpu / count * 1e3, "peak_mib": peak, "disk_bytes_per_event": size / count,
            "swp_calls_per_event": calls / count, "states": dict(states), "hosts_scanned": len(scans)}, problems


def beside_python(build, python, hosts_wanted: int, count: int, folder: pathlib.Path):
    """The same findings for both, without faults."""
    rows = {}
    for name in ("sallyport", "python"):
        manager = start_manager(build)
        lines = deliveries(hosts_of(manager, hosts_wanted), count, seed=12)
        contender = ours(build, manager, folder) if name == "sallyport" else python_handler(python, manager)
        begun = time.perf_counter()
        walls, _, peak, cpu = feed(contender, lines)
        took = time.perf_counter() - begun
        walls.sort()
        rows[name] = {"events_per_s": count / took, "p99_ms": walls[int(len(walls) * 0.99)] * 1e3,
                      "cpu_ms_per_event": cpu / count * 1e3, "peak_mib": peak,
                      "swp_calls_per_event": calls_of(manager) / count,
                      "most_recommendation_scans_of_a_host": max(recommendation_scans(manager).values(), default=0)}
        manager.stop()
    return rows


def show(title: str, rows) -> None:
    print(f"\n{title}")
    for name, value in rows.items():
        print(f"  {name:40} {value:12.2f}" if isinstance(value, float) else f"  {name:40} {value}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--python", type=pathlib.Path, default=ROOT / ".venv/bin/python")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build/release")
    arguments = parser.parse_args()
    arguments.build_dir = arguments.build_dir.resolve()
    hosts, count = (50, 1_000) if arguments.quick else (500, 10_000)
    with tempfile.TemporaryDirectory(dir=arguments.build_dir) as name:
        result, problems = storm(arguments.build_dir, hosts, count, pathlib.Path(name))
    show(f"{count} deliveries over {hosts} hosts, 30 % repeated, 5 % of the calls fail", result)
    with tempfile.TemporaryDirectory(dir=arguments.build_dir) as name:
        rows = beside_python(arguments.build_dir, arguments.python, hosts // 10, count // 10, pathlib.Path(name))
    for name, row in rows.items():
        show(f"{count // 10} deliveries without faults: {name}", row)
    print(json.dumps({"storm": result, "beside": rows, "problems": problems}))
    for problem in problems:
        print(f"storm: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
