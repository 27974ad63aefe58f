#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A long stream of distinct GuardDuty findings through one `sallyport handle`: is the last one handled as fast as the first?

    stream.py [--quick] [--count N] [--hosts N] [--workers N] [--ledger-dir DIR] [--build-dir build/release]

100,000 findings with ids of their own about 50 hosts (--quick: 20,000 about 10), so each host has 2,000, one on each line; the manager answers
without delay and its clock stands still, so no scan ends and all that comes later meets what is open. For each tenth: events per second, CPU
for an event, memory. Checked: every event has its answer and is in the ledger; CPU for an event in the last tenth is no more than
1.5 times that of the second, and memory no more than 1.25 times; the whole takes no longer than 400 events per second do (not with --quick).

Prints a table and one line of JSON. Exit code: 1 when something does not hold.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import storm
from findings import BENCH, KEY, ROOT, finding

TENTHS = 10
EVENTS_PER_SECOND = 400
CPU_GROWTH = 1.5
MEMORY_GROWTH = 1.25


def write_events(path: pathlib.Path, hosts, count: int) -> None:
    template = json.loads((BENCH / "finding.json").read_text())
    with path.open("wb") as file:
        for number in range(count):
            file.write(finding(template, number, storm.TYPES[number % len(storm.TYPES)], hosts[number % len(hosts)]))


def cpu_of(process) -> float:
    """Seconds, of all threads that it has and had."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(process) -> float:
    # The last line may be read when the process has ended already: then it has none.
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024 if "RssAnon:" in status else None


def run(command, environment, count: int):
    """One row for each tenth: seconds, seconds of CPU, MiB of private memory; and how often each state came."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    complaints = []
    reader = threading.Thread(target=lambda: complaints.extend(process.stderr.readlines()))
    reader.start()
    rows, states = [], {}
    begun, cpu, answered = time.perf_counter(), 0.0, 0
    for line in process.stdout:
        answered += 1
        state = json.loads(line)["state"]
        states[state] = states.get(state, 0) + 1
        if answered % (count // TENTHS) == 0:
            now, used = time.perf_counter(), cpu_of(process)
            memory = memory_of(process)
            rows.append((now - begun, used - cpu, rows[-1][2] if memory is None else memory))
            begun, cpu = now, used
    code = process.wait(timeout=600)
    reader.join()
    return rows, states, answered, code, b"".join(complaints).decode(errors="replace")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--count", type=int)
    parser.add_argument("--hosts", type=int)
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--ledger-dir", type=pathlib.Path, help="default: the build folder, so a disk")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build" / "release")
    arguments = parser.parse_args()
    count = arguments.count or (20_000 if arguments.quick else 100_000)
    build = arguments.build_dir.resolve()
    manager = storm.start_manager(build)
    hosts = storm.hosts_of(manager, arguments.hosts or (10 if arguments.quick else 50))
    with tempfile.TemporaryDirectory(dir=arguments.ledger_dir or build, prefix="stream-") as made:
        folder = pathlib.Path(made)
        events = folder / "events.ndjson"
        write_events(events, hosts, count)
        settings = folder / "sallyport.yaml"
        settings.write_text(f"mode: enforce\nswp:\n  url: {manager.url}\n  requests_per_minute: 0\n")
        environment = {"PATH": "/usr/bin:/bin", "HOME": made, "SALLYPORT_SWP_API_KEY": KEY}
        ledger = folder / "ledger.db"
        command = [build / "sallyport", "--config", settings, "--ledger", ledger, "handle", "--json", "--workers",
                   str(arguments.workers), events]
        began = time.perf_counter()
        rows, states, answered, code, complaints = run([str(part) for part in command], environment, count)
        took = time.perf_counter() - began
        size = ledger.stat().st_size
    manager.stop()
    each = count // TENTHS
    print(f"{'tenth':>5} {'events/s':>9} {'CPU us':>7} {'MiB':>6}")
    for number, (wall, cpu, memory) in enumerate(rows, 1):
        print(f"{number:>5} {each / wall:>9.0f} {cpu / each * 1e6:>7.0f} {memory:>6.1f}")
    result = {"events": count, "hosts": len(hosts), "workers": arguments.workers, "events_per_second": round(count / took),
              "cpu_us": round(sum(row[1] for row in rows) / count * 1e6), "cpu_growth": round(rows[-1][1] / rows[1][1], 2),
              "memory_growth": round(rows[-1][2] / rows[1][2], 2), "states": states, "ledger_mb": round(size / 1e6)}
    print(json.dumps(result))
    missed = []
    if code != 0 or answered != count or sum(states.values()) != count:
        missed.append(f"exit code {code}, {answered} answers: {complaints[-500:]}")
    if result["cpu_growth"] > CPU_GROWTH:
        missed.append(f"an event at the end takes {result['cpu_growth']} times the CPU of one at the beginning")
    if result["memory_growth"] > MEMORY_GROWTH:
        missed.append(f"memory grew {result['memory_growth']} times")
    if not arguments.quick and result["events_per_second"] < EVENTS_PER_SECOND:
        missed.append(f"{result['events_per_second']} events per second")
    for what in missed:
        print(f"stream: {what}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
