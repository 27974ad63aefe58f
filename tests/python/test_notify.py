# SPDX-License-Identifier: Apache-2.0
"""`sallyport notify test` against a receiver on loopback, judged by others' rules: Slack's own SDK for its blocks,
Microsoft's published JSON schema for the Adaptive Card, Python's hmac for the signature."""
import http.server
import importlib.resources
import json
import pathlib
import re
import sqlite3
import subprocess
import threading
import time

import jsonschema
import pytest
from slack_sdk.models.blocks import Block

from program_support import FAILED, OK, ROOT, STORAGE, USAGE, binary, environment

SECRET = "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e"
TOKEN = "xoxb-SECRET-TOKEN"
DOCUMENT = (ROOT / "docs" / "notifications.md").read_text()


class Receiver:
    """Keeps what it is sent, and answers what it was told to."""

    def __init__(self):
        self.requests = []  # (path, headers, body)
        self.answer = (200, {}, b"ok")
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((self.path, self.headers, body))
                status, headers, text = receiver.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    running = Receiver()
    yield running
    running.stop()


class Notify:
    """Runs `notify test` with these channels."""

    def __init__(self, folder: pathlib.Path, receiver: Receiver):
        self.folder = folder
        self.receiver = receiver
        self.variables = {"HOOK_URL": receiver.url + "/hook/SECRET-PATH", "API_URL": receiver.url + "/api",
                          "SIGNING": SECRET, "TOKEN": TOKEN}

    def run(self, *channels: dict, arguments=(), gates=None, **notify):
        settings = self.folder / "settings.yaml"
        settings.write_text(json.dumps({"gates": gates or {}, "notify": {"channels": list(channels), **notify}}))
        done = subprocess.run([binary(), "notify", "test", "--config", str(settings), *arguments], cwd=self.folder,
                              env=environment(self.folder, **self.variables), capture_output=True, timeout=120,
                              check=False, text=True)
        for secret in ("SECRET-PATH", SECRET, TOKEN):
            assert secret not in done.stdout + done.stderr
        return done


@pytest.fixture
def notify(tmp_path, receiver):
    return Notify(tmp_path, receiver)


WEBHOOK = {"name": "siem", "type": "webhook", "url_env": "HOOK_URL", "secret_env": "SIGNING"}
SLACK = {"name": "on-call", "type": "slack-webhook", "url_env": "HOOK_URL"}
BOT = {"name": "soc", "type": "slack-bot", "channel": "C012AB3CD", "token_env": "TOKEN", "url_env": "API_URL"}
TEAMS = {"name": "owners", "type": "teams", "url_env": "HOOK_URL"}


def is_valid_slack(payload: dict) -> None:
    """The limits that docs.slack.dev gives for messages, blocks and text objects."""
    assert payload["text"]
    attachment, = payload["attachments"]
    assert re.fullmatch("#[0-9a-f]{6}", attachment["color"])
    blocks = payload["blocks"] + attachment["blocks"]
    assert 1 <= len(blocks) <= 50
    for raw in blocks:
        block = Block.parse(raw)
        assert block is not None and type(block) is not Block, raw
        block.validate_json()  # Slack's own rules: lengths, counts, required members
        assert set(raw) <= {*block.to_dict(), "type"}, "a member that Slack does not know"
        if raw["type"] == "header":
            assert raw["text"]["type"] == "plain_text" and len(raw["text"]["text"]) <= 150
        if raw["type"] == "section":
            assert len(raw.get("fields", [])) <= 10 and ("text" in raw or raw["fields"])
            assert all(len(field["text"]) <= 2000 for field in raw.get("fields", []))
            assert 1 <= len(raw.get("text", {"text": "x"})["text"]) <= 3000
        if raw["type"] == "context":
            assert len(raw["elements"]) <= 10
        if raw["type"] == "actions":
            assert len(raw["elements"]) <= 25
            for button in raw["elements"]:
                assert button["type"] == "button" and len(button["text"]["text"]) <= 75 and len(button["url"]) <= 3000
    assert {block["type"] for block in blocks} == {"header", "section", "context", "actions"}


def test_slack_webhook_gets_a_valid_message(notify, receiver):
    done = notify.run(SLACK)
    assert (done.returncode, done.stdout) == (OK, "ok      on-call (slack-webhook)\n"), done.stderr
    (path, headers, body), = receiver.requests
    assert path == "/hook/SECRET-PATH"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert len(body) < 8000
    payload = json.loads(body)
    is_valid_slack(payload)
    assert payload["text"].startswith("[SAMPLE] ")
    assert "channel" not in payload


