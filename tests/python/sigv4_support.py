# SPDX-License-Identifier: Apache-2.0
"""What botocore signs for a request, and requests of every kind to sign.

A case is a dict: name, method, path and query (as on the wire), headers, body, keys, time, region, service.
Run as a program it prints tests/vectors/sigv4/own.json.
"""
import datetime
import json
import random
import unittest.mock
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEYS = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session_token": ""}
ALL_ASCII = "".join(chr(code) for code in range(0x20, 0x7F))


def authorization(case: dict) -> str:
    """The Authorization header that botocore gives the case."""
    moment = datetime.datetime.strptime(case["time"], "%Y-%m-%dT%H:%M:%SZ")
    query = f"?{case['query']}" if case["query"] else ""
    # Without TLS botocore hashes the body under all circumstances, which is what we always do.
    url = f"http://{case['headers']['Host']}{case['path']}{query}"
    request = AWSRequest(method=case["method"], url=url, headers=case["headers"], data=case["body"].encode())
    kind = botocore.auth.S3SigV4Auth if case["service"] == "s3" else botocore.auth.SigV4Auth
    credentials = Credentials(case["access_key_id"], case["secret_access_key"], case["session_token"] or None)
    with unittest.mock.patch.object(botocore.auth, "get_current_datetime", return_value=moment):
        kind(credentials, case["service"], case["region"]).add_auth(request)
    return request.headers["Authorization"]


def case_of(name, service="service", method="GET", path="/", query="", headers=None, body="", **more) -> dict:
    case = {"name": name, "method": method, "path": path, "query": query,
            "headers": {"Host": "example.amazonaws.com", **(headers or {})}, "body": body,
            **KEYS, "time": "2015-08-30T12:36:00Z", "region": "us-east-1", "service": service}
    return {**case, **more}


def own_cases() -> list:
    """What the published suites lack: paths that are encoded on the wire, and S3 keys."""
    key = quote(ALL_ASCII + "ሴ", safe="/~")
    arn = quote("arn:aws:inspector:us-west-2:123456789012:target/0-0kFIPusq", safe="~")
    web_acl = quote("arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/a1b2c3d4", safe="~")
    return [
        case_of("an ARN in a path is encoded twice", "inspector", path=f"/x/{arn}"),
        case_of("an ARN with slashes in a path", "cloudfront", path=f"/2020-05-31/distributionsByWebACLId/{web_acl}"),
        case_of("every printable character in a path of a service", path=f"/x/{key}"),
        case_of("an S3 key with every printable character", "s3", path=f"/{key}"),
        case_of("an S3 key with dot segments and empty ones", "s3", path="/a/../b//./c/.."),
        case_of("an S3 key with an encoded percent sign and plus", "s3", path="/100%25%2B%20"),
        case_of("an S3 sub-resource has no value", "s3", query="policy",
                headers={"x-amz-expected-bucket-owner": "123456789012"}),
        case_of("an S3 body is hashed", "s3", method="PUT", path="/k", body="ሴ"),
        case_of("every printable character in a query", query=f"{quote(ALL_ASCII, safe='~')}={quote(ALL_ASCII, safe='~')}"),
        case_of("a session token is signed", method="POST", body="{}", session_token="AQoDYXdzEPT//////////wEXAMPLE=",
                headers={"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.DescribeKey"}),
        case_of("a port in the host is signed", headers={"Host": "127.0.0.1:4566"}),
    ]


def random_text(rng: random.Random, alphabet: str, most: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, most)))


def random_case(rng: random.Random, number: int) -> dict:
    service = rng.choice(["s3", "ec2", "iam", "inspector2", "wafv2"])
    alphabet = ALL_ASCII + "äሴ\U0001f600"
    path = "/" + "/".join(quote(rng.choice(["", ".", "..", random_text(rng, alphabet, 12)]), safe="~")
                          for _ in range(rng.randint(0, 5)))
    query = "&".join(f"{quote(random_text(rng, alphabet, 6) + 'k', safe='~')}={quote(random_text(rng, alphabet, 8), safe='~')}"
                     for _ in range(rng.randint(0, 5)))
    headers = {"Host": rng.choice(["example.amazonaws.com", "127.0.0.1:8080"])}
    for index in range(rng.randint(0, 4)):
        headers[f"{rng.choice(['X-Amz-', 'My-', 'x-AMZ-meta-'])}{index}"] = random_text(rng, ALL_ASCII + "   ", 20)
    return case_of(str(number), service, method=rng.choice(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]), path=path,
                   query=query, headers=headers, body=random_text(rng, alphabet + "\n", 40),
                   session_token=rng.choice(["", random_text(rng, ALL_ASCII.strip(), 30) + "x"]),
                   secret_access_key=random_text(rng, ALL_ASCII, 40) + "k",
                   time=f"20{rng.randint(10, 39)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(0, 23):02}:00:59Z",
                   region=rng.choice(["us-east-1", "cn-north-1", "us-gov-west-1"]))


if __name__ == "__main__":
    print(json.dumps({"source": "computed with botocore by tests/python/sigv4_support.py",
                      "cases": [{**case, "authorization": authorization(case)} for case in own_cases()]}, indent=1))
