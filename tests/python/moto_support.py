# SPDX-License-Identifier: Apache-2.0
"""Starts moto's server for a test on a free port."""
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Moto:
    def __init__(self):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        server = Path(sys.executable).parent / "moto_server"
        self.process = subprocess.Popen([str(server), "-H", "127.0.0.1", "-p", str(port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url + "/moto-api/data.json", timeout=5).read()
                return
            except OSError:
                assert self.process.poll() is None, "moto_server ended"
                time.sleep(0.1)
        self.stop()
        raise AssertionError("moto_server does not answer")

    def stop(self):
        """It keeps nothing, so nothing is lost by ending it at once."""
        self.process.kill()
        self.process.wait(timeout=30)
