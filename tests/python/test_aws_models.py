# SPDX-License-Identifier: Apache-2.0
"""Every request that our client can send agrees with botocore's service models."""
import http.server
import json
import os
import subprocess
import threading

import pytest

from aws_models import problems_of
from aws_requests import Wrong, check_signed, model_of, operation_and_params, read_captured, wire_name
from conftest import build_dir

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
# Members that must have a certain form for us to send them.
TEXTS = {"Bucket": "logs", "AccountId": "111122223333", "MaxItems": "100"}


class Refusing(http.server.BaseHTTPRequestHandler):
    """Answers everything with a 400 that no client repeats."""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = do_PATCH = do_HEAD = answer

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def endpoint():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def example(shape, name, model, path=()):
    """A value of the model's shape with everything in it, by the names on the wire."""
    kind = shape.type_name
    if shape.name in path and kind in ("structure", "list", "map"):
        return None  # a statement in a statement
    if kind == "structure":
        members = {wire_name(shape, inner, model): example(member, inner, model, path + (shape.name,))
                   for inner, member in shape.members.items()}
        if any(members[wire_name(shape, required, model)] is None for required in shape.required_members):
            return None
        members = {key: value for key, value in members.items() if value is not None}
        return dict(list(members.items())[:1]) if getattr(shape, "is_tagged_union", False) else members
    if kind == "list":
        inner = example(shape.member, name, model, path + (shape.name,))
        return None if inner is None else [inner] * max(1, shape.metadata.get("min", 1))
    if kind == "map":
        inner = example(shape.value, name, model, path + (shape.name,))
        return None if inner is None else {(getattr(shape.key, "enum", None) or ["key"])[0]: inner}
    return scalar_example(shape, name)


def scalar_example(shape, name):
    kind = shape.type_name
    if kind in ("integer", "long"):
        return max(1, shape.metadata.get("min", 1))
    if kind in ("float", "double"):
        return 0.5
    if kind == "boolean":
        return True
    if kind == "timestamp":
        return 1764000000
    if kind == "blob":
        return "YQ=="
    if getattr(shape, "enum", None):
        return "REGIONAL" if "REGIONAL" in shape.enum else shape.enum[0]
    return TEXTS.get(name, "x" * max(10, shape.metadata.get("min", 1)) + " &=+%/:é")


def located_names(value: dict, operation) -> dict:
    """Our client names members of a path as the model's URI or as the member."""
    out = dict(value)
    for name, member in (operation.input_shape.members if operation.input_shape else {}).items():
        if member.serialization.get("location") == "uri":
            out[name] = out.get(member.serialization.get("name", name), "x")
    return out


def operations():
    listed = subprocess.run([str(build_dir() / "aws_call"), "list"], capture_output=True, text=True, check=True)
    return [tuple(line.split()[:2]) for line in listed.stdout.splitlines()]


def input_for(service, name):
    model = model_of(service)
    operation = model.operation_model(name)
    if operation.input_shape is None:
        return {}
    return located_names(example(operation.input_shape, name, model), operation)


def capture(endpoint, folder, rows) -> list:
    """What our client sends for each row (service, operation, members)."""
    captured = folder / "captured.jsonl"
    environment = {**os.environ, "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
                   "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": "session/token==", "AWS_REGION": "eu-west-1",
                   "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}
    lines = "".join(json.dumps({"service": service, "operation": name, "input": value, "one_page": True}) + "\n"
                    for service, name, value in rows)
    command = [str(build_dir() / "aws_call"), "batch", "--attempts", "1", "--capture", str(captured)]
    done = subprocess.run(command, input=lines, env=environment, capture_output=True, text=True, timeout=120, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    unsent = [(row[:2], answer["error"]) for row, answer in zip(rows, answers)
              if not answer["ok"] and "HTTP 400" not in answer["error"]["message"]]
    assert not unsent, unsent
    return read_captured(captured)


@pytest.fixture(scope="module")
def full(endpoint, tmp_path_factory):
    rows = [(service, name, input_for(service, name)) for service, name in operations()]
    return list(zip(rows, capture(endpoint, tmp_path_factory.mktemp("full"), rows)))


def test_every_request_with_all_that_we_send_agrees_with_its_model(full):
    wrong = [problem for _, request in full for problem in problems_of(request)]
    assert not wrong, "\n".join(wrong)
    assert len(full) >= 55


def test_every_request_is_signed_as_botocore_would(full):
    for (service, name, _), request in full:
        check_signed(service, name, request, SECRET)


def test_every_value_arrives_as_it_was_given(full):
    """Nothing is lost or altered on the way: what the model reads is what we were given, for every member we send."""
    wrong = []
    for (service, name, value), request in full:
        model = model_of(service)
        operation, params = operation_and_params(service, request)
        assert operation.name == name
        for member, sent in params.items():
            shape = operation.input_shape.members[member]
            if shape.type_name not in ("string", "integer", "long", "boolean"):
                continue
            given = value.get(wire_name(operation.input_shape, member, model), value.get(member))
            if sent != given:
                wrong.append(f"{service} {name} {member}: {given!r} became {sent!r}")
    assert not wrong, "\n".join(wrong)


def test_a_difference_would_be_seen(full):
    rows = {(service, name): request for (service, name, _), request in full}
    ec2 = rows[("ec2", "DescribeInstances")]
    with pytest.raises(Wrong, match="members that the model does not have"):
        operation_and_params("ec2", {**ec2, "body": ec2["body"] + "&Unknown.1=a"})
    s3 = rows[("s3", "GetBucketAcl")]
    with pytest.raises(Wrong, match="parameters that the model does not have"):
        operation_and_params("s3", {**s3, "url": s3["url"].replace("acl", "lca")})
    with pytest.raises(Wrong, match="differently"):
        check_signed("s3", "GetBucketAcl", {**s3, "headers": {**s3["headers"], "X-Amz-Date": "20200101T000000Z"}}, SECRET)
    with pytest.raises(Wrong, match="not signed"):
        check_signed("s3", "GetBucketAcl", {**s3, "headers": {}}, SECRET)
