#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The sweep of `sallyport waf --now` on a made-up estate, on the simulators with AWS's documented rates.

usage: bench/waf.py BUILD_DIR [--accounts 3] [--regions 4] [--distributions 200] [--balancers 1000] [--hosts 5000]
                    [--acls 8] [--types 6] [--python] [--quick]

The lower bound is computed from the estate's counts and the documented buckets alone: whatever the sweep does, each web ACL has to
be asked for its resources once for each type, at one a second in each account and region. `--python` also does it in the way that
asks each resource, with boto3: what can be measured is, GetWebACLForResource (1/s) is added by its rate.

It fails when the sweep takes more than 1.15 x the lower bound (1.4 x with --quick, where the bound is 15 s and start and end weigh more), when
anything was not read, or above 200 MB. Graph and candidates alone: waf_bench.
"""
import argparse
import collections
import json
import math
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import threading
import time

KEY = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
ACCOUNTS = ["111122223333", "444455556666", "123456789012"]
REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"]
GROUPS = ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesSQLiRuleSet",
          "AWSManagedRulesPHPRuleSet", "AWSManagedRulesLinuxRuleSet"]


MOST_RATIO = 1.15
MOST_RATIO_QUICK = 1.4
MOST_MEGABYTES = 200


def address(number: int) -> str:
    return f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"


def estate_of(wanted) -> dict:
    places = [(a, r) for a in ACCOUNTS[:wanted.accounts] for r in REGIONS[:wanted.regions]]
    regional = {place: collections.defaultdict(list) for place in places}
    for i in range(wanted.balancers):
        here = regional[places[i % len(places)]]
        name = f"lb-{i}"
        here["securityGroups"].append({"GroupId": f"sg-{i:017x}", "ingress": [{"from": 443, "to": 443, "cidrs": ["0.0.0.0/0"]}]})
        here["loadBalancers"].append({"LoadBalancerName": name, "DNSName": f"{name}.elb.amazonaws.com",
                                      "SecurityGroups": [f"sg-{i:017x}"], "Type": "network" if i % 10 == 9 else "application"})
        targets = [{"Id": f"i-{host:017x}", "Port": 8080} for host in range(i, wanted.hosts, wanted.balancers)]
        here["targetGroups"].append({"TargetGroupName": f"tg-{i}", "loadBalancers": [name], "targets": targets})
        here["listeners"].append({"loadBalancer": name, "Port": 443,
                                  "DefaultActions": [{"Type": "forward", "targetGroup": f"tg-{i}"}]})
    for i in range(wanted.hosts):
        regional[places[i % wanted.balancers % len(places)]]["instances"].append(
            {"id": f"i-{i:017x}", "privateIp": address(i), "tags": {"Name": f"web-{i}", "Owner": f"team-{i % 40}@example.com"}})
    for place, here in regional.items():
        here["managedRuleGroups"] = [{"VendorName": "AWS", "Name": name, "scope": "BOTH", "Capacity": 200} for name in GROUPS]
        albs = [one["LoadBalancerName"] for one in here["loadBalancers"] if one["Type"] == "application"]
        for i in range(wanted.acls):
            here["webAcls"].append({"Name": f"acl-{i}", "DefaultAction": {"Block": {}}, "resources": albs[i::2 * wanted.acls]})
    accounts = []
    for account in ACCOUNTS[:wanted.accounts]:
        made = {"id": account, "regions": {r: dict(regional[(account, r)]) for r in REGIONS[:wanted.regions]}}
        made["distributions"] = [distribution(i, wanted) for i in range(wanted.distributions) if ACCOUNTS[i % wanted.accounts] == account]
        if account == ACCOUNTS[0]:
            made["users"] = [{"UserName": "sallyport", "accessKeys": [{"id": KEY[0], "secret": KEY[1]}], "allow": ["*"]}]
        else:
            trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                                            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNTS[0]}:root"}}]}
            made["roles"] = [{"RoleName": "sallyport-reader", "trust": trust, "allow": ["*"]}]
        accounts.append(made)
    return {"partition": "aws", "regions": REGIONS[:wanted.regions], "accounts": accounts}


def distribution(i: int, wanted) -> dict:
    origins = [{"Id": f"o{n}", "DomainName": f"lb-{(5 * i + n) % wanted.balancers}.elb.amazonaws.com"} for n in range(2)]
    config = {"CallerReference": str(i), "Aliases": {"Quantity": 0}, "Origins": {"Quantity": 2, "Items": {"Origin": origins}},
              "DefaultCacheBehavior": {"TargetOriginId": "o0", "ViewerProtocolPolicy": "allow-all"}, "Comment": "", "Enabled": True,
              "WebACLId": ""}
    return {"Id": f"E{i:013d}", "config": config}


def lower_bound(wanted) -> dict:
    """Seconds of each bucket, in an account and region: (calls - burst) / rate."""
    listed = wanted.acls * (1 + wanted.types)
    return {"wafv2 ListResourcesForWebACL": max(0, listed - 1) / 1.0,
            "wafv2 GetWebACL": max(0, wanted.acls - 5) / 5.0,
            "wafv2 ListTagsForResource": max(0, wanted.acls - 5) / 5.0,
            "wafv2 DescribeManagedRuleGroup": max(0, len(GROUPS) - 5) / 5.0,
            "cloudfront ListDistributions": max(0, math.ceil(wanted.distributions / wanted.accounts / 100) - 5) / 2.0,
            "ec2 DescribeInstances": max(0, math.ceil(wanted.hosts / wanted.accounts / wanted.regions / 1000) - 100) / 20.0}


def start(command: list) -> tuple:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return process, json.loads(process.stdout.readline())["url"]


def sweep(build: pathlib.Path, folder: pathlib.Path, aws: str, swp: str, wanted) -> tuple:
    types = ["API_GATEWAY", "APPSYNC", "COGNITO_USER_POOL", "APP_RUNNER_SERVICE", "VERIFIED_ACCESS_INSTANCE", "AMPLIFY"][:wanted.types]
    roles = {account: f"arn:aws:iam::{account}:role/sallyport-reader" for account in ACCOUNTS[1:wanted.accounts]}
    settings = {"swp": {"url": swp, "requests_per_minute": 0}, "aws": {"accounts": roles}, "waf": {"resource_types": types, "tell_owners": False},
                "ledger": {"path": str(folder / "ledger.db")}}
    (folder / "sallyport.yaml").write_text(json.dumps(settings))
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "SALLYPORT_SWP_API_KEY": "SIM-KEY-FULL",
                   "AWS_ENDPOINT_URL": aws, "AWS_REGION": REGIONS[0], "AWS_ACCESS_KEY_ID": KEY[0], "AWS_SECRET_ACCESS_KEY": KEY[1],
                   "AWS_EC2_METADATA_DISABLED": "true"}
    begin = time.monotonic()
    process = subprocess.Popen([build / "sallyport", "waf", "--now", "--json"], cwd=folder, env=environment, stdout=subprocess.PIPE)
    text = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    took = time.monotonic() - begin
    if os.waitstatus_to_exitcode(status) not in (0, 4):
        sys.exit(f"sallyport ended with {status}")
    return took, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime, json.loads(text)


def python_way(aws: str, wanted) -> float:
    """Each load balancer, target group, listener and target asked for by itself; one thread for each account and region."""
    import boto3
    from botocore.config import Config
    config = Config(retries={"total_max_attempts": 20, "mode": "standard"})
    home = boto3.Session(KEY[0], KEY[1], region_name=REGIONS[0])
    slowest = []

    def session_of(account):
        if account == ACCOUNTS[0]:
            return home
        given = home.client("sts", endpoint_url=aws).assume_role(RoleArn=f"arn:aws:iam::{account}:role/sallyport-reader",
                                                                 RoleSessionName="bench")["Credentials"]
        return boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def one_place(session, region):
        begin = time.monotonic()
        client = {name: session.client(name, region, endpoint_url=aws, config=config) for name in ("elbv2", "ec2", "wafv2")}
        albs = 0
        for page in client["elbv2"].get_paginator("describe_load_balancers").paginate():
            for balancer in page["LoadBalancers"]:
                albs += balancer["Type"] == "application"
                for group in client["elbv2"].describe_target_groups(LoadBalancerArn=balancer["LoadBalancerArn"])["TargetGroups"]:
                    health = client["elbv2"].describe_target_health(TargetGroupArn=group["TargetGroupArn"])
                    for target in health["TargetHealthDescriptions"]:
                        client["ec2"].describe_instances(InstanceIds=[target["Target"]["Id"]])
                for listener in client["elbv2"].describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
                    client["elbv2"].describe_rules(ListenerArn=listener["ListenerArn"])
        slowest.append(time.monotonic() - begin + albs / 1.0)

    threads = [threading.Thread(target=one_place, args=(session_of(a), r)) for a in ACCOUNTS[:wanted.accounts] for r in REGIONS[:wanted.regions]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(slowest)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    for name, value in (("accounts", 3), ("regions", 4), ("distributions", 200), ("balancers", 1000), ("hosts", 5000), ("acls", 8), ("types", 6)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--python", action="store_true")
    parser.add_argument("--quick", action="store_true", help="one further type of resources, and no boto3")
    wanted = parser.parse_args()
    if wanted.quick:
        wanted.types, wanted.python = 1, False
    most = MOST_RATIO_QUICK if wanted.quick else MOST_RATIO
    missed = []
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-waf-"))
    estate = folder / "estate.json"
    estate.write_text(json.dumps(estate_of(wanted)))
    aws_process, aws = start([wanted.build.resolve() / "sim" / "aws_simulator", "--estate", str(estate), "--limits", "documented"])
    swp_process, swp = start([wanted.build.resolve() / "sallyport", "sim", "--port", "0"])
    try:
        took, megabytes, cpu, answer = sweep(wanted.build.resolve(), folder, aws, swp, wanted)
        bounds = lower_bound(wanted)
        bound = max(bounds.values())
        hosts = len(answer["hosts"])
        print(f"hosts {hosts}, load balancers {sum(1 for one in answer['things'] if one['kind'] != 'distribution')}, "
              f"distributions {sum(1 for one in answer['things'] if one['kind'] == 'distribution')}, web ACLs {len(answer['acls'])}, "
              f"not read {len(answer['header']['gaps'])}")
        calls = answer["header"]["calls"]
        resources = hosts + len(answer["things"]) + len(answer["acls"])
        for operation, count in sorted(calls.items(), key=lambda one: -one[1]):
            print(f"  {count:6} {operation}")
        print(f"calls {sum(calls.values())}, {sum(calls.values()) / resources:.2f} for each resource")
        print(f"lower bound {bound:.1f} s ({max(bounds, key=bounds.get)})")
        print(f"took {took:.1f} s: {took / bound:.3f} x (at most {most}); CPU {cpu:.2f} s; memory {megabytes:.0f} MB (at most {MOST_MEGABYTES})")
        if took > most * bound:
            missed.append("time")
        if megabytes > MOST_MEGABYTES:
            missed.append("memory")
        if answer["header"]["gaps"] or hosts != wanted.hosts:
            missed.append("something was not read")
        if wanted.python:
            slow = python_way(aws, wanted)
            print(f"each resource by itself, boto3: {slow:.1f} s, {slow / took:.1f} x as long")
    finally:
        aws_process.terminate()
        swp_process.terminate()
    if missed:
        sys.exit("bounds missed: " + ", ".join(missed))


if __name__ == "__main__":
    main()
