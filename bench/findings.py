#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Time, CPU and memory per GuardDuty finding: `sallyport handle` against a Python handler with the vendor's SDK.

    findings.py [--quick] [--python .venv/bin/python] [--build-dir build/release]

Each contender has a simulated manager of its own, started alike, so all meet the same world; they take turns, finding
by finding, so a busy machine is busy for all. Afterwards the managers' logs must show the same calls and the same
scans: a figure for less work is no figure. bench/README.md says what is measured and what is not.

Prints a table and one line of JSON. Exit code: 1 when the work differed or a bound is missed.
"""
import argparse
import collections
import copy
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
import urllib.parse
import urllib.request

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
KEY = "SIM-KEY-FULL"
ESTATE = 500
TYPES = (  # type, severity, resource role
    ("UnauthorizedAccess:EC2/SSHBruteForce", 5, "TARGET"),
    ("CryptoCurrency:EC2/BitcoinTool.B!DNS", 8, "ACTOR"),
    ("Recon:EC2/Portscan", 5, "TARGET"),
)
OURS, MEMORY, PYTHON = "sallyport", "sallyport, ledger in memory", "python"

# What must hold: figure of Python / figure of the contender. Well under what was measured (README.md), so that only a
# real step back fails. The next finding with the ledger on disk pays for three syncs, Python for no records at all: what
# one sync costs is printed beside.
BOUNDS = {
    ("cold", "wall_ms", OURS): 4.0,
    ("cold", "cpu_ms", OURS): 15.0,
    ("cold", "peak_mib", OURS): 2.5,
    ("cold", "private_mib", OURS): 10.0,
    ("warm", "wall_ms", OURS): 1.0,
    ("warm", "wall_ms", MEMORY): 1.0,
    ("warm", "cpu_ms", MEMORY): 1.2,
}


class Manager:
    """A simulated manager whose time stands still, so that no scan ends during the measurement."""

    def __init__(self, build: pathlib.Path):
        command = [build / "sallyport", "sim", "--generate", str(ESTATE), "--seed", "1", "--speed", "0",
                   "--rate-limit", "0", "--tenant-rate-limit", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["url"]

    def get(self, address: str, method: str = "GET"):
        headers = {"api-version": "v1", "api-secret-key": KEY}
        request = urllib.request.Request(address, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def control(self, method: str, name: str):
        return self.get(self.url.removesuffix("/api") + "/_sim/" + name, method)

    def computers(self):
        found = self.get(self.url + "/computers?expand=computerStatus&expand=ec2VirtualMachineSummary")["computers"]
        self.control("DELETE", "requests")
        return found

    def calls(self) -> collections.Counter:
        """Method, path and query (its parts in any order) of every call, with how often."""
        counted = collections.Counter()
        for request in self.control("GET", "requests")["requests"]:
            target = urllib.parse.urlsplit(request["target"])
            query = tuple(sorted(urllib.parse.parse_qsl(target.query)))
            counted[request["method"], target.path, query, request["status"]] += 1
        return counted

    def scans(self):
        return self.control("GET", "state")["computers"]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


class Contender:
    def __init__(self, name: str, manager: Manager, command, environment):
        self.name = name
        self.manager = manager
        self.command = [str(part) for part in command]
        self.environment = environment

    def start(self) -> "Running":
        return Running(self.command, self.environment)


class Running:
    """One process of a contender that is given a finding at a time."""

    def __init__(self, command, environment):
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def give(self, line: bytes) -> float:
        """Seconds until it has answered."""
        begun = time.perf_counter()
        self.process.stdin.write(line)
        self.process.stdin.flush()
        if not self.process.stdout.readline():
            sys.exit(f"bench: no answer from {self.process.args}")
        return time.perf_counter() - begun

    def cpu(self) -> float:
        """Seconds on a CPU so far, of all its threads."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def memory_mib(self):
        """Peak and private (not mapped from files) memory."""
        # Not ru_maxrss: until exec that one counts the memory of the process that forked.
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return tuple(int(status.split(word)[1].split()[0]) / 1024 for word in ("VmHWM:", "RssAnon:"))

    def finish(self):
        """Waits for its end: seconds since it was started, seconds of CPU."""
        self.process.stdin.close()
        _, status, usage = os.wait4(self.process.pid, 0)
        wall = time.perf_counter() - self.begun
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.process.stdout.close()
        if self.process.returncode != 0:
            sys.exit(f"bench: exit code {self.process.returncode} from {self.process.args}")
        return wall, usage.ru_utime + usage.ru_stime


