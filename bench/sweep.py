#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How close a sweep over many AWS calls comes to the fastest that rate and latency allow, beside the same with boto3.

    sweep.py [--quick] [--build-dir build/release] [--python .venv/bin/python]

The simulated AWS has exact token buckets and a fixed latency, so the lower bound of N calls is known:
max((N - B) / R, ceil(N / c) * L) with burst B, rate R, c calls at a time and latency L. bench/sweep.md says more.

Prints a table and one line of JSON. Exit code: 1 when a bound is missed.
"""
import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import platform
import subprocess
import sys
import time
import urllib.request

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
MOST_OVER_BOUND = 1.10
SOAK_CALLS = 10_000
SOAK_GROWTH_KIB = 1024
KEY = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
       "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_REGION": "us-east-1",
       "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}


class Shape:
    """Calls of one operation. `pages`: chains of pages instead, each page of that many load balancers."""

    def __init__(self, name, service, action, calls, latency, rate, burst, at_once, page=0):
        self.name, self.service, self.action, self.calls = name, service, action, calls
        self.latency, self.rate, self.burst, self.at_once, self.page = latency, rate, burst, at_once, page

    def lower_bound(self) -> float:
        return max((self.calls - self.burst) / self.rate, math.ceil(self.calls / self.at_once) * self.latency)


CHAINS = 16


def shapes(quick: bool, balancers: int):
    # EC2's documented rate is 20/s after a burst of 100; ECS and ELB are not limited here.
    page = 2 if quick else 1
    pages = math.ceil(balancers / page)
    return [Shape("rate-bound", "ec2", "DescribeRegions", 220 if quick else 400, 0.02, 20, 100, 16),
            Shape("concurrency-bound", "ecs", "ListServices", 320 if quick else 640, 0.1, 5000, 5000, 16),
            Shape("paging-bound", "elbv2", "DescribeLoadBalancers", CHAINS * pages, 0.1, 5000, 5000, CHAINS, page)]


class Simulator:
    HOSTS = 2000

    def __init__(self, build: pathlib.Path):
        command = [build / "sim" / "aws_simulator", "--generate", str(self.HOSTS), "--limits", "none"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["url"]

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def prepare(self, shape: Shape):
        """Buckets full, counters at zero."""
        self.control("POST", "settings", {"latency_ms": round(shape.latency * 1000), "page_limit": shape.page})
        self.control("POST", "limits", {"limits": [
            {"service": shape.service, "action": shape.action, "perSecond": shape.rate, "burst": shape.burst}]})
        self.control("DELETE", "requests")

    def stats(self):
        return self.control("GET", "stats")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


# --- the contenders: each does the calls of a shape and says how long they took, in seconds


INPUTS = {"ec2": {"RegionName": ["us-east-1"]},
          "ecs": {"cluster": "cluster-0"}, "elbv2": {}}


def environment_for(simulator):
    return {**os.environ, "AWS_ENDPOINT_URL": simulator.url}


def sweep(build, simulator, service, action, count, at_once):
    command = [build / "aws_call", "sweep", service, action, json.dumps(INPUTS[service]), "--calls", str(count),
               "--concurrency", str(at_once)]
    done = subprocess.run(command, env=environment_for(simulator), stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(done.stdout)


def ours(build, simulator, shape: Shape):
    said = sweep(build, simulator, shape.service, shape.action, CHAINS if shape.page else shape.calls, shape.at_once)
    return said["seconds"], said["failed"] + said["missing"]


class Boto:
    """boto3 as sweeps are written with it: one client, shared by the threads, standard retries."""

    def __init__(self, url: str, at_once: int):
        import boto3
        from botocore.config import Config
        config = Config(retries={"mode": "standard", "max_attempts": 10}, max_pool_connections=at_once)
        self.ec2, self.ecs, self.elb = (boto3.client(n, endpoint_url=url, config=config) for n in ("ec2", "ecs", "elbv2"))

    def work(self, shape: Shape):
        if shape.service == "ec2":
            self.ec2.describe_regions(RegionNames=["us-east-1"])
        elif shape.service == "ecs":
            self.ecs.list_services(cluster="cluster-0")
        else:
            for _page in self.elb.get_paginator("describe_load_balancers").paginate():
                pass

    def run(self, shape: Shape, workers: int, share: float = 1.0):
        """`share` of the work, when one worker would take too long; the time is that of the whole."""
        whole = CHAINS if shape.page else shape.calls
        count = max(1, round(whole * share))
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            results = [pool.submit(self.work, shape) for _ in range(count)]
        failed = sum(result.exception() is not None for result in results)
        return (time.monotonic() - begin) * whole / count, failed


def measure(build, quick: bool):
    simulator = Simulator(build)
    rows = []
    try:
        boto = Boto(simulator.url, 16)
        pages = boto.elb.get_paginator("describe_load_balancers").paginate()
        balancers = sum(len(page["LoadBalancers"]) for page in pages)
        for shape in shapes(quick, balancers):
            row = {"shape": shape.name, "calls": shape.calls, "bound_s": round(shape.lower_bound(), 3)}
            simulator.prepare(shape)
            row["ours_s"], row["failed"] = ours(build, simulator, shape)
            stats = simulator.stats()
            row["throttled"], row["seen"] = stats["throttled"], stats["calls"]
            simulator.prepare(shape)
            row["pool_s"], row["pool_failed"] = boto.run(shape, shape.at_once)
            row["pool_throttled"] = simulator.stats()["throttled"]
            simulator.prepare(shape)
            # A part of the calls would not use the burst up; without a rate a part says what the whole takes.
            row["one_by_one_s"], _ = boto.run(shape, 1, share=1.0 if shape.calls > shape.burst else 0.125)
            rows.append(row)
        simulator.control("POST", "settings", {"latency_ms": 0, "page_limit": 0})
        simulator.control("POST", "limits", {"limits": []})
        soak = run_soak(build, simulator)
    finally:
        simulator.stop()
    return rows, soak


def look_at(process):
    """Resident memory in KiB, and open sockets."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    rss = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    links = [os.readlink(f) for f in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()]
    return rss, sum(link.startswith("socket:") for link in links)