def test_slack_bot_posts_with_its_token(notify, receiver):
    receiver.answer = (200, {}, b'{"ok":true,"channel":"C012AB3CD","ts":"1503435956.000247"}')
    assert notify.run(BOT).returncode == OK
    (path, headers, body), = receiver.requests
    assert path == "/api/chat.postMessage"
    assert headers["Authorization"] == "Bearer " + TOKEN
    payload = json.loads(body)
    is_valid_slack(payload)
    assert payload["channel"] == "C012AB3CD"


def test_a_no_of_slack_with_status_200_is_a_failure(notify, receiver):
    receiver.answer = (200, {}, b'{"ok":false,"error":"not_in_channel"}')
    done = notify.run(BOT)
    assert done.returncode == FAILED
    assert done.stdout.startswith("failed  soc (slack-bot): Slack refused the message (`not_in_channel`)")


def test_teams_gets_a_card_that_the_published_schema_accepts(notify, receiver):
    receiver.answer = (202, {}, b"")
    done = notify.run(TEAMS)
    assert (done.returncode, done.stdout) == (OK, "ok      owners (teams)\n"), done.stderr
    (_, _, body), = receiver.requests
    assert len(body) < 28 * 1024
    message = json.loads(body)
    assert message["type"] == "message"
    attachment, = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert card.pop("msteams") == {"width": "Full"}  # Teams' own addition to the schema
    schema = json.loads(importlib.resources.files("adaptive_cards").joinpath("schemas/schema-1.4.json").read_text())
    validator = jsonschema.Draft6Validator(schema)
    assert not [error.message for error in validator.iter_errors(card)]
    # The schema can say no.
    card["actions"][0].pop("url")
    assert list(validator.iter_errors(card))


def recipe():
    code, = re.findall(r"```python\n(.*?)```", DOCUMENT, re.S)
    names = {}
    exec(code, names)  # what we tell receivers to do
    return names["is_from_sallyport"]


def test_the_documented_recipe_accepts_our_signature_and_no_other(notify, receiver):
    assert notify.run(WEBHOOK).returncode == OK
    (_, headers, body), = receiver.requests
    check = recipe()
    assert check(SECRET.encode(), headers, body)
    assert not check(b"another secret", headers, body)
    assert not check(SECRET.encode(), headers, body + b" ")
    late = dict(headers.items()) | {"X-Sallyport-Timestamp": str(int(time.time()) - 301)}
    assert not check(SECRET.encode(), late, body)
    moved = dict(headers.items()) | {"X-Sallyport-Timestamp": str(int(headers["X-Sallyport-Timestamp"]) - 1)}
    assert not check(SECRET.encode(), moved, body)
    assert re.fullmatch("[0-9a-f]{64}", headers["X-Sallyport-Delivery"])
    message = json.loads(body)
    assert message["schema"] == 1 and message["sample"] is True and message["status"] == "open"
    documented = set(re.findall(r"`(\w+)`", DOCUMENT.split("### The JSON object")[1].split("##")[0]))
    assert set(message) <= documented


def test_json_lines_are_appended_and_the_console_gets_text(notify, tmp_path):
    path = tmp_path / "messages.jsonl"
    channels = ({"name": "archive", "type": "json-lines", "path": str(path)}, {"name": "terminal", "type": "console"})
    for _ in range(2):
        done = notify.run(*channels)
        assert done.returncode == OK
    assert [json.loads(line)["sample"] for line in path.read_text().splitlines()] == [True, True]
    assert path.stat().st_mode & 0o777 == 0o600
    assert "\nMessage: [SAMPLE] This is a test" in done.stdout


def test_one_dead_channel_is_told_and_does_not_keep_others_from_theirs(notify, receiver):
    notify.variables["DEAD"] = "http://127.0.0.1:1/"
    notify.variables["METADATA"] = "http://169.254.169.254/latest/meta-data"
    done = notify.run({**SLACK, "name": "dead", "url_env": "DEAD"}, {**SLACK, "name": "imds", "url_env": "METADATA"},
                      {**SLACK, "name": "unset", "url_env": "UNSET"}, SLACK, arguments=["--json"])
    assert done.returncode == FAILED
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["channel"], r["ok"]) for r in results] == [("dead", False), ("imds", False), ("unset", False),
                                                          ("on-call", True)]
    assert "metadata service" in results[1]["reason"]
    assert results[2]["reason"] == "channel `unset`: environment variable `UNSET` is not set"
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status, word", [(302, "redirects are not followed"), (429, "answered 429"),
                                          (500, "answered 500")])
