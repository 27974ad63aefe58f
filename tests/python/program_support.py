# SPDX-License-Identifier: Apache-2.0
"""Runs the real program against a real simulator, both as processes, for test_program.py.

Whatever a test is about, Program.run also holds every run to two promises: the program never ends in another way than
with a code of docs/exit-codes.md, and the API key is in nothing that it writes.
"""
import copy
import datetime
import http.server
import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
EVENTS = ROOT / "tests" / "events" / "guardduty"
KEY = "SIM-KEY-FULL"
OK, INTERNAL, USAGE, UNREADABLE, UNDETERMINED, FAILED, STORAGE = range(7)
LONGEST_RUN = 180  # seconds; with sanitizers on a busy machine

# The hosts of the demonstration estate (sim/estates/demo.yaml), and accounts where they differ.
WEB, BATCH, NO_AGENT, OFFLINE = "i-0123456789abcdef0", "i-0a1b2c3d4e5f60718", "i-0fedcba9876543210", "i-00aa11bb22cc33dd4"
NO_CONNECTOR, IPS_DETECTS, TWICE = "i-0c0ffee0c0ffee0a1", "i-0dddd1111eeee2222", "i-0eeee3333ffff4444"
LEGACY, EXCLUDED, STAGE, AUTO = "i-0bbbb5555cccc6666", "i-0123123123123abcd", "i-0444455556666aaaa", "i-0aaaa7777bbbb8888"
HOSTS = [WEB, BATCH, NO_AGENT, OFFLINE, NO_CONNECTOR, IPS_DETECTS, TWICE, LEGACY, EXCLUDED, STAGE, AUTO]
UNKNOWN = "i-0999999999999999f"


def binary() -> str:
    return str(pathlib.Path(os.environ.get("SALLYPORT_BUILD_DIR", ROOT / "build" / "dev")).resolve() / "sallyport")


def environment(home, **variables) -> dict:
    """Made from nothing: the tester's own SALLYPORT_*, proxies and NO_COLOR would change what is tested."""
    made = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LLVM_PROFILE_FILE", "GCOV_PREFIX", "GCOV_PREFIX_STRIP"):
        if name in os.environ:
            made[name] = os.environ[name]
    return {**made, **variables}


class Manager:
    """A running `sallyport sim`."""

    def __init__(self, *arguments: str):
        self.home = tempfile.mkdtemp(prefix="sallyport-sim-")
        self.process = subprocess.Popen([binary(), "sim", "--port", "0", *arguments], stdout=subprocess.PIPE,
                                        env=environment(self.home), text=True)
        ready = self.process.stdout.readline()
        if not ready:
            self.stop()
            raise AssertionError(f"the simulator did not start with {arguments}")
        self.url = json.loads(ready)["url"]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=10)
        self.process.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def control(self, method: str, path: str, body=None):
        return call(method, self.url.removesuffix("/api") + "/_sim/" + path, body)[1]

    def fault(self, kind: str, method="", path="", **more) -> None:
        self.control("POST", "faults", {"kind": kind, "method": method, "path": path, **more})

    def requests(self) -> list:
        """(method, path without query, status) of every call so far."""
        return [(r["method"], r["target"].split("?")[0].removeprefix("/api"), r["status"])
                for r in self.control("GET", "requests")["requests"]]

    def writes(self) -> list:
        return [r for r in self.requests() if r[0] != "GET" and not r[1].endswith("/search")]

    def tasks(self) -> list:
        return call("GET", self.url + "/scheduledtasks", None, {"api-secret-key": KEY})[1]["scheduledTasks"]

    def scans(self) -> int:
        """How many scans were really begun, whatever was answered."""
        computers = self.control("GET", "state")["computers"]
        return sum(scan["requested"] for scans in computers.values() for scan in scans.values())