def run_soak(build, simulator):
    """One process, so many calls one after the other, looked at from outside; then as many at 16 at a time."""
    process = subprocess.Popen([build / "aws_call", "batch"], env=environment_for(simulator), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    line = json.dumps({"service": "ecs", "operation": "ListServices", "input": INPUTS["ecs"]}) + "\n"
    samples, failed = [], 0
    begin = time.monotonic()
    for call in range(1, SOAK_CALLS + 1):
        process.stdin.write(line)
        process.stdin.flush()
        failed += not json.loads(process.stdout.readline())["ok"]
        if call % (SOAK_CALLS // 10) == 0:
            rss, sockets = look_at(process)
            samples.append({"calls": call, "rss_kib": rss, "sockets": sockets})
    seconds = time.monotonic() - begin
    process.stdin.close()
    process.wait(timeout=30)
    few, many = (sweep(build, simulator, "ecs", "ListServices", calls, 16) for calls in (SOAK_CALLS // 10, SOAK_CALLS))
    return {"samples": samples, "failed": failed + many["failed"] + many["missing"], "seconds": seconds,
            "few": few, "together": many}


def complaints(rows, soak):
    found = []
    for row in rows:
        if row["seen"] != row["calls"] or row["failed"]:
            found.append(f"{row['shape']}: {row['seen']} calls arrived and {row['failed']} failed, of {row['calls']}")
        if row["throttled"]:
            found.append(f"{row['shape']}: {row['throttled']} calls were throttled")
        if row["ours_s"] > MOST_OVER_BOUND * row["bound_s"]:
            found.append(f"{row['shape']}: {row['ours_s']:.3f} s is over {MOST_OVER_BOUND} x {row['bound_s']:.3f} s")
    early, late = soak["samples"][0], soak["samples"][-1]
    if late["calls"] != SOAK_CALLS or soak["failed"]:
        found.append(f"soak: {late['calls']} calls, {soak['failed']} failed")
    if late["rss_kib"] > early["rss_kib"] + SOAK_GROWTH_KIB:
        found.append(f"soak: memory grew from {early['rss_kib']} to {late['rss_kib']} KiB")
    if late["sockets"] > early["sockets"]:
        found.append(f"soak: sockets grew from {early['sockets']} to {late['sockets']}")
    few, many = soak["few"]["open_files"], soak["together"]["open_files"]
    if many > few:
        found.append(f"soak, 16 at a time: open files grew from {few} to {many}")
    return found


def print_table(rows, soak):
    print(f"{'shape':<20}{'calls':>7}{'bound s':>9}{'ours s':>9}{'/bound':>8}{'throttled':>10}"
          f"{'boto3 pool s':>14}{'ratio':>7}{'throttled':>10}{'boto3 1x1 s':>13}{'ratio':>7}")
    for r in rows:
        print(f"{r['shape']:<20}{r['calls']:>7}{r['bound_s']:>9.2f}{r['ours_s']:>9.2f}{r['ours_s'] / r['bound_s']:>8.3f}"
              f"{r['throttled']:>10}{r['pool_s']:>14.2f}{r['pool_s'] / r['ours_s']:>7.2f}{r['pool_throttled']:>10}"
              f"{r['one_by_one_s']:>13.2f}{r['one_by_one_s'] / r['ours_s']:>7.2f}")
    early, late = soak["samples"][0], soak["samples"][-1]
    print(f"{late['calls']} calls: memory {early['rss_kib']} KiB after {early['calls']}, {late['rss_kib']} KiB at the end; "
          f"sockets {early['sockets']}, {late['sockets']}; {late['calls'] / soak['seconds']:.0f} calls/s one by one, "
          f"{soak['together']['calls'] / soak['together']['seconds']:.0f}/s at 16 at a time "
          f"({soak['together']['open_files']} files open)")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build" / "release")
    options.add_argument("--python", default=str(ROOT / ".venv" / "bin" / "python"))
    chosen = options.parse_args()
    if not os.environ.get("SALLYPORT_SWEEP_CHILD"):  # boto3 is in the virtual environment only
        environment = {**os.environ, **KEY, "SALLYPORT_SWEEP_CHILD": "1"}
        return subprocess.run([chosen.python, __file__, *sys.argv[1:]], env=environment, check=False).returncode
    rows, soak = measure(chosen.build_dir, chosen.quick)
    print_table(rows, soak)
    found = complaints(rows, soak)
    print(json.dumps({"sweep": rows, "soak": soak, "machine": platform.processor() or platform.machine(),
                      "cpus": os.cpu_count(), "complaints": found}))
    for complaint in found:
        print(f"sweep: {complaint}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
