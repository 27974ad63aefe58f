#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A scheduled rule of AWS Config over 10,000 instances, on the simulators, beside a Python handler in the style of the
retired sample rules.

    config.py [--quick] [--build-dir build/release] [--python .venv/bin/python]

Must hold, or the program fails: SWP is asked for ceil(computers / 1024) pages and nothing else, AWS Config gets 100 calls,
EC2 is asked for its pages; memory stays below 100 MB; the wall time is at most 1.15 times what the latency of these calls
costs one after the other (docs in bench/config.md). Prints a table and one line of JSON.
"""
import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
ACCOUNT, REGION, RULE = "111122223333", "us-east-1", "bench"
PAGE, BATCH, EC2_PAGE = 1024, 100, 1000
MOST_MEMORY_MB, MOST_OVER_BOUND = 100, 1.15
AWS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
       "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true"}


class Simulator:
    def __init__(self, *command):
        self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["url"]

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url.removesuffix('/api')}/_sim/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def now() -> str:
    at = datetime.datetime.now(datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def invocation(aws) -> dict:
    token = aws.control("POST", "config", {"token": {"account": ACCOUNT, "region": REGION, "rule": RULE}})["token"]
    return {"version": "1.0", "resultToken": token, "eventLeftScope": False, "accountId": ACCOUNT, "configRuleName": RULE,
            "configRuleId": "config-rule-bench", "ruleParameters": json.dumps({"rule": "protected"}),
            "configRuleArn": f"arn:aws:config:{REGION}:{ACCOUNT}:config-rule/config-rule-bench",
            "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/config",
            "invokingEvent": json.dumps({"awsAccountId": ACCOUNT, "notificationCreationTime": now(),
                                         "messageType": "ScheduledNotification", "recordVersion": "1.0"})}


def seconds_of_pages(url, hosts) -> float:
    """What SWP's pages take by themselves: the simulator makes each of them when it is asked."""
    path = "/computers/search?" + "&".join("expand=" + name for name in (
        "computerStatus", "tasks", "allSecurityModules", "ec2VirtualMachineSummary", "noConnectorVirtualMachineSummary"))
    seconds, last = 0.0, 0
    for _ in range(math.ceil(hosts / PAGE)):
        body = {"maxItems": PAGE, "sortByObjectID": True, "searchCriteria": [{"idTest": "greater-than", "idValue": last}]}
        request = urllib.request.Request(url + path, data=json.dumps(body).encode(), method="POST", headers={
            "api-version": "v1", "api-secret-key": "SIM-KEY-FULL", "Content-Type": "application/json"})
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        seconds += time.monotonic() - began
        last = json.loads(text)["computers"][-1]["ID"]
    return seconds


