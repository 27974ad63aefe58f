# SPDX-License-Identifier: Apache-2.0
"""Starts the simulator for a test and talks to its control plane."""
import json
import os
import pathlib
import subprocess
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def build_dir() -> pathlib.Path:
    return pathlib.Path(os.environ.get("SALLYPORT_BUILD_DIR", ROOT / "build" / "dev"))


class Simulator:
    """One running swp_simulator whose time only `advance` moves."""

    def __init__(self, *arguments: str):
        binary = build_dir() / "sim" / "swp_simulator"
        self.process = subprocess.Popen([str(binary), "--speed", "0", *arguments], stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.process.stdout.readline())
        self.url = ready["url"]
        self.control_url = self.url.removesuffix("/api") + "/_sim"

    def control(self, method: str, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.control_url}/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def advance(self, seconds: int) -> None:
        self.control("POST", "advance", {"seconds": seconds})

    def call(self, method: str, path: str, body=None):
        """A plain call: status and decoded body (None when there is none)."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"api-version": "v1", "api-secret-key": "SIM-KEY-FULL", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=10)


@pytest.fixture
def simulator():
    running = Simulator()
    yield running
    assert running.stop() == 0