def test_other_answers_are_failures(notify, receiver, status, word):
    receiver.answer = (status, {"Location": receiver.url + "/elsewhere", "Retry-After": "1"}, b"")
    done = notify.run(TEAMS)
    assert done.returncode == FAILED and word in done.stdout
    assert len(receiver.requests) == 1  # not followed, and not repeated while somebody waits


def test_one_channel_by_name(notify, receiver):
    assert notify.run(SLACK, TEAMS, arguments=["--channel", "owners"]).stdout == "ok      owners (teams)\n"
    assert len(receiver.requests) == 1
    done = notify.run(SLACK, TEAMS, arguments=["--channel", "owner"])
    assert done.returncode == USAGE
    assert done.stderr == "sallyport: there is no channel `owner` in `notify.channels` (did you mean `owners`?)\n"
    assert notify.run().returncode == USAGE


def actions_in_ledger(notify) -> list[tuple[str, str, str]]:
    """What is written down of the messages: subject, state, reason."""
    database = sqlite3.connect(f"file:{notify.folder}/.local/state/sallyport/ledger.db?mode=ro", uri=True)
    try:
        return database.execute("SELECT subject, state, reason FROM action WHERE kind = 'notify-owner' ORDER BY number").fetchall()
    finally:
        database.close()


def test_a_test_is_in_the_ledger_with_its_outcome(notify, receiver):
    assert notify.run(SLACK, WEBHOOK).returncode == OK
    receiver.answer = (404, {}, b"no_service")
    done = notify.run(SLACK, arguments=["--json"])
    assert done.returncode == FAILED
    line = json.loads(done.stdout)
    assert (line["ok"], line["state"]) == (False, "failed") and "404" in line["reason"]
    recorded = actions_in_ledger(notify)
    assert [action[:2] for action in recorded] == [
        ("channel on-call", "sent"), ("channel siem", "sent"), ("channel on-call", "failed")]
    assert "404" in recorded[2][2]


def test_a_test_that_failed_is_not_sent_hours_later(notify, receiver):
    receiver.answer = (503, {}, b"")
    assert notify.run(SLACK).returncode == FAILED
    database = sqlite3.connect(f"file:{notify.folder}/.local/state/sallyport/ledger.db?mode=ro", uri=True)
    assert database.execute("SELECT state FROM delivery").fetchall() == [("failed",)]
    database.close()


@pytest.mark.parametrize("gate, gates", [("kill-switch", {"kill_switch_file": "STOP"}),
                                         ("allow-list", {"allow": ["request-scan"]})])
def test_a_test_passes_the_gates_of_a_message(notify, receiver, gate, gates):
    (notify.folder / "STOP").write_text("")
    if "kill_switch_file" in gates:
        gates = {"kill_switch_file": str(notify.folder / "STOP")}
    done = notify.run(SLACK, WEBHOOK, gates=gates)
    assert done.returncode == FAILED and receiver.requests == []
    assert done.stdout.count("refused ") == 2 and gate + ": " in done.stdout
    assert [action[1] for action in actions_in_ledger(notify)] == ["refused", "refused"]


def test_without_a_ledger_nothing_is_sent(notify, receiver):
    (notify.folder / ".local").write_text("")
    done = notify.run(SLACK)
    assert done.returncode == STORAGE and receiver.requests == [] and "ledger" in done.stderr


def test_the_examples_of_the_document_are_in_order(notify, tmp_path):
    settings, owners = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.S)
    (tmp_path / "owners.yaml").write_text(owners)
    file = tmp_path / "example.yaml"
    file.write_text(settings + "  owners_file: owners.yaml\n")
    run = [binary(), "notify", "test", "--channel", "terminal", "--config", str(file)]
    done = subprocess.run(run, cwd=tmp_path, env=environment(tmp_path), capture_output=True, timeout=120, text=True)
    assert done.returncode == OK, done.stderr
    (tmp_path / "owners.yaml").write_text(owners.replace('"111122223333": team-db', '"111122223333": team-bd'))
    done = subprocess.run(run, cwd=tmp_path, env=environment(tmp_path), capture_output=True, timeout=120, text=True)
    assert done.returncode == USAGE
    assert "accounts: there is no owner `team-bd` (did you mean `team-db`?)" in done.stderr