def call(method: str, url: str, body=None, headers=None):
    """Status and decoded body of one HTTP call, errors included."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={
        "api-version": "v1", "Content-Type": "application/json", **(headers or {})})
    context = ssl._create_unverified_context() if url.startswith("https") else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=10) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


class Between:
    """A server that stands between program and manager: keeps what is asked, and may spoil what is answered.

    `spoil(method, path, status, body)` gives the status, content type and body to answer with, or None.
    """

    def __init__(self, url: str, spoil=None):
        self.seen = []  # (method, path, decoded body)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536  # an answer in one piece, without the wait that two would have

            def log_message(self, *_):
                pass

            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.seen.append((self.command, self.path, json.loads(body) if body else None))
                headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "content-length")}
                request = urllib.request.Request(url.removesuffix("/api") + self.path, data=body or None,
                                                 method=self.command, headers=headers)
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                try:
                    with opener.open(request, timeout=10) as answer:
                        status, date, text = answer.status, answer.headers["Date"], answer.read()
                except urllib.error.HTTPError as refused:
                    with refused:
                        status, date, text = refused.code, refused.headers["Date"], refused.read()
                kind = "application/json"
                spoilt = spoil(self.command, self.path, status, text) if spoil else None
                if spoilt:
                    status, kind, text = spoilt
                self.send_response_only(status)
                for name, value in (("Date", date), ("Content-Type", kind), ("Content-Length", str(len(text)))):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_DELETE = pass_on

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/api"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Run:
    """What one run of the program gave."""

    def __init__(self, code: int, out: bytes, err: bytes):
        self.code = code
        self.out = out.decode()  # the program writes UTF-8, whatever it was given
        self.err = err.decode()

    @property
    def reports(self) -> list:
        return [json.loads(line) for line in self.out.splitlines() if line]

    @property
    def report(self) -> dict:
        assert len(self.reports) == 1, self.out + self.err
        return self.reports[0]


class Program:
    """The program with settings, a ledger and a home of its own in `folder`."""

    def __init__(self, folder: pathlib.Path, url: str = "", key: str = KEY, **sections):
        self.folder = folder
        self.key = key
        self.ledger = folder / "ledger.db"
        self.settings = folder / "settings.yaml"
        self.sections = {"swp": {"url": url, "deadline": "2s", "requests_per_minute": 0}}
        self.variables = {}
        self.set(**sections)

    def set(self, **sections) -> None:
        for name, value in sections.items():
            if isinstance(value, dict):
                self.sections.setdefault(name, {}).update(value)
            else:
                self.sections[name] = value
        self.settings.write_text(json.dumps(self.sections, indent=1))  # YAML enough

    def environment(self) -> dict:
        return environment(self.folder, SALLYPORT_SWP_API_KEY=self.key, SALLYPORT_CONFIG=str(self.settings),
                           SALLYPORT_LEDGER=str(self.ledger), **self.variables)

    def start(self, *arguments: str, **options) -> subprocess.Popen:
        return subprocess.Popen([binary(), *arguments], cwd=self.folder, env=self.environment(), **options)

    def run(self, *arguments: str, stdin=b"") -> Run:
        done = subprocess.run([binary(), *arguments], input=stdin, cwd=self.folder, env=self.environment(),
                              capture_output=True, timeout=LONGEST_RUN, check=False)
        return self.hold_promises(Run(done.returncode, done.stdout, done.stderr))

    def hold_promises(self, run: Run) -> Run:
        assert run.code in range(7) and run.code != INTERNAL, f"ended with {run.code}: {run.err}"
        assert self.key not in run.out and self.key not in run.err
        return run

    def handle(self, *events, arguments=("--json",)) -> Run:
        """Events (objects, or text as it is) one a line into `handle -`."""
        lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
        return self.run("handle", *arguments, "-", stdin="\n".join(lines).encode())

    def show(self, number=1) -> dict:
        shown = self.run("cases", "show", str(number), "--json")
        assert shown.code == OK, shown.err
        return shown.report

    def cases(self) -> list:
        listed = self.run("cases", "list", "--json")
        assert listed.code == OK, listed.err
        return listed.reports

    def ledger_bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.folder.glob("ledger.db*")))


def now(**ago) -> str:
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


_BASE = json.loads((EVENTS / "ec2-ssh-brute-force.json").read_text())


def finding(instance=WEB, kind="UnauthorizedAccess:EC2/SSHBruteForce", severity=8, when=None, tags=(), account=None,
            role="TARGET") -> dict:
    """A new EventBridge event, of now unless `when` says otherwise. `tags=None`: the finding does not know them."""
    event = copy.deepcopy(_BASE)
    account = account or ("444455556666" if instance == STAGE else "111122223333")
    when = when or now()
    event.update(id=str(uuid.uuid4()), time=when, account=account)
    detail = event["detail"]
    detail.update(id=uuid.uuid4().hex, type=kind, severity=severity, createdAt=when, updatedAt=when, accountId=account)
    detail["arn"] = detail["arn"].replace("111122223333", account)
    detail["service"].update(eventFirstSeen=when, eventLastSeen=when, resourceRole=role)
    host = detail["resource"]["instanceDetails"]
    host["instanceId"] = instance
    host["tags"] = [{"key": key, "value": value} for key, value in tags or ()]
    if tags is None:
        del host["tags"]
    return event


PROBE = "Recon:EC2/PortProbeUnprotectedPort"  # leads to one recommendation scan


def places(node, path=()):
    """Every place in a document below the root."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, inner in items:
        yield path + (step,), inner
        yield from places(inner, path + (step,))


def replaced(document, path, value):
    """A copy of the document with another value at one place."""
    changed = copy.deepcopy(document)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return changed


def interrupt(process: subprocess.Popen) -> None:
    """Ends a process that a test left behind."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
