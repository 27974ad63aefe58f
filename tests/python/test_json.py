# SPDX-License-Identifier: Apache-2.0
"""What `--json` prints, command by command, held against the schemas in schemas/ (docs/json.md).

One installation is led through everything once; each command is then run with --json. Standard output holds JSON and
nothing else, names are snake_case, times are UTC with their zone, and one name means one type of thing everywhere.

After a wanted change: UPDATE_SCHEMAS=1 tests/python/run test_json.py, then read the difference.
"""
import datetime
import json
import os
import re
import uuid

import jsonschema
import pytest

from aws_support import KEY as AWS_KEY, AwsSimulator
from program_support import NO_AGENT, OK, ROOT, UNDETERMINED, WEB, Manager, Program, finding

SCHEMAS = ROOT / "schemas"
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$"
# Objects whose names are other people's: they are values and not names of ours.
OPEN_OBJECTS = {"counts", "parameters", "calls", "states"}


def installation(folder, aws, manager) -> Program:
    program = Program(folder, manager.url, mode="enforce", log={"level": "error"},
                      aws={"accounts": {"444455556666": "arn:aws:iam::444455556666:role/sallyport-reader"},
                           "external_id": "sallyport-demo"})
    program.variables = {"AWS_ENDPOINT_URL": aws.url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": AWS_KEY[0],
                         "AWS_SECRET_ACCESS_KEY": AWS_KEY[1], "AWS_EC2_METADATA_DISABLED": "true"}
    return program


def collect(program, manager) -> dict:
    """{schema: [objects]} of every command that has --json."""
    found = {}

    def run(schema, *arguments, stdin=b"", codes=(OK, UNDETERMINED)):
        done = program.run(*arguments, stdin=stdin)
        assert done.code in codes, (arguments, done.code, done.err)
        for line in done.out.splitlines():
            found.setdefault(schema, []).append(json.loads(line))
        return found.get(schema, [])

    def text(*events):
        return "\n".join(json.dumps(event) for event in events).encode()

    run("handle", "handle", "--json", "-", stdin=text(finding(), finding(NO_AGENT)))
    run("handle", "handle", "--json", "--dry-run", "-", stdin=text(finding(kind="Recon:EC2/Portscan")))
    run("handle", "handle", "--json", "-", stdin=b"no event", codes=(3,))
    program.set(gates={"approval": {"above_hosts": 0}, "cool_down": "0s"})
    run("handle", "handle", "--json", "-", stdin=text(finding(kind="Recon:EC2/PortProbeUnprotectedPort"),
                                                     finding(kind="Recon:EC2/Portscan")))
    run("doctor", "doctor", "--json")
    digests = [plan["digest"] for plan in run("plan", "plans", "list", "--json")]
    assert len(digests) == 2
    run("plan-details", "plans", "show", digests[0], "--json")
    run("handle", "plans", "approve", digests[0], "--json")
    run("plan-details", "plans", "reject", digests[1], "--json", "--why", "not now")
    run("plan", "plans", "list", "--state", "any", "--json")
    run("follow-up", "followups", "list", "--json")
    manager.control("POST", "advance", {"seconds": 600})
    run("handle", "followups", "run", "--json", "--wait", "3s")
    run("follow-up", "followups", "list", "--all", "--json")
    program.set(notify={"channels": [{"name": "file", "type": "json-lines", "path": str(program.folder / "told.jsonl")},
                                     {"name": "nowhere", "type": "json-lines", "path": "/nowhere/told.jsonl"}]})
    run("notify-test", "notify", "test", "--json", codes=(5,))
    program.set(notify={"channels": []})
    told = finding(NO_AGENT, kind="Recon:EC2/PortProbeEMRUnprotectedPort")
    told["region"] = told["detail"]["region"] = "us-east-1"  # where the simulated EC2 has it
    run("handle", "handle", "--json", "-", stdin=text(told))
    cases = run("case", "cases", "list", "--json")
    for case in cases[:3]:
        run("case-details", "cases", "show", str(case["number"]), "--json")
    (open_case, *_) = [case["number"] for case in cases if case["state"] == "needs-person"]
    run("case", "cases", "ack", str(open_case), "--json")
    run("case", "cases", "close", str(cases[0]["number"]), "--reason", "a test", "--json")
    run("handle", "cases", "retry", str(open_case), "--json")
    run("ledger-verify", "ledger", "verify", "--json")
    run("ledger-head", "ledger", "heads", "--json")
    run("ledger-line", "ledger", "export")
    run("handle", "ledger", "replay", "1", "--dry-run", "--json")
    run("who-can", "who-can", "example-customers", "--json")
    run("config-evaluate", "config", "evaluate", "protected", "--json", codes=(OK, UNDETERMINED, 5))
    run("coverage", "coverage", "--json")
    run("inspect", "inspect", "--sweep", "--json", codes=(OK, UNDETERMINED, 5))
    program.set(inspector={"window": "1s"}, gates={"approval": {"above_hosts": 3}})
    run("handle", "handle", "--json", "-", stdin=text(vulnerable(WEB), vulnerable(NO_AGENT)))
    run("handle", "followups", "run", "--json", "--wait", "2s")
    run("patch", "patches", "list", "--json")
    run("patch-entry", "patches", "show", "CVE-2022-22965", "--json")
    run("patch-entry", "patches", "export", "--json")
    run("waf", "waf", "--now", "--json", codes=(OK, UNDETERMINED))
    run("waf", "waf", "--json", codes=(OK, UNDETERMINED))
    return found


