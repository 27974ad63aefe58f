# SPDX-License-Identifier: Apache-2.0
"""Runs programs as a Lambda function under build/<preset>/sim/lambda_simulator."""
import contextlib
import http.server
import json
import os
import pathlib
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
LONGEST_RUN = 180  # seconds; with sanitizers on a busy machine
REQUEST_ID = "00000000-0000-4000-8000-{:012x}"  # as the simulator counts them


def build_dir() -> pathlib.Path:
    return pathlib.Path(os.environ.get("SALLYPORT_BUILD_DIR", ROOT / "build" / "dev")).resolve()


def simulator() -> str:
    return str(build_dir() / "sim" / "lambda_simulator")


def write_events(folder: pathlib.Path, events) -> list:
    """One file for each event (an object, or bytes as they are)."""
    paths = []
    for number, event in enumerate(events):
        path = folder / f"event-{number}.json"
        path.write_bytes(event if isinstance(event, bytes) else json.dumps(event).encode())
        paths.append(str(path))
    return paths


class LambdaRun:
    """What the simulator reported, line by line."""

    def __init__(self, out: str, err: str):
        lines = [json.loads(line) for line in out.splitlines()]
        self.err = err
        self.starts = [line for line in lines if "start" in line]
        self.outcomes = [line for line in lines if "kind" in line]
        self.exits = [line["exit"] for line in lines if "exit" in line]

    @property
    def outcome(self) -> dict:
        assert len(self.outcomes) == 1, (self.outcomes, self.err)
        return self.outcomes[0]

    @property
    def body(self):
        return json.loads(self.outcome["body"])

    @property
    def kinds(self) -> list:
        return [outcome["kind"] for outcome in self.outcomes]

    @property
    def log(self) -> list:
        """The lines of standard error that are JSON."""
        return [json.loads(line) for line in self.err.splitlines() if line.startswith("{")]


def run_lambda(folder: pathlib.Path, events, command, environment, time_limit="60s", faults=()) -> LambdaRun:
    arguments = [simulator(), "--time-limit", time_limit]
    for fault in faults:
        arguments += ["--fault", fault]
    done = subprocess.run([*arguments, *write_events(folder, events), "--", *map(str, command)], cwd=folder,
                          env=environment, capture_output=True, timeout=LONGEST_RUN, check=False)
    assert done.returncode == 0, done.stderr.decode()
    # What the function prints itself stands between the simulator's lines.
    lines = [line for line in done.stdout.decode().splitlines() if line.startswith(('{"address"', '{"start"', '{"event"',
                                                                                    '{"exit"'))]
    run = LambdaRun("\n".join(lines), done.stderr.decode())
    run.printed = [line for line in done.stdout.decode().splitlines() if line not in lines]
    return run


class RuntimeApi(http.server.ThreadingHTTPServer):
    """A runtime API that answers as it is told: for what the simulator does not do by itself.

    `invocations`: {"event": ..., "id": the invocation's, "statuses": {"response": 413, "error": 403}}, ids and statuses
    where they are to be. When all were handed over the connection is closed, which ends the process."""
    daemon_threads = True

    def __init__(self, invocations):
        self.invocations, self.asked, self.posts = list(invocations), 0, []
        super().__init__(("127.0.0.1", 0), RuntimeApi.Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format, *arguments):
            pass

        def answer(self, status, body=b"{}", headers=()):
            self.send_response(status)
            for name, value in [("Content-Length", str(len(body))), *headers]:
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError):  # it reads no more of an event than it may have
                self.wfile.write(body)

        def do_GET(self):
            number = self.server.asked
            if number == len(self.server.invocations):
                self.close_connection = True
                return
            self.server.asked += 1
            invocation = self.server.invocations[number]
            headers = [("Lambda-Runtime-Aws-Request-Id", REQUEST_ID.format(number + 1)),
                       ("Lambda-Runtime-Deadline-Ms", "4102444800000")]
            if "id" in invocation:
                headers.append(("Lambda-Runtime-Invocation-Id", invocation["id"]))
            event = invocation["event"]
            self.answer(200, event if isinstance(event, bytes) else json.dumps(event).encode(), headers)

        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            self.rfile.read(length)
            _, request_id, kind = self.path.rsplit("/", 2)
            invocation = self.server.invocations[int(request_id[-12:], 16) - 1]
            status = invocation.get("statuses", {}).get(kind, 202)
            self.server.posts.append((request_id, kind, self.headers.get("Lambda-Runtime-Invocation-Id"), status, length))
            self.answer(status)

    def run(self, folder, command, environment):
        """The lines of the program's log."""
        done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, timeout=LONGEST_RUN, check=False,
                              env={**environment, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server_port}"})
        self.shutdown()
        self.server_close()
        return [json.loads(line) for line in done.stderr.decode().splitlines()]