def run(command, event, environment, folder) -> dict:
    """Wall time, CPU and peak memory of one process that handles the event."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
                               cwd=folder)
    process.stdin.write(json.dumps(event).encode() + b"\n")
    process.stdin.close()
    out = process.stdout.read()
    err = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command[0]} failed: {err.decode()[-2000:]} {out.decode()[-500:]}")
    return {"seconds": time.monotonic() - began, "cpu": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1024}


def measure(arguments) -> dict:
    build = pathlib.Path(arguments.build_dir).resolve()
    latency = arguments.latency_ms
    aws = Simulator(build / "sim" / "aws_simulator", "--generate", arguments.hosts, "--in-one-place", "--limits", "none")
    swp = Simulator(build / "sim" / "swp_simulator", "--generate", arguments.hosts, "--rate-limit", 0, "--tenant-rate-limit", 0)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-bench-", dir=build))
    try:
        settings = folder / "settings.yaml"
        settings.write_text(json.dumps({"swp": {"url": swp.url, "requests_per_minute": 0, "deadline": "60s"}}))
        environment = {**os.environ, **AWS, "AWS_ENDPOINT_URL": aws.url, "SALLYPORT_SWP_API_KEY": "SIM-KEY-FULL",
                       "SALLYPORT_CONFIG": str(settings), "SALLYPORT_LEDGER": str(folder / "ledger.db"),
                       "SWP_URL": swp.url, "SWP_API_KEY": "SIM-KEY-FULL"}
        ours = [str(build / "sallyport"), "handle", "--json", "-"]
        swp_seconds = min(seconds_of_pages(swp.url, arguments.hosts) for _ in range(2))
        run(ours, invocation(aws), environment, folder)  # a first run makes the ledger, and asks ECS
        aws.control("POST", "settings", {"latency_ms": latency})
        aws.control("DELETE", "requests")
        before = len(swp.control("GET", "requests")["requests"])
        result = {"swp_seconds": swp_seconds}
        result["ours"] = run(ours, invocation(aws), environment, folder)
        result["calls"] = {"swp": len(swp.control("GET", "requests")["requests"]) - before}
        for call in aws.control("GET", "requests"):
            key = f"{call['service']}:{call['action']}"
            result["calls"][key] = result["calls"].get(key, 0) + 1
        told = [e for e in aws.control("GET", "state")["evaluations"] if e["rule"] == RULE]
        result["verdicts"] = len({e["ComplianceResourceId"] for e in told})
        # The handler in the style of the sample asks SWP for all computers at each evaluation: some are enough to know.
        result["peer_evaluations"] = arguments.peer
        peer = [os.path.abspath(arguments.python), str(BENCH / "config_handler.py"), str(arguments.peer)]
        result["peer"] = run(peer, invocation(aws), environment, folder)
        return result
    finally:
        aws.stop()
        swp.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--build-dir", default=str(ROOT / "build" / "release"))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--hosts", type=int, default=10_000)
    parser.add_argument("--latency-ms", type=int, default=100)
    parser.add_argument("--peer", type=int, default=3, help="evaluations of the Python handler that are measured")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.hosts, arguments.peer = 2_000, 1
    result = measure(arguments)
    hosts, latency = arguments.hosts, arguments.latency_ms / 1000
    batches, pages, ec2 = math.ceil(hosts / BATCH), math.ceil(hosts / PAGE), math.ceil(hosts / EC2_PAGE)
    calls = result["calls"]
    # What the latency of AWS costs, and what reading the pages costs where they come from, measured beside it.
    bound = (batches + ec2 + 1) * latency + result["swp_seconds"]
    ours, peer = result["ours"], result["peer"]
    whole_peer = peer["seconds"] / result["peer_evaluations"] * hosts
    print(f"{hosts} instances, {arguments.latency_ms} ms for each call of AWS; {platform.machine()}, {os.cpu_count()} CPUs")
    print(f"ours:   {ours['seconds']:.2f} s wall (bound {bound:.2f} s), {ours['cpu']:.2f} s CPU, {ours['mb']:.0f} MB; "
          f"calls: {json.dumps(calls)}")
    print(f"python: {peer['seconds'] / result['peer_evaluations']:.2f} s for one evaluation, {peer['mb']:.0f} MB; for all "
          f"{whole_peer:.0f} s, {whole_peer / ours['seconds']:.0f} times ours")
    failures = []
    if calls["swp"] > pages:
        failures.append(f"{calls['swp']} calls of SWP, at most {pages}")
    if calls.get("config:PutEvaluations", 0) > batches or result["verdicts"] != hosts:
        failures.append(f"{calls.get('config:PutEvaluations')} calls of AWS Config about {result['verdicts']} instances")
    if calls.get("ec2:DescribeInstances", 0) > ec2:
        failures.append(f"{calls.get('ec2:DescribeInstances')} pages of EC2, at most {ec2}")
    others = set(calls) - {"swp", "config:PutEvaluations", "ec2:DescribeInstances", "sts:GetCallerIdentity"}
    if others:
        failures.append(f"other calls: {sorted(others)}")
    if ours["mb"] > MOST_MEMORY_MB:
        failures.append(f"{ours['mb']:.0f} MB")
    if ours["seconds"] > MOST_OVER_BOUND * bound and not arguments.quick:
        failures.append(f"{ours['seconds']:.2f} s, over {MOST_OVER_BOUND} times {bound:.2f} s")
    print(json.dumps({"config": {**result, "bound": bound, "ratio": whole_peer / ours["seconds"]}}))
    for failure in failures:
        print(f"MISSED: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