def vulnerable(instance) -> dict:
    """A finding of Inspector about a CVE for which the simulated manager has a rule."""
    text = (ROOT / "src" / "app" / "demo_events" / "vulnerable-package.json").read_text()
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.loads(text.replace("@NOW@", now).replace(WEB, instance).replace("d001", uuid.uuid4().hex[:4]))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    aws, manager = AwsSimulator(), Manager("--speed", "0")
    try:
        yield collect(installation(tmp_path_factory.mktemp("json"), aws, manager), manager)
    finally:
        manager.stop()
        aws.stop()


def infer(values: list, known: dict) -> dict:
    """A draft: types, which members are always there, and nothing but them. `known`: descriptions are kept."""
    types = sorted({{"NoneType": "null", "bool": "boolean", "int": "integer", "float": "number", "str": "string",
                     "list": "array", "dict": "object"}[type(value).__name__] for value in values})
    if "number" in types and "integer" in types:
        types.remove("integer")
    schema = {"description": known["description"]} if "description" in known else {}
    schema["type"] = types[0] if len(types) == 1 else types
    if "object" in types:
        objects = [value for value in values if isinstance(value, dict)]
        names = list(dict.fromkeys(name for value in objects for name in value))
        inner = known.get("properties", {})
        schema["properties"] = {name: infer_named(name, [value[name] for value in objects if name in value], inner)
                                for name in names}
        schema["required"] = [name for name in names if all(name in value for value in objects)]
        schema["additionalProperties"] = False
    if "array" in types:
        elements = [element for value in values if isinstance(value, list) for element in value]
        if elements:
            schema["items"] = infer(elements, known.get("items", {}))
    if types == ["string"] and values and all(re.match(TIME, value) for value in values):
        schema["pattern"] = TIME
    return schema


def infer_named(name: str, values: list, inner: dict) -> dict:
    if name not in OPEN_OBJECTS:
        return infer(values, inner.get(name, {}))
    return {"type": "object", "additionalProperties": infer([one for value in values for one in value.values()], {})}


def schema_of(name: str) -> dict:
    return json.loads((SCHEMAS / f"{name}.json").read_text())


@pytest.mark.skipif("UPDATE_SCHEMAS" not in os.environ, reason="only when the schemas are to be written")
def test_update_the_schemas(outputs):
    SCHEMAS.mkdir(exist_ok=True)
    for name, values in outputs.items():
        path = SCHEMAS / f"{name}.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        made = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **infer(values, known)}
        path.write_text(json.dumps(made, indent=1) + "\n")


def test_every_command_prints_what_its_schema_says(outputs):
    assert set(outputs) == {path.stem for path in SCHEMAS.glob("*.json")}, "a schema without output, or the other way"
    for name, values in outputs.items():
        validator = jsonschema.Draft202012Validator(schema_of(name))
        validator.check_schema(schema_of(name))
        problems = [f"{name}: {error.json_path}: {error.message[:200]}" for value in values
                    for error in validator.iter_errors(value)]
        assert not problems, "\n".join(problems)


def members(schema, path=""):
    for name, inner in schema.get("properties", {}).items():
        yield path + "." + name, name, inner
        yield from members(inner, path + "." + name)
    if "items" in schema:
        yield from members(schema["items"], path + "[]")


def test_names_are_snake_case_and_mean_one_type_of_thing():
    types = {}
    for path in sorted(SCHEMAS.glob("*.json")):
        for place, name, inner in members(schema_of(path.stem)):
            assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name), path.stem + place
            if name.endswith("_at") or name in ("due", "since", "until"):
                assert inner.get("pattern") == TIME or inner["type"] != "string", f"{path.stem}{place} is no time in UTC"
            kind = inner["type"] if isinstance(inner["type"], str) else "/".join(sorted(set(inner["type"]) - {"null"}))
            types.setdefault(name, {}).setdefault(kind, path.stem + place)
    for name in ("case", "event", "follow_up", "plan", "account", "region", "instance", "state", "reason", "digest"):
        plain = {kind: place for kind, place in types.get(name, {}).items() if kind != "object"}  # a section has its name
        assert len(plain) <= 1, f"`{name}` is of several types: {plain}"


def test_the_page_about_json_names_every_schema():
    page = (ROOT / "docs" / "json.md").read_text()
    for path in SCHEMAS.glob("*.json"):
        assert f"schemas/{path.name}" in page, path.name
