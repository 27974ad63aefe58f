# SPDX-License-Identifier: Apache-2.0
"""UpdateWebACL sends every member back that GetWebACL answered: over made-up web ACLs of botocore's current model, with
members that no model knows inside rules."""
import json
import random
import subprocess

import botocore.session
import pytest
from botocore.validate import ParamValidator

from conftest import build_dir

MODEL = botocore.session.get_session().get_service_model("wafv2")
ACL = MODEL.operation_model("GetWebACL").output_shape.members["WebACL"]
UPDATE = MODEL.operation_model("UpdateWebACL").input_shape
READ_ONLY = {"ARN", "Capacity", "LabelNamespace", "ManagedByFirewallManager", "PreProcessFirewallManagerRuleGroups",
             "PostProcessFirewallManagerRuleGroups", "RetrofittedByFirewallManager"}
GROUP = {"vendor": "AWS", "group": "AWSManagedRulesPHPRuleSet"}
RULE = "sallyport-AWSManagedRulesPHPRuleSet"


class Changer:
    def __init__(self):
        self.process = subprocess.Popen([build_dir() / "waf_change"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, web_acl, change="add", **more) -> dict:
        self.process.stdin.write(json.dumps({"web_acl": web_acl, "change": change, **GROUP, **more}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def changer():
    running = Changer()
    yield running
    running.process.stdin.close()
    assert running.process.wait(timeout=10) == 0


def made_up(shape, chance: random.Random, depth=0):
    """A value of the shape; of what is not required a random part."""
    kind = shape.type_name
    if kind == "structure":
        members = {}
        names = list(shape.members)
        if getattr(shape, "is_tagged_union", False) or shape.name == "Statement":
            names = [chance.choice(names)]
        for name in names:
            member = shape.members[name]
            needed = name in shape.required_members or len(names) == 1
            if depth > 7 and not needed:
                continue
            if needed or chance.random() < 0.4:
                members[name] = made_up(member, chance, depth + 1)
        return members
    if kind == "list":
        least = shape.metadata.get("min", 0)
        return [made_up(shape.member, chance, depth + 1) for _ in range(max(least, chance.randint(0, 2) if depth < 7 else 0))]
    if kind == "map":
        return {f"key{i}": made_up(shape.value, chance, depth + 1) for i in range(chance.randint(1, 2))}
    if kind == "boolean":
        return chance.random() < 0.5
    if kind in ("integer", "long"):
        return chance.randint(0, 1_000_000_000)
    if kind in ("float", "double"):
        return chance.random() * 100
    if kind == "timestamp":
        return 1_700_000_000.5
    if getattr(shape, "enum", None):
        return chance.choice(shape.enum)
    if kind == "blob":
        return "c3VyZQ=="
    return "x" * max(1, shape.metadata.get("min", 1)) + chance.choice(["", "ü", "</script>", '"\\', "\u2028", "漢"])


def made_up_acl(chance: random.Random) -> dict:
    acl = made_up(ACL, chance)
    acl.update(Name="shop", Id="0123", ARN="arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/0123",
               ManagedByFirewallManager=False, Capacity=100)
    rules = [made_up(ACL.members["Rules"].member, chance) for _ in range(chance.randint(0, 5))]
    for priority, rule in enumerate(chance.sample(range(50), len(rules))):
        rules[priority].update(Name=f"rule-{priority}", Priority=rule)
        if chance.random() < 0.5:
            rules[priority]["NewIn2027"] = {"Deep": [1, 2.5, None, {"er": True}]}
        if chance.random() < 0.3:
            rules[priority]["Statement"]["UnknownStatement"] = {"A": chance.randint(0, 2**53)}
    acl["Rules"] = rules
    return acl


def wanted_members(acl: dict) -> dict:
    return {name: value for name, value in acl.items()
            if name not in READ_ONLY and value is not None and not (name == "Description" and value == "")}


def test_every_member_goes_back(changer):
    chance = random.Random(7)
    written = 0
    for _ in range(2000):
        acl = made_up_acl(chance)
        answer = changer.ask(acl)
        if "request" not in answer:
            assert "no free priority" in answer.get("error", "") or "nothing" in answer, answer
            continue
        written += 1
        request = answer["request"]
        assert request.pop("Scope") == "REGIONAL" and request.pop("LockToken") == "token"
        added = [rule for rule in request["Rules"] if rule["Name"] == RULE]
        assert len(added) == 1 and added[0]["OverrideAction"] == {"Count": {}}
        assert added[0]["Priority"] not in [rule["Priority"] for rule in acl["Rules"]]
        request["Rules"].remove(added[0])
        assert request == wanted_members(acl)
        # The model takes the rule as it is.
        report = ParamValidator().validate(added[0], ACL.members["Rules"].member)
        assert not report.has_errors(), report.generate_report()
        assert set(request) <= set(UPDATE.members)
    assert written > 1500


def test_there_and_back_again_is_what_it_was(changer):
    chance = random.Random(8)
    seen = 0
    for _ in range(300):
        acl = made_up_acl(chance)
        added = changer.ask(acl)
        if "request" not in added:
            continue
        now = {**acl, "Rules": added["request"]["Rules"]}
        promoted = changer.ask(now, "promote")["request"]["Rules"]
        assert [rule for rule in promoted if rule["Name"] != RULE] == acl["Rules"]
        assert [rule["OverrideAction"] for rule in promoted if rule["Name"] == RULE] == [{"None": {}}]
        assert "nothing" in changer.ask(now) and "nothing" in changer.ask({**acl, "Rules": promoted}, "promote")
        removed = changer.ask({**acl, "Rules": promoted}, "remove")["request"]
        assert removed["Rules"] == acl["Rules"]
        seen += 1
    assert seen > 150


def test_an_unknown_member_of_the_acl_itself_means_that_nothing_is_written(changer):
    acl = made_up_acl(random.Random(9))
    answer = changer.ask({**acl, "QuantumConfig": {"On": True}})
    assert "QuantumConfig" in answer["error"] and "does not know" in answer["error"]
    # Every member of today's model is known.
    whole = {name: acl.get(name, made_up(shape, random.Random(3))) for name, shape in ACL.members.items()}
    whole["ManagedByFirewallManager"] = False
    assert "does not know" not in changer.ask(whole).get("error", "")


@pytest.mark.parametrize("more,why", [
    ({"ManagedByFirewallManager": True}, "Firewall Manager"),
    ({"Name": "FMManagedWebACLV2-all"}, "Firewall Manager"),
    ({"Rules": "none"}, "cannot be read"),
])
def test_what_is_refused(changer, more, why):
    assert why in changer.ask({**made_up_acl(random.Random(4)), **more})["error"]


def rule(name, priority, statement, **more) -> dict:
    return {"Name": name, "Priority": priority, "Statement": statement,
            "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}, **more}


LIST = {"IPSetReferenceStatement": {"ARN": "arn:aws:wafv2:us-east-1:111122223333:regional/ipset/x/1"}}
RATE = {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}
PATH = {"ByteMatchStatement": {"SearchString": "eA==", "FieldToMatch": {"UriPath": {}}, "PositionalConstraint": "EXACTLY",
                               "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}


@pytest.mark.parametrize("rules,wanted", [
    ([], 0),
    ([rule("a", 0, LIST, Action={"Allow": {}}), rule("b", 5, RATE, Action={"Block": {}})], 6),
    ([rule("a", 0, LIST, Action={"Allow": {}}), rule("b", 9, PATH, Action={"Allow": {}})], 1),
    ([rule("a", 0, PATH, Action={"Block": {}}), rule("b", 1, PATH, Action={"Block": {}}), rule("c", 4, PATH, Action={"Allow": {}})], 2),
    # Behind the last before the allow there is no room: the gap between the others is taken.
    ([rule("a", 0, LIST, Action={"Block": {}}), rule("b", 3, PATH, Action={"Block": {}}), rule("c", 4, PATH, Action={"Allow": {}})], 2),
    ([rule("a", 0, LIST, Action={"Block": {}}), rule("c", 1, PATH, Action={"Allow": {}})], None),
])
def test_the_priority_is_behind_lists_and_rates_and_before_a_broad_allow(changer, rules, wanted):
    acl = {"Name": "shop", "Id": "1", "DefaultAction": {"Allow": {}}, "Rules": rules,
           "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "shop"}}
    answer = changer.ask(acl)
    if wanted is None:
        assert "no free priority" in answer["error"]
    else:
        assert [one["Priority"] for one in answer["request"]["Rules"] if one["Name"] == RULE] == [wanted]
