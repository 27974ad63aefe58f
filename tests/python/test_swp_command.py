# SPDX-License-Identifier: Apache-2.0
"""The simulator as a command: its flags, its exit codes, TLS."""
import json
import ssl
import subprocess
import urllib.error
import urllib.request

from conftest import Simulator, build_dir


def run(*arguments):
    return subprocess.run([str(build_dir() / "sim" / "swp_simulator"), *arguments], capture_output=True, text=True, timeout=20)


def test_a_wrong_command_line_is_2_and_a_start_that_fails_is_1(tmp_path):
    assert run("--color", "red").returncode == 2
    assert run("--tls-cert", "x").returncode == 2
    assert run("--port", "70000").returncode == 2
    bad = tmp_path / "bad.yaml"
    bad.write_text("computers:\n  - { ID: 1, color: red }\n")
    refused = run("--estate", str(bad))
    assert refused.returncode == 1
    assert f"{bad} line 2: unknown key `color`" in refused.stderr
    assert "`soon` is not a duration" in run("--scan-duration", "soon").stderr
    assert run("--help").returncode == 0


def test_flags_reach_the_manager():
    running = Simulator("--generate", "30", "--seed", "3", "--rate-limit", "2", "--retry-after", "--no-auto-delete")
    try:
        assert len(running.call("GET", "/computers?expand=none")[1]["computers"]) == 30
        running.call("GET", "/computers?expand=none")
        try:
            running.call("GET", "/computers?expand=none")
            raise AssertionError("the third call was admitted")
        except urllib.error.HTTPError as refused:
            assert refused.code == 429 and int(refused.headers["Retry-After"]) > 0
    finally:
        assert running.stop() == 0


def test_it_speaks_tls(tmp_path):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
                   check=True, capture_output=True)
    running = Simulator("--tls-cert", str(cert), "--tls-key", str(key))
    try:
        assert running.url.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=str(cert))
        with urllib.request.urlopen(running.control_url + "/state", context=context, timeout=10) as answer:
            assert json.loads(answer.read())["scheduledTasks"] == 0
        fault = json.dumps({"kind": "cut-before"}).encode()
        urllib.request.urlopen(running.control_url + "/faults", data=fault, context=context, timeout=10).close()
        try:
            urllib.request.urlopen(running.url + "/computers", context=context, timeout=10)
            raise AssertionError("the connection was not cut")
        except urllib.error.HTTPError as answered:
            raise AssertionError("an answer came") from answered
        except (urllib.error.URLError, ConnectionError):
            pass
    finally:
        assert running.stop() == 0
