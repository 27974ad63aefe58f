# SPDX-License-Identifier: Apache-2.0
"""Our signatures and botocore's are the same."""
import json
import random
import subprocess

from conftest import ROOT, build_dir
from sigv4_support import authorization, own_cases, random_case

RANDOM_REQUESTS = 1000


def sign_with_ours(cases: list) -> list:
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([str(build_dir() / "aws_sign")], input=lines.encode(), capture_output=True, check=True, timeout=60)
    return [json.loads(line)["authorization"] for line in done.stdout.splitlines()]


def disagreements(cases: list) -> list:
    ours = sign_with_ours(cases)
    assert len(ours) == len(cases)
    return [case for case, signature in zip(cases, ours) if signature != authorization(case)]


def test_a_thousand_random_requests_are_signed_alike():
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    wrong = disagreements([random_case(rng, number) for number in range(RANDOM_REQUESTS)])
    assert not wrong, f"seed {seed}: {len(wrong)} of {RANDOM_REQUESTS} differ, first {wrong[0]}"


def test_our_vectors_are_what_botocore_signs():
    stored = json.loads((ROOT / "tests" / "vectors" / "sigv4" / "own.json").read_text())["cases"]
    assert [{**case, "authorization": authorization(case)} for case in own_cases()] == stored


def test_a_difference_would_be_seen():
    case = random_case(random.Random(1), 1)
    assert sign_with_ours([case]) != [authorization({**case, "region": "eu-west-1"})]
