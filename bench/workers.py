#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many events at the same time: `sallyport handle --workers N` with its ledger on a disk.

    workers.py [--quick] [--python .venv/bin/python] [--build-dir build/release]

Three measurements, each with its bound:

- syncs: how often the program syncs its ledger for a finding that asks for two scans: its commits (2: an arrival is
  synced with its plan), and with the checkpoints that bring them from the log into the ledger (2.05), beside what one sync costs here
- workers: events per second of 16 workers beside one, with a manager that takes 20 ms for each call (at least 12 times);
  CPU for an event and memory beside 16 processes of the Python handler (at most half, and a tenth)
- storm: the same ratio while 5 % of the manager's answers fail (at least 5 times), with everything accounted for

Prints a table and one line of JSON. Exit code: 1 when a bound is missed or something does not hold.
"""
import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

import findings
import storm
from findings import BENCH, KEY, ROOT, finding

WORKERS = 16
LATENCY_MS = 20
SYNCED_FINDINGS = 200
BOUNDS = {"commits_per_finding": ("at most", 2.0), "syncs_per_finding": ("at most", 2.05),
          "workers_ratio": ("at least", 12.0), "cpu_ratio": ("at least", 2.0), "memory_ratio": ("at least", 10.0),
          "storm_ratio": ("at least", 5.0)}
SCANS = storm.TYPES[0]  # brute force: a recommendation and an integrity scan

findings.ESTATE = 2400


def delay_calls(manager, milliseconds: int) -> None:
    fault = {"kind": "delay", "delay_ms": milliseconds, "times": -1}
    request = urllib.request.Request(manager.url.removesuffix("/api") + "/_sim/faults", method="POST",
                                     data=json.dumps(fault).encode(), headers={"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=30).read()


def one_a_host(hosts, first: int, count: int):
    template = json.loads((BENCH / "finding.json").read_text())
    return [finding(template, first + i, SCANS, hosts[first + i]) for i in range(count)]


class Run:
    """A process that is given all its findings at once: what it took, from its first answer to its last."""

    def __init__(self, contender, lines, folder: pathlib.Path, extra=(), environment=None):
        source = folder / "events.ndjson"
        source.write_bytes(b"".join(lines))
        with source.open("rb") as stream:
            self.process = subprocess.Popen([*contender.command, *extra], stdin=stream, stdout=subprocess.PIPE,
                                            env={**contender.environment, **(environment or {})})
        self.pid = self.process.pid

    def finish(self, expected: int):
        answers, times, peak = [], [], 0.0
        for line in self.process.stdout:
            times.append(time.perf_counter())
            answers.append(json.loads(line))
        _, status, usage = os.wait4(self.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if len(answers) != expected:
            sys.exit(f"workers: {expected} events, {len(answers)} answers, exit code {self.process.returncode}")
        return {"answers": answers, "per_s": (expected - 1) / (times[-1] - times[0]) if expected > 1 else 0.0,
                "cpu_ms": (usage.ru_utime + usage.ru_stime) / expected * 1e3, "peak_mib": usage.ru_maxrss / 1024}


def counted_syncs(contender, lines, library: pathlib.Path, folder: pathlib.Path) -> collections.Counter:
    """The syncs of a process that is given these lines, by what they are for."""
    told = folder / "syncs"
    run = Run(contender, lines, folder, environment={"LD_PRELOAD": str(library), "COUNT_SYNCS": str(told)})
    run.finish(len(lines))
    return collections.Counter({name: int(number) for name, number in map(str.split, told.read_text().splitlines())})


def measure_syncs(build, folder: pathlib.Path, count: int):
    """For a finding: commits, and syncs of all sorts. Those of opening the ledger and closing it are counted too."""
    library = folder / "count_syncs.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, BENCH / "count_syncs.c", "-ldl"], check=True)
    manager = storm.start_manager(build)
    lines = one_a_host(storm.hosts_of(manager, count + 1), 0, count + 1)
    contender = storm.ours(build, manager, folder)
    counted_syncs(contender, lines[:1], library, folder)  # makes the ledger
    counted = counted_syncs(contender, lines[1:], library, folder)
    manager.stop()
    return counted["commits"] / count, counted.total() / count


def measure_workers(build, python, folder: pathlib.Path, few: int, many: int):
    rows = {}
    for name, workers, count in (("one", 1, few), ("sixteen", WORKERS, many)):
        manager = storm.start_manager(build)
        hosts = storm.hosts_of(manager, count)
        lines = one_a_host(hosts, 0, count)
        delay_calls(manager, LATENCY_MS)
        place = folder / name
        place.mkdir()
        run = Run(storm.ours(build, manager, place), lines, place, ("--workers", str(workers)))
        rows[name] = run.finish(count)
        manager.stop()
    manager = storm.start_manager(build)
    hosts = storm.hosts_of(manager, many)
    lines = one_a_host(hosts, 0, many)
    delay_calls(manager, LATENCY_MS)
    runs = []
    for i in range(WORKERS):
        place = folder / f"python-{i}"
        place.mkdir()
        runs.append((Run(storm.python_handler(python, manager), lines[i::WORKERS], place), len(lines[i::WORKERS])))
    ended = [run.finish(count) for run, count in runs]
    manager.stop()
    rows["python"] = {"per_s": sum(one["per_s"] for one in ended),
                      "cpu_ms": sum(one["cpu_ms"] for one in ended) / len(ended),
                      "peak_mib": sum(one["peak_mib"] for one in ended)}
    return rows


def measure_storm(build, folder: pathlib.Path, hosts_wanted: int, count: int):
    # As many computers as in storm.py: the simulated manager shares the processors, and each search goes over all of them.
    findings.ESTATE = storm.ESTATE
    rows, problems = {}, []
    for name, workers in (("one", 1), ("sixteen", WORKERS)):
        place = folder / f"storm-{name}"
        place.mkdir()
        manager = storm.start_manager(build)
        lines = storm.deliveries(storm.hosts_of(manager, hosts_wanted), count, seed=21)
        storm.add_faults(manager)
        run = Run(storm.ours(build, manager, place), lines, place, ("--workers", str(workers)))
        rows[name] = run.finish(count)
        manager.control("DELETE", "faults")
        answers = rows[name].pop("answers")
        rows[name]["states"] = dict(collections.Counter(answer["state"] for answer in answers))
        missing = sum(1 for answer in answers if "event" not in answer)
        if missing:
            problems.append(f"{name}: {missing} deliveries are not in the ledger")
        failed = [answer for answer in answers if answer["state"] == "failed"]
        if failed:
            problems.append(f"{name}: {len(failed)} events failed: {failed[0]['reason'][:300]}")
        twice = {computer: times for computer, times in storm.recommendation_scans(manager).items() if times > 1}
        if twice:
            problems.append(f"{name}: more than one recommendation scan: {twice}")
        code, verified = storm.ledger_words(build, place, "verify", "--json")
        if code != 0:
            problems.append(f"{name}: the ledger's chain is broken: {verified[:300]}")
        manager.stop()
    return rows, problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--python", type=pathlib.Path, default=ROOT / ".venv/bin/python")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build/release")
    arguments = parser.parse_args()
    arguments.build_dir = arguments.build_dir.resolve()
    few, many, storm_count = (30, 320, 1_000) if arguments.quick else (150, 1_600, 5_000)
    with tempfile.TemporaryDirectory(dir=arguments.build_dir, prefix="workers-") as name:
        folder = pathlib.Path(name)
        cost = findings.sync_cost_ms(folder)
        commits, syncs = measure_syncs(arguments.build_dir, folder, SYNCED_FINDINGS)
        rows = measure_workers(arguments.build_dir, arguments.python, folder, few, many)
        for row in rows.values():
            row.pop("answers", None)
        storms, problems = measure_storm(arguments.build_dir, folder, storm_count // 20, storm_count)
    figures = {"sync_ms": cost, "commits_per_finding": commits, "syncs_per_finding": syncs,
               "workers": rows, "storm": storms,
               "workers_ratio": rows["sixteen"]["per_s"] / rows["one"]["per_s"],
               "cpu_ratio": rows["python"]["cpu_ms"] / rows["sixteen"]["cpu_ms"],
               "memory_ratio": rows["python"]["peak_mib"] / rows["sixteen"]["peak_mib"],
               "storm_ratio": storms["sixteen"]["per_s"] / storms["one"]["per_s"]}
    if commits <= 0:
        problems.append("the syncs of the ledger could not be counted")
    print(f"one fdatasync here: {cost:.2f} ms; a finding with two scans: {commits:.3f} commits, {syncs:.3f} syncs")
    for title, table in (("a manager that takes 20 ms", rows), ("5 % faults", storms)):
        for name, row in table.items():
            # The Python handlers write their answers when they end: they have no rate.
            rate = "" if name == "python" else f"{row['per_s']:9.1f} events/s"
            print(f"{title:28}{name:10}{rate:18} {row['cpu_ms']:8.2f} ms CPU {row['peak_mib']:8.1f} MiB")
    for name, (word, bound) in BOUNDS.items():
        print(f"{name:28}{figures[name]:9.3f}  {word} {bound}")
        missed = figures[name] > bound if word == "at most" else figures[name] < bound
        if missed:
            problems.append(f"bound missed: {name} is {figures[name]:.2f}, must be {word} {bound}")
    print(json.dumps({**figures, "problems": problems}))
    for problem in problems:
        print(f"workers: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
