#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""CPU time of `sallyport who-can` where policies part a bucket into very many sets of objects, as a whole process against
the simulated AWS; with --beside PROGRAM another build in the same run.

    python3 bench/who_can.py [--build build/release] [--beside other/sallyport]

What a program has not answered after --limit seconds (60) is given up."""
import argparse
import json
import os
import resource
import subprocess
import tempfile

ACCOUNT = "111122223333"
KEY = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
                                                 "Action": "sts:AssumeRole"}]}


def objects(patterns):
    return [f"arn:aws:s3:::example-customers/{pattern}" for pattern in patterns]


def role(name, *statements):
    policy = {"Version": "2012-10-17",
              "Statement": [{"Effect": effect, "Action": "s3:GetObject", "Resource": objects(patterns)}
                            for effect, patterns in statements]}
    return {"RoleName": name, "trust": TRUST, "inline": {"own": policy}}


def bulk(number):
    return role(f"bulk-{number}", ("Allow", [f"bulk/{number}/*/{i}/*" for i in range(20)]),
                ("Deny", [f"*/x{number}/*"]))


def stars(count):
    letters = "abcdef"
    pick = lambda i, k: letters[(i * (k + 3) + i // 6 * k) % 6]
    return role("stars", ("Allow", ["*" + "".join(f"{pick(i, k)}{k}*" for k in range(5)) for i in range(count)]))


def marks():
    return role("marks", ("Allow", ["a?" * 400 + f"{i}*" for i in range(5)]), ("Deny", ["?a" * 400 + "*"]))


SHAPES = {
    "1 role, 20 patterns bulk/N/*/M/*": [bulk(0)],
    "100 roles, 20 patterns each": [bulk(i) for i in range(100)],
    "1,000 roles, 20 patterns each": [bulk(i) for i in range(1000)],
    "1 role, 40 patterns of six stars": [stars(40)],
    "1 role, 4 kB of a? and ?a": [marks()],
}


def estate(roles):
    return {"partition": "aws", "regions": ["us-east-1"],
            "accounts": [{"id": ACCOUNT, "canonicalId": "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a",
                          "users": [{"UserName": "sallyport", "accessKeys": [{"id": KEY[0], "secret": KEY[1]}]}],
                          "roles": roles,
                          "buckets": [{"Name": "example-customers", "Region": "us-east-1",
                                       "ObjectOwnership": "BucketOwnerEnforced"}]}]}


def seconds(program, url, limit):
    """CPU time of one question; nothing when it was given up."""
    environment = dict(os.environ, AWS_ENDPOINT_URL=url, AWS_REGION="us-east-1", AWS_ACCESS_KEY_ID=KEY[0],
                       AWS_SECRET_ACCESS_KEY=KEY[1], AWS_EC2_METADATA_DISABLED="true")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run([program, "who-can", "example-customers", "--action", "s3:GetObject"], env=environment,
                              cwd="/", capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode not in (0, 4):
        raise SystemExit(f"{program}: exit code {done.returncode}: {done.stderr.decode()[:500]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--build", default="build/release")
    arguments.add_argument("--beside", help="another sallyport")
    arguments.add_argument("--limit", type=float, default=60)
    given = arguments.parse_args()
    programs = {"this build": os.path.abspath(f"{given.build}/sallyport")}
    if given.beside:
        programs["beside"] = os.path.abspath(given.beside)
    print(f"{'':40}" + "".join(f"{name:>14}" for name in programs))
    for shape, roles in SHAPES.items():
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(estate(roles), file)
            file.flush()
            simulator = subprocess.Popen([f"{given.build}/sim/aws_simulator", "--estate", file.name, "--port", "0"],
                                         stdout=subprocess.PIPE, text=True)
            try:
                url = json.loads(simulator.stdout.readline())["url"]
                taken = [seconds(program, url, given.limit) for program in programs.values()]
            finally:
                simulator.terminate()
                simulator.wait()
        print(f"{shape:40}" + "".join(f"{'given up' if one is None else f'{one:.2f} s':>14}" for one in taken), flush=True)


if __name__ == "__main__":
    main()
