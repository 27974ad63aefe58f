# SPDX-License-Identifier: Apache-2.0
"""Every answer of the simulator has the shape that the vendor's API description gives it.

The description is not part of this repository; SALLYPORT_SHARED names the folder that has it."""
import json
import os
import pathlib

import pytest
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

SHARED = os.environ.get("SALLYPORT_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="SALLYPORT_SHARED is not set: no API description to hold answers to")

TASK = {"name": "t", "type": "scan-for-recommendations", "enabled": True, "runNow": True,
        "scheduleDetails": {"recurrenceType": "none", "recurrenceCount": 1, "onceOnlyScheduleParameters": {"startTime": 0}},
        "scanForRecommendationsTaskParameters": {"computerFilter": {"type": "computer", "computerID": 34}}}
SETTING = "intrusionPreventionSettingAutoApplyRecommendationsEnabled"

# Method, path, the path's template in the description, body. In order: later ones see what earlier ones did.
CALLS = [
    ("GET", "/computers", "/computers", None),
    ("POST", "/computers/search", "/computers/search", {"maxItems": 3}),
    *[("GET", f"/computers/{i}", "/computers/{computerID}", None) for i in (34, 35, 36, 40, 41, 42, 43, 44, 45, 46, 47, 48)],
    ("GET", "/computers/34?overrides=true", "/computers/{computerID}", None),
    ("POST", "/computers/42", "/computers/{computerID}", {"description": "x"}),
    ("GET", f"/computers/34/settings/{SETTING}", "/computers/{computerID}/settings/{name}", None),
    ("GET", "/policies", "/policies", None),
    ("GET", "/policies/12", "/policies/{policyID}", None),
    ("GET", "/policies/12?overrides=true", "/policies/{policyID}", None),
    ("GET", "/policies/default", "/policies/default", None),
    ("GET", f"/policies/12/settings/{SETTING}", "/policies/{policyID}/settings/{name}", None),
    ("POST", "/scheduledtasks", "/scheduledtasks", TASK),
    ("GET", "/computers/34", "/computers/{computerID}", None),
    ("GET", "/scheduledtasks", "/scheduledtasks", None),
    ("POST", "/scheduledtasks/search", "/scheduledtasks/search", {}),
    ("GET", "/scheduledtasks/501", "/scheduledtasks/{scheduledTaskID}", None),
    ("POST", "/scheduledtasks/501", "/scheduledtasks/{scheduledTaskID}", {"runNow": True}),
    *[(method, f"/{scope}/{i}/{module}/assignments", f"/{scope}/{{{name}}}/{module}/assignments", body)
      for scope, i, name in (("computers", 34, "computerID"), ("policies", 12, "policyID"))
      for module, rule in (("intrusionprevention", 6745), ("integritymonitoring", 31), ("loginspection", 10), ("firewall", 1))
      for method, body in (("GET", None), ("POST", {"ruleIDs": [rule]}), ("PUT", {"ruleIDs": [rule]}))],
    ("DELETE", "/computers/34/intrusionprevention/assignments/6745",
     "/computers/{computerID}/intrusionprevention/assignments/{intrusionPreventionRuleID}", None),
    ("GET", "/computers/34/intrusionprevention/rules", "/computers/{computerID}/intrusionprevention/rules", None),
    *[("GET", f"/{name}", f"/{name}", None) for name in
      ("intrusionpreventionrules", "integritymonitoringrules", "loginspectionrules", "applicationtypes", "computergroups",
       "awsconnectors", "awsconnectorsettings", "iplists", "systemsettings")],
    *[("POST", f"/{name}/search", f"/{name}/search", {}) for name in
      ("intrusionpreventionrules", "integritymonitoringrules", "loginspectionrules", "applicationtypes", "computergroups",
       "awsconnectors", "iplists", "policies")],
    ("GET", "/intrusionpreventionrules/6348", "/intrusionpreventionrules/{intrusionPreventionRuleID}", None),
    ("POST", "/iplists", "/iplists", {"name": "x", "items": ["198.51.100.1"]}),
    ("GET", "/apikeys/current", "/apikeys/current", None),
    ("GET", "/systemsettings/platformSettingEventForwardingSnsEnabled", "/systemsettings/{name}", None),
]


def closed(schema):
    """The schema with unknown members forbidden, so that a misspelt field is seen."""
    if isinstance(schema, dict):
        out = {key: closed(value) for key, value in schema.items()}
        if "properties" in out and isinstance(out["properties"], dict) and "additionalProperties" not in out:
            out["additionalProperties"] = False
        return out
    return [closed(value) for value in schema] if isinstance(schema, list) else schema


@pytest.fixture(scope="module")
def description():
    path = pathlib.Path(SHARED) / "contracts" / "swp-openapi.json"
    document = json.loads(path.read_text())
    document["components"]["schemas"] = closed(document["components"]["schemas"])
    return document


def problems(description, template, method, body):
    answer = description["paths"][template][method.lower()]["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"]
    resource = Resource(contents=description, specification=DRAFT4)
    registry = Registry().with_resource("urn:swp", resource)
    absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:swp#/'))
    return [f"{error.json_path}: {error.message[:200]}" for error in OAS30Validator(absolute, registry=registry).iter_errors(body)]


def test_every_answer_has_its_declared_shape(simulator, description):
    wrong = []
    for method, path, template, sent in CALLS:
        status, body = simulator.call(method, path, sent)
        assert status == 200, path
        wrong += [f"{method} {path} {problem}" for problem in problems(description, template, method, body)]
    assert wrong == []
    simulator.advance(60)
    _, after = simulator.call("GET", "/computers/34/intrusionprevention/assignments")
    assert problems(description, "/computers/{computerID}/intrusionprevention/assignments", "GET", after) == []


def test_the_check_itself_sees_mistakes(description):
    bad = {"computers": [{"ID": "34"}]}
    assert problems(description, "/computers", "GET", bad)
    assert problems(description, "/computers", "GET", {"computers": [{"Id": 34}]})
    assert problems(description, "/computers", "GET", {"computers": [{"computerStatus": {"agentStatus": "happy"}}]})