def finding(template: dict, number: int, kind, computer: dict) -> bytes:
    name, severity, role = kind
    event = copy.deepcopy(template)
    detail = event["detail"]
    instance = computer["ec2VirtualMachineSummary"]["instanceID"]
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    event["time"] = now
    detail["id"] = f"{number:032x}"
    detail["arn"] = detail["arn"].rsplit("/", 1)[0] + "/" + detail["id"]
    detail["type"], detail["severity"], detail["service"]["resourceRole"] = name, severity, role
    detail["resource"]["instanceDetails"]["instanceId"] = instance
    for where, member in ((detail, "updatedAt"), (detail, "createdAt"), (detail["service"], "eventLastSeen")):
        where[member] = now
    return json.dumps(event).encode() + b"\n"


def make_contenders(build: pathlib.Path, python: pathlib.Path, folder: pathlib.Path):
    # Without settings of ours from outside; an unknown one would be refused.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("SALLYPORT_")}
    contenders = []
    for name in (OURS, MEMORY, PYTHON):
        manager = Manager(build)
        if name == PYTHON:
            environment = {**outside, "SWP_URL": manager.url, "SWP_API_KEY": KEY, "AWS_ACCESS_KEY_ID": "none",
                           "AWS_SECRET_ACCESS_KEY": "none", "AWS_EC2_METADATA_DISABLED": "true"}
            command = [python, BENCH / "python_handler.py"]
        else:
            settings = folder / f"{len(contenders)}.yaml"
            settings.write_text(f"mode: enforce\nswp:\n  url: {manager.url}\n  requests_per_minute: 0\n")
            environment = {**outside, "SALLYPORT_SWP_API_KEY": KEY}
            ledger = ":memory:" if name == MEMORY else folder / "ledger.db"
            command = [build / "sallyport", "--config", settings, "--ledger", ledger, "handle", "--json", "-"]
        contenders.append(Contender(name, manager, command, environment))
    return contenders


def measure_cold(contenders, lines):
    """A process for each finding. The first round is not counted: it fills the page cache and makes the ledger."""
    rounds = {c.name: [] for c in contenders}
    for line in lines:
        for contender in contenders:
            running = contender.start()
            running.give(line)
            memory = running.memory_mib()
            wall, cpu = running.finish()
            rounds[contender.name].append((wall * 1e3, cpu * 1e3, *memory))
    keys = ("wall_ms", "cpu_ms", "peak_mib", "private_mib")
    return {name: dict(zip(keys, map(statistics.median, zip(*measured[1:])))) for name, measured in rounds.items()}


def measure_warm(contenders, lines):
    """One process for all findings. The first one is not counted: it pays for the start."""
    running = {c.name: c.start() for c in contenders}
    walls = {name: [] for name in running}
    for process in running.values():
        process.give(lines[0])
    begun = {name: process.cpu() for name, process in running.items()}
    for line in lines[1:]:
        for name, process in running.items():
            walls[name].append(process.give(line))
    result = {}
    for name, process in running.items():
        count = len(lines) - 1
        peak, private = process.memory_mib()
        result[name] = {"wall_ms": statistics.median(walls[name]) * 1e3,
                        "cpu_ms": (process.cpu() - begun[name]) / count * 1e3,
                        "peak_mib": peak,
                        "private_mib": private,
                        "findings_per_s": count / sum(walls[name])}
        process.finish()
    return result


def check_same_work(contenders) -> int:
    """How many calls each made; exits when they differ."""
    first, *others = contenders
    calls, scans = first.manager.calls(), first.manager.scans()
    for other in others:
        if other.manager.calls() != calls:
            print(f"bench: {first.name} and {other.name} made different calls:", file=sys.stderr)
            for call, count in (calls - other.manager.calls()).items():
                print(f"  more from {first.name}: {count} {call}", file=sys.stderr)
            for call, count in (other.manager.calls() - calls).items():
                print(f"  more from {other.name}: {count} {call}", file=sys.stderr)
            sys.exit(1)
        if other.manager.scans() != scans:
            sys.exit(f"bench: {first.name} and {other.name} asked for different scans")
    return sum(calls.values())


