# SPDX-License-Identifier: Apache-2.0
"""Starts the simulated AWS for a test, talks to its control plane, and makes boto3 clients for it."""
import json
import os
import subprocess
import urllib.request

import boto3
from botocore.config import Config

from conftest import build_dir

KEY = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
AUDITOR = ("AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
MANAGEMENT = ("AKIAMANAGEMENTEXAMPL", "simManagementSecretAccessKeyEXAMPLEKEY00")
# One session for all, since it keeps the service models that it has read.
SESSION = boto3.Session()


def client_for(url: str, service: str, region: str = "us-east-1", keys=KEY, attempts: int = 1, **more):
    """A boto3 client that sends everything to `url`, without parameter checks of its own where the test says so."""
    config = Config(retries={"total_max_attempts": attempts, "mode": "standard"}, **more)
    access, secret, token = (*keys, None)[:3]
    client = SESSION.client(service, region_name=region, endpoint_url=url, config=config, aws_access_key_id=access,
                            aws_secret_access_key=secret, aws_session_token=token)
    if service == "s3control":
        # botocore puts the account before the host, which no name server knows for a loopback address.
        def without_account(request, **_):
            request.url = request.url.replace(f"//{request.headers['x-amz-account-id']}.", "//")

        client.meta.events.register("before-sign.s3-control", without_account)
    return client


class AwsSimulator:
    """One running aws_simulator."""

    def __init__(self, *arguments: str):
        binary = build_dir() / "sim" / "aws_simulator"
        self.process = subprocess.Popen([str(binary), *arguments], stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.process.stdout.readline())
        self.url = ready["url"]
        self.clients = {}

    def client(self, service: str, region: str = "us-east-1", **more):
        """Made once for the same arguments: making one takes longer than most tests."""
        key = (service, region, *sorted(more.items(), key=str))
        if key not in self.clients:
            self.clients[key] = client_for(self.url, service, region, **more)
        return self.clients[key]

    def control(self, method: str, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def fault(self, kind: str, **more) -> None:
        self.control("POST", "faults", {"kind": kind, **more})

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=10)


def our_environment(url: str, keys=KEY, region: str = "us-east-1") -> dict:
    """Everything that our client looks at, and nothing of the machine's own."""
    return {**os.environ, "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1],
            "AWS_REGION": region, "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}


class OurClient:
    """Our own client: `aws_call batch`, one process for all calls. What it logs goes to `log`, a file."""

    def __init__(self, url: str, *flags: str, log=None, **environment):
        command = [str(build_dir() / "aws_call"), "batch", *flags]
        self.process = subprocess.Popen(command, env=our_environment(url, **environment), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=log, text=True)

    def call(self, service: str, operation: str, members=None, **place):
        """{"ok": true, "answer"} or {"ok": false, "error"}. `place`: account, region."""
        line = {"service": service, "operation": operation, "input": members or {}, **place}
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(timeout=10) == 0
