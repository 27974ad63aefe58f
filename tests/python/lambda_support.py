# SPDX-License-Identifier: Apache-2.0
"""Runs programs as a Lambda function under build/<preset>/sim/lambda_simulator."""
import json
import os
import pathlib
import subprocess

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