def sync_cost_ms(folder: pathlib.Path) -> float:
    """What one fdatasync takes behind 4 KiB: the median."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(200):
            file.write(b"x" * 4096)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1e3


def measure_parse(build: pathlib.Path):
    """Microseconds of CPU for bench/finding.json: json.loads here, our parser in micro_bench, or None: not built."""
    program = build / "bench" / "micro_bench"
    if not program.exists():
        return None
    answer = subprocess.run([program, "--benchmark_format=json", "--benchmark_filter=^ParseJson$",
                             "--benchmark_repetitions=5"], capture_output=True, text=True, check=True)
    runs = json.loads(answer.stdout)["benchmarks"]
    ours = next(run["cpu_time"] for run in runs if run.get("aggregate_name") == "median")
    text = (BENCH / "finding.json").read_bytes()
    runs = timeit.repeat(lambda: json.loads(text), number=2000, repeat=5, timer=time.process_time)
    python = statistics.median(runs) / 2000 * 1e6
    return {OURS: ours / 1e3, PYTHON: python}


def ratio(figures, phase: str, key: str, name: str) -> float:
    """How many times better than Python."""
    ours, python = figures[phase][name][key], figures[phase][PYTHON][key]
    return ours / python if key == "findings_per_s" else python / ours


def print_table(figures) -> None:
    rows = [("cold", "wall_ms", "one finding, whole process: wall ms"), ("cold", "cpu_ms", "  CPU ms"),
            ("cold", "peak_mib", "  peak memory MiB"), ("cold", "private_mib", "  of it private, at the end"),
            ("warm", "wall_ms", "next finding, one process: wall ms"), ("warm", "cpu_ms", "  CPU ms"),
            ("warm", "peak_mib", "  peak memory MiB"), ("warm", "private_mib", "  of it private, at the end"),
            ("warm", "findings_per_s", "  findings per second")]
    print(f"{'':36}{'python':>9} |{'sallyport':>10}{'ratio':>8}{'bound':>7} |{'in memory':>10}{'ratio':>8}{'bound':>7}")
    for phase, key, title in rows:
        line = f"{title:36}{figures[phase][PYTHON][key]:9.2f}"
        for name in (OURS, MEMORY):
            bound = BOUNDS.get((phase, key, name))
            line += f" |{figures[phase][name][key]:10.2f}{ratio(figures, phase, key, name):7.1f}x"
            line += f"{bound:6.1f}x" if bound else " " * 7
        print(line)
    if figures["parse_us"]:
        ours, python = figures["parse_us"][OURS], figures["parse_us"][PYTHON]
        print(f"{'parse one event: CPU us':36}{python:9.2f} |{ours:10.2f}{python / ours:7.1f}x")
    print("sallyport: each record synced to disk before the act; in memory: the same, no disk; python: no records")
    print(f"one fdatasync here: {figures['sync_ms']:.2f} ms")
    print(f"{figures['calls_each']} calls to the manager by each, the same ones")


def rounded(figures):
    if isinstance(figures, dict):
        return {key: rounded(value) for key, value in figures.items()}
    return round(figures, 3) if isinstance(figures, float) else figures


def missed_bounds(figures):
    return [f"{phase} {key} of {name}: {ratio(figures, phase, key, name):.2f}x, must be {bound}x"
            for (phase, key, name), bound in BOUNDS.items() if ratio(figures, phase, key, name) < bound]


def measure(contenders, findings: int, runs: int):
    template = json.loads((BENCH / "finding.json").read_text())
    computers = [contender.manager.computers() for contender in contenders][0]
    with_agent = [c for c in computers if c.get("computerStatus", {}).get("agentStatus") == "active"]
    cold_hosts = with_agent[:runs + 1]
    warm_hosts = [c for c in computers if c not in cold_hosts][:findings + 1]
    cold = [finding(template, 1 + i, TYPES[0], c) for i, c in enumerate(cold_hosts)]
    warm = [finding(template, 1001 + i, TYPES[i % len(TYPES)], c) for i, c in enumerate(warm_hosts)]
    figures = {"date": datetime.date.today().isoformat(), "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
               "findings": findings, "runs": runs,
               "cold": measure_cold(contenders, cold), "warm": measure_warm(contenders, warm)}
    figures["calls_each"] = check_same_work(contenders)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20 findings and 3 runs instead of 200 and 9")
    parser.add_argument("--python", type=pathlib.Path, default=ROOT / ".venv/bin/python")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build/release")
    arguments = parser.parse_args()
    findings, runs = (20, 3) if arguments.quick else (200, 9)
    # Beside the build, not in /tmp: that is often memory, and the ledger's syncs should meet a disk.
    with tempfile.TemporaryDirectory(dir=arguments.build_dir, prefix="bench-") as folder:
        sync_ms = sync_cost_ms(pathlib.Path(folder))
        contenders = make_contenders(arguments.build_dir, arguments.python, pathlib.Path(folder))
        try:
            figures = measure(contenders, findings, runs)
        finally:
            for contender in contenders:
                contender.manager.stop()
    figures["sync_ms"] = sync_ms
    figures["parse_us"] = measure_parse(arguments.build_dir)
    print_table(figures)
    print(json.dumps(rounded(figures)))
    missed = missed_bounds(figures)
    for text in missed:
        print(f"bench: bound missed: {text}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
