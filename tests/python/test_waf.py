# SPDX-License-Identifier: Apache-2.0
"""The map from the edge to the host, as a user meets it: the real program against the simulated AWS and SWP."""
import csv
import io
import json
import pathlib
import uuid

import pytest

from aws_support import KEY as AWS_KEY, AwsSimulator
from program_support import FAILED, OK, STORAGE, UNDETERMINED, UNREADABLE, USAGE, Manager, Program, now

WEB, UNPROTECTED, LEGACY, STAGE = ("i-0123456789abcdef0", "i-0fedcba9876543210", "i-0bbbb5555cccc6666",
                                   "i-0444455556666aaaa")
MEMBER = {"accounts": {"444455556666": "arn:aws:iam::444455556666:role/sallyport-reader"}, "external_id": "sallyport-demo"}


@pytest.fixture
def aws():
    running = AwsSimulator("--limits", "none")
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def manager():
    running = Manager("--speed", "0")
    yield running
    running.stop()


def program_at(tmp_path, aws, manager) -> Program:
    # Each further type costs a second for each ACL: WAF's documented rate.
    made = Program(tmp_path, manager.url, aws=dict(MEMBER), waf={"resource_types": []})
    made.variables = {"AWS_ENDPOINT_URL": aws.url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": AWS_KEY[0],
                      "AWS_SECRET_ACCESS_KEY": AWS_KEY[1], "AWS_EC2_METADATA_DISABLED": "true"}
    return made


@pytest.fixture
def program(tmp_path, aws, manager):
    return program_at(tmp_path, aws, manager)


def schedule(source="aws.scheduler", name="nightly-waf-map", **more) -> dict:
    kind = "rule/" if source == "aws.events" else "schedule/default/"
    made = {"version": "0", "id": str(uuid.uuid4()), "source": source, "detail-type": "Scheduled Event",
            "account": "111122223333", "region": "us-east-1", "time": now(),
            "resources": [f"arn:aws:scheduler:us-east-1:111122223333:{kind}{name}"], "detail": {}}
    return {**made, **more}


def map_of(program, code=OK) -> dict:
    shown = program.run("waf", "--json")
    assert shown.code == code, shown.out + shown.err
    return json.loads(shown.out)


def states(answer: dict) -> dict:
    return {host["id"]: host["state"] for host in answer["hosts"]}


def candidates(answer: dict) -> set:
    return {(one["kind"], one["group"] or one["thing_name"], one["thing_name"]) for one in answer["candidates"]}


def test_a_schedule_starts_a_run_and_the_map_is_shown(program):
    done = program.handle(schedule())
    assert done.code == OK, done.out + done.err
    answer = map_of(program)
    assert states(answer)[WEB] == "behind" and states(answer)[UNPROTECTED] == "behind"
    assert states(answer)[LEGACY] == "not" and states(answer)[STAGE] == "not"
    assert sum(answer["header"]["states"].values()) == answer["header"]["hosts"] == 11
    web = next(host for host in answer["hosts"] if host["id"] == WEB)
    assert (web["swp"]["state"], web["swp"]["policy_name"]) == ("protected", "Linux Web Server")
    assert [one["name"] for one in web["swp"]["classes"]] == ["web"]
    assert web["swp"]["classes"][0]["evidence"][0]["application_type"].startswith("Web ")
    kinds = candidates(answer)
    assert ("add", "AWSManagedRulesKnownBadInputsRuleSet", "web-acl") in kinds
    assert ("already", "AWSManagedRulesCommonRuleSet", "web-acl") in kinds
    assert ("needs-acl", "ALB stage-alb", "ALB stage-alb") in kinds
    add = next(one for one in answer["candidates"] if one["kind"] == "add")
    assert (add["capacity_before"], add["capacity_after"]) == (701, 901)


def test_what_a_scheduler_without_an_input_sends_starts_a_run_too(program):
    assert program.handle(schedule(detail="{}")).code == OK
    assert states(map_of(program))[WEB] == "behind"
    other = program.handle(schedule(detail="not json"))
    assert other.code == UNREADABLE


def test_other_schedules_start_nothing(program):
    done = program.handle(schedule("aws.events", "reconcile"))
    assert done.code == OK
    assert program.run("waf").code == USAGE
    program.set(waf={"schedules": ["reconcile"]})
    assert program.handle(schedule("aws.events", "nightly-waf-map")).code == OK
    assert program.run("waf").code == USAGE
    # Of another bus: the first one came in the same second, and would be the same event.
    other = ["arn:aws:events:us-east-1:111122223333:rule/other/reconcile"]
    assert program.handle(schedule("aws.events", "reconcile", resources=other)).code == OK
    assert program.run("waf").code == OK


def test_the_table_and_the_csv_say_the_same(program):
    assert program.run("waf", "--now", "--json").code == OK
    text = program.run("waf").out
    assert "2 of 5 hosts that the internet reaches are behind a web ACL that enforces" in text
    assert "CloudFront distribution EDFDVBD6EXAMPLE" in text
    assert program.run("waf", "--state", "not", "--filter", "stage").out.count("(i-") == 1
    rows = list(csv.DictReader(io.StringIO(program.run("waf", "--csv").out)))
    assert {row["instance"]: row["state"] for row in rows} == states(map_of(program))
    assert next(row for row in rows if row["instance"] == WEB)["owner"] == "team-web@example.com"


def test_the_next_run_says_what_changed(program, aws):
    assert program.handle(schedule()).code == OK
    waf = aws.client("wafv2")
    acl = waf.get_web_acl(Name="web-acl", Scope="REGIONAL", Id="a1b2c3d4-5678-90ab-cdef-EXAMPLE22222")
    rules = acl["WebACL"]["Rules"]
    rules[0]["OverrideAction"] = {"Count": {}}
    rules = rules[:1]
    waf.update_web_acl(Name="web-acl", Scope="REGIONAL", Id=acl["WebACL"]["Id"], LockToken=acl["LockToken"], Rules=rules,
                       DefaultAction=acl["WebACL"]["DefaultAction"], VisibilityConfig=acl["WebACL"]["VisibilityConfig"])
    done = program.handle(schedule())
    assert done.code == OK
    changes = map_of(program)["header"]["changes"]
    assert any("no longer behind an enforcing web ACL: web-01" in line for line in changes)
    assert any("AWSManagedRulesCommonRuleSet: enforce changed" in line for line in changes)
    assert states(map_of(program))[WEB] == "counts"
    assert "since the run of" in program.run("waf").out
    # Nothing changed since: nothing is told twice.
    assert program.handle(schedule()).code == OK
    assert map_of(program)["header"]["changes"] == []


def test_owners_are_told_of_their_hosts_once(program, tmp_path):
    out = tmp_path / "told.jsonl"
    program.set(notify={"channels": [{"name": "file", "type": "json-lines", "path": str(out)}]})
    assert program.handle(schedule()).code == OK
    told = [json.loads(line) for line in out.read_text().splitlines()]
    assert {message["owner"]["name"] for message in told} == {"team-legacy@example.com", "team-old@example.com"}
    text = json.dumps(told)
    assert LEGACY in text and WEB not in text and "without an enforcing web ACL" in text
    assert program.handle(schedule()).code == OK
    assert len(out.read_text().splitlines()) == len(told)


@pytest.mark.parametrize("service,action,undetermined,words", [
    ("wafv2", "ListWebACLs", [STAGE], "web ACLs"),
    ("elasticloadbalancing", "DescribeTargetGroups", [STAGE], "target groups"),
    ("cloudfront", "ListDistributions", [STAGE], "CloudFront distributions"),
])
def test_what_is_denied_makes_its_hosts_undetermined(program, aws, service, action, undetermined, words):
    aws.fault("access-denied", action=action, account="444455556666", times=-1)
    done = program.handle(schedule())
    assert done.code == UNDETERMINED, done.out + done.err
    answer = map_of(program, UNDETERMINED)
    assert [states(answer)[host] for host in undetermined] == ["undetermined"] * len(undetermined)
    assert any(gap["part"] == words and gap["account"] == "444455556666" for gap in answer["header"]["gaps"])
    why = next(host for host in answer["hosts"] if host["id"] == STAGE)["why"]
    assert any(words in line for line in why)
    assert states(answer)[WEB] == "behind"


def test_an_acl_that_is_deleted_meanwhile_and_a_region_that_does_not_answer(program, aws):
    aws.fault("error", service="wafv2", action="GetWebACL", status=400, code="WAFNonexistentItemException", times=-1,
              region="us-east-1")
    done = program.handle(schedule())
    assert done.code == UNDETERMINED, done.out + done.err
    answer = map_of(program, UNDETERMINED)
    assert states(answer)[WEB] == "undetermined"
    assert any("deleted" in acl.get("unread_why", "") for acl in answer["acls"])
    # Nothing is proposed on what was not read.
    assert not any(one["kind"] == "add" and one["thing_name"] == "web-acl" for one in answer["candidates"])


def test_a_dry_run_stores_no_map(program):
    dry = program.handle(schedule(), arguments=("--dry-run", "--json"))
    assert dry.code == OK
    assert program.run("waf").code == STORAGE  # there is no ledger even


def test_each_acl_is_asked_and_no_resource_is(program, aws):
    program.set(waf={"resource_types": ["API_GATEWAY"]})
    aws.control("DELETE", "requests")
    assert program.handle(schedule()).code == OK
    actions = [r["action"] for r in aws.control("GET", "requests")]
    assert "GetWebACLForResource" not in actions
    assert actions.count("ListResourcesForWebACL") == 3 * 2
    assert actions.count("ListDistributions") == 2
    # An address that no instance has is looked up, and ECS asked, in the one place that has one.
    assert actions.count("ListClusters") == 1


def test_arguments_and_hostile_names(program, aws):
    assert program.run("waf", "--json", "--csv").code == USAGE
    assert program.run("waf", "--state", "maybe").code == USAGE
    assert program.handle(schedule(name="waf-\u001b[31m")).code == OK
    assert "\x1b" not in program.run("waf").out
    assert program.run("waf", "--filter", "no such host at all").code == OK


ACL = {"Name": "web-acl", "Scope": "REGIONAL", "Id": "a1b2c3d4-5678-90ab-cdef-EXAMPLE22222"}
INPUTS = "AWSManagedRulesKnownBadInputsRuleSet"


def writing(program, **gates):
    program.set(mode="enforce", waf={"change": True, "watch": "3h"}, gates={"allow": ["update-web-acl"], **gates})
    return program


def acl_of(aws) -> dict:
    return aws.client("wafv2").get_web_acl(**ACL)["WebACL"]


def bare(acl: dict) -> dict:
    """Without its capacity, which the simulator counts anew, and an empty description, which an update may not have."""
    return {name: value for name, value in acl.items() if name != "Capacity" and value != ""}


def outcomes(run) -> list:
    return [one for plan in run.reports[0]["plans"] for one in plan["outcomes"] if one["kind"] == "update-web-acl"]


def test_nothing_is_written_unless_asked_for(program, aws):
    before = acl_of(aws)
    program.set(mode="enforce", gates={"allow": ["update-web-acl"]})
    assert program.handle(schedule()).code == OK
    assert acl_of(aws) == before
    program.set(mode="observe", waf={"change": True})
    done = program.handle(schedule())
    assert [one["state"] for one in outcomes(done)] == ["would"]
    assert acl_of(aws) == before


def test_a_group_is_added_in_count_and_everything_else_stays(program, aws):
    before = acl_of(aws)
    done = writing(program).handle(schedule())
    assert done.code == OK, done.out + done.err
    assert [one["state"] for one in outcomes(done)] == ["verified"], outcomes(done)
    after = acl_of(aws)
    added = after["Rules"].pop()
    assert added["Name"] == "sallyport-" + INPUTS and added["OverrideAction"] == {"Count": {}}
    assert added["Priority"] not in [rule["Priority"] for rule in before["Rules"]] and added["Priority"] == 2
    assert added["VisibilityConfig"]["SampledRequestsEnabled"]
    assert bare(after) == bare(before)
    # Once more: it is there, and nothing is written.
    again = program.handle(schedule())
    assert outcomes(again) == []
    assert acl_of(aws)["Rules"][-1] == added


def test_what_it_counted_is_looked_at_and_its_promotion_waits_for_a_yes(program, aws):
    assert writing(program).handle(schedule()).code == OK
    asked = program.run("followups", "list", "--json").out
    assert asked.count("waf-group-counted") >= 1 and INPUTS in asked


def test_one_command_takes_it_out_again(program, aws):
    before = acl_of(aws)
    assert writing(program).handle(schedule()).code == OK
    reverted = program.run("waf", "--revert", before["ARN"], "--group", "AWS/" + INPUTS)
    assert reverted.code == OK, reverted.out + reverted.err
    assert bare(acl_of(aws)) == bare(before)
    once_more = program.run("waf", "--revert", before["ARN"], "--group", "AWS/" + INPUTS)
    assert once_more.code in (OK, FAILED) and bare(acl_of(aws)) == bare(before)


def test_an_excluded_host_behind_the_acl_keeps_it_from_being_changed(program, aws):
    before = acl_of(aws)
    writing(program, exclusion_tag="Owner=team-shop@example.com")
    done = program.handle(schedule())
    assert [one["state"] for one in outcomes(done)] == ["held"], done.out
    assert "excluded" in json.dumps(outcomes(done)) or "targets" in json.dumps(outcomes(done))
    assert acl_of(aws) == before


def test_a_lock_conflict_is_tried_again_and_an_unknown_member_is_not(program, aws):
    aws.fault("error", service="wafv2", action="UpdateWebACL", status=400, code="WAFOptimisticLockException", times=2)
    done = writing(program).handle(schedule())
    assert [one["state"] for one in outcomes(done)] == ["verified"], outcomes(done)


def test_a_lost_answer_is_looked_up(program, aws):
    aws.fault("cut-after", service="wafv2", action="UpdateWebACL", times=1)
    writing(program).handle(schedule())
    assert [rule["Name"] for rule in acl_of(aws)["Rules"]].count("sallyport-" + INPUTS) == 1


def test_a_partial_picture_changes_nothing(program, aws):
    before = acl_of(aws)
    aws.fault("access-denied", action="DescribeTargetGroups", account="444455556666", times=-1)
    done = writing(program).handle(schedule())
    assert done.code == UNDETERMINED and outcomes(done) == []
    assert acl_of(aws) == before


def test_the_patch_for_those_who_write_code(program):
    assert program.handle(schedule()).code == OK
    patch = program.run("waf", "--patch")
    assert patch.code == OK and 'vendor_name = "AWS"' in patch.out and "ManagedRuleGroupStatement" in patch.out


def test_an_expired_version_in_an_acl_is_said_and_nothing_is_planned(tmp_path, manager):
    demo = (pathlib.Path(__file__).parents[2] / "sim/estates/aws-demo.yaml").read_text()
    expired = demo.replace("versions: [Version_1.0, Version_1.4]", "versions: [Version_1.4], expiredVersions: [Version_1.0]")
    expired = expired.replace("Name: AWSManagedRulesCommonRuleSet } }", "Name: AWSManagedRulesCommonRuleSet, Version: Version_1.0 } }")
    assert expired.count("Version_1.0") == 2
    (tmp_path / "estate.yaml").write_text(expired)
    aws = AwsSimulator("--limits", "none", "--estate", str(tmp_path / "estate.yaml"))
    program = program_at(tmp_path, aws, manager)
    before = acl_of(aws)
    done = writing(program).handle(schedule())
    assert done.code == OK and outcomes(done) == [], done.out + done.err
    assert "an expired version in it, AWS/AWSManagedRulesCommonRuleSet Version_1.0, has to be replaced first" in done.out
    add = [one for one in map_of(program)["candidates"] if one["kind"] == "add" and one["thing_name"] == "web-acl"]
    assert add and any("expired: WAF refuses any update" in note for note in add[0]["notes"])
    assert acl_of(aws) == before
    assert aws.stop() == 0


# --- what is odd about an estate, and what a run makes of it

TWINS, LOOPED = ("i-0000000000000a001", "i-0000000000000a002"), "i-0000000000000a003"
WIDE, FAR = "i-0000000000000a004", "i-0000000000000a005"
EDGE_ACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/edge-guard/a1b2c3d4-5678-90ab-cdef-EXAMPLE66666"


def behind_alb(here: dict, name: str, instance: str, dns: str = "") -> None:
    """One ALB of a region that the internet reaches, and one host behind it."""
    number = len(here.setdefault("instances", []))
    here["instances"].append({"id": instance, "privateIp": f"10.0.0.{number + 1}",
                              "tags": {"Name": name, "Owner": f"team-{name}@example.com"}})
    here.setdefault("securityGroups", []).append(
        {"GroupId": f"sg-{number:017x}", "ingress": [{"from": 443, "to": 443, "cidrs": ["0.0.0.0/0"]}]})
    here.setdefault("loadBalancers", []).append({"LoadBalancerName": name, "SecurityGroups": [f"sg-{number:017x}"],
                                                 "DNSName": dns or f"{name}.us-east-1.elb.amazonaws.com"})
    here.setdefault("targetGroups", []).append({"TargetGroupName": name, "loadBalancers": [name],
                                                "targets": [{"Id": instance, "Port": 80}]})


def forwards(name: str, port: int = 443) -> dict:
    return {"loadBalancer": name, "Port": port, "DefaultActions": [{"Type": "forward", "targetGroup": name}]}


def edge(name: str, *origins: str, acl: str = "") -> dict:
    listed = [{"Id": f"o{number}", "DomainName": origin} for number, origin in enumerate(origins)]
    return {"Id": name, "DomainName": f"{name.lower()}.cloudfront.net",
            "config": {"CallerReference": name, "Aliases": {"Quantity": 0}, "Comment": "", "Enabled": True, "WebACLId": acl,
                       "Origins": {"Quantity": len(listed), "Items": {"Origin": listed}},
                       "DefaultCacheBehavior": {"TargetOriginId": "o0", "ViewerProtocolPolicy": "allow-all"}}}


def odd_estate() -> dict:
    """Twins of one name in two accounts, a circle of distributions, an origin that is gone, 5,000 listeners."""
    home, member, far = {}, {}, {}
    behind_alb(home, "twin", TWINS[0], "twin.us-east-1.elb.amazonaws.com")
    behind_alb(member, "twin", TWINS[1], "twin.us-east-1.elb.amazonaws.com")
    behind_alb(home, "looped", LOOPED)
    behind_alb(home, "wide", WIDE)
    behind_alb(far, "far", FAR, "far.eu-west-1.elb.amazonaws.com")
    home["listeners"] = [forwards("twin"), forwards("looped")]
    home["listeners"] += [{"loadBalancer": "wide", "Port": port, "DefaultActions": [{"Type": "fixed-response"}]}
                          for port in range(1, 5001)]
    member["listeners"], far["listeners"] = [forwards("twin")], [forwards("far")]
    home["loadBalancers"][0]["Scheme"] = "internal"
    home["webAcls"] = [{"Name": "guard", "DefaultAction": {"Block": {}}, "resources": ["twin", "looped"]},
                       {"Name": "edge-guard", "Id": EDGE_ACL[-36:], "scope": "CLOUDFRONT", "DefaultAction": {"Block": {}}}]
    home["managedRuleGroups"] = [{"VendorName": "AWS", "Name": INPUTS, "scope": "BOTH", "Capacity": 200}]
    far["webAcls"] = [{"Name": "far-guard", "DefaultAction": {"Block": {}}, "resources": ["far"]}]
    distributions = [edge("E1TWIN", "twin.us-east-1.elb.amazonaws.com"), edge("E2LOOP", "e3loop.cloudfront.net"),
                     edge("E3LOOP", "e2loop.cloudfront.net", "looped.us-east-1.elb.amazonaws.com", "e3loop.cloudfront.net"),
                     edge("E4GONE", "gone-1234567890.us-east-1.elb.amazonaws.com"),
                     edge("E5WIDE", "wide.us-east-1.elb.amazonaws.com", acl=EDGE_ACL)]
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                                    "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}]}
    return {"partition": "aws", "regions": ["us-east-1", "eu-west-1"], "accounts": [
        {"id": "111122223333", "regions": {"us-east-1": home, "eu-west-1": far}, "distributions": distributions,
         "users": [{"UserName": "sallyport", "accessKeys": [{"id": AWS_KEY[0], "secret": AWS_KEY[1]}], "allow": ["*"]}]},
        {"id": "444455556666", "regions": {"us-east-1": member},
         "roles": [{"RoleName": "sallyport-reader", "trust": trust, "allow": ["*"]}]}]}


@pytest.fixture
def odd(tmp_path, manager):
    (tmp_path / "odd.json").write_text(json.dumps(odd_estate()))
    aws = AwsSimulator("--limits", "none", "--estate", str(tmp_path / "odd.json"))
    yield program_at(tmp_path, aws, manager), aws
    assert aws.stop() == 0


def whys(answer: dict, instance: str) -> str:
    return " ".join(next(host for host in answer["hosts"] if host["id"] == instance)["why"])


def test_twins_circles_what_is_gone_and_listeners_without_end(odd):
    program, aws = odd
    done = writing(program).handle(schedule())
    assert done.code == UNDETERMINED and outcomes(done) == [], done.out + done.err
    answer = map_of(program, UNDETERMINED)
    found = states(answer)
    # Which of the two the distribution means cannot be told. The internet reaches the second one in any case.
    assert found[TWINS[0]] == "undetermined" and "2 load balancers have the name twin." in whys(answer, TWINS[0])
    assert found[TWINS[1]] == "not"
    assert found[LOOPED] == "behind", "both ways pass the load balancer's ACL, and the circle ends"
    assert found[WIDE] == "undetermined" and "more than 200 listeners" in whys(answer, WIDE)
    gone = [one for one in answer["breaks"] if "E4GONE" in one["where"]]
    assert len(gone) == 1 and "it is gone, or of another account" in gone[0]["why"]
    asked = [one["action"] for one in aws.control("GET", "requests")]
    assert asked.count("DescribeRules") <= 210, "of 5,000 listeners"
    assert "no web ACL is changed: listener rules of wide: more than 200 listeners" in done.out


def test_a_region_that_does_not_answer_makes_no_news_and_hides_none(odd, tmp_path):
    program, aws = odd
    out = tmp_path / "told.jsonl"
    program.set(notify={"channels": [{"name": "file", "type": "json-lines", "path": str(out)}]})

    def told() -> str:
        text = out.read_text() if out.exists() else ""
        out.write_text("")
        return text

    def run() -> tuple:
        program.handle(schedule())
        answer = map_of(program, UNDETERMINED)
        return states(answer), answer["header"]

    assert run()[0][FAR] == "behind" and TWINS[1] in told()
    aws.fault("cut-before", region="eu-west-1", times=-1)
    found, header = run()
    assert FAR not in found and header["changes"] == [] and told() == ""
    assert {gap["part"] for gap in header["gaps"] if gap["region"] == "eu-west-1"} >= {"EC2 instances", "load balancers", "web ACLs"}
    assert "no change in what was read" in program.run("waf").out
    aws.control("DELETE", "faults")
    waf = aws.client("wafv2", "eu-west-1")
    (far,) = waf.list_web_acls(Scope="REGIONAL")["WebACLs"]
    waf.update_web_acl(Name="far-guard", Scope="REGIONAL", Id=far["Id"], LockToken=far["LockToken"], DefaultAction={"Allow": {}},
                       VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "far"})
    found, header = run()
    assert found[FAR] == "counts"
    assert header["changes"] == [f"no longer behind an enforcing web ACL: far ({FAR}): behind -> counts",
                                 "changed: web ACL far-guard: enforced -> counted"]
    message = told()
    assert FAR in message and TWINS[1] not in message


# --- an IP list of SWP to IP sets of WAF

def set_of(aws, name="blocked") -> list:
    waf = aws.client("wafv2")
    known = {one["Name"]: one["Id"] for one in waf.list_ip_sets(Scope="REGIONAL")["IPSets"]}
    return sorted(waf.get_ip_set(Name=name, Scope="REGIONAL", Id=known[name])["IPSet"]["Addresses"])


def ip_sets(run) -> list:
    return [one for plan in run.reports[0]["plans"] for one in plan["outcomes"] if one["kind"] == "update-ip-set"]


def test_an_ip_list_fills_its_sets_and_nothing_is_left_over(program, aws):
    assert program.run("waf", "--now").code == OK
    before = set_of(aws)
    assert before == ["192.0.2.0/24", "198.51.100.7/32"]
    words = ("waf", "ip-list", "guardduty-blocked", "--v4", "blocked", "--json")
    dry = program.run(*words, "--dry-run")
    assert dry.code == OK and set_of(aws) == before, dry.out + dry.err
    assert "+ 203.0.113.0/24" in dry.out and "- 192.0.2.0/24" in dry.out
    program.set(mode="enforce", gates={"allow": ["notify-owner"]})
    refused = program.run(*words)
    assert [one["state"] for one in ip_sets(refused)] == ["refused"] and set_of(aws) == before
    program.set(mode="enforce", gates={"allow": ["update-ip-set"]})
    aws.fault("error", service="wafv2", action="UpdateIPSet", status=400, code="WAFOptimisticLockException", times=1)
    done = program.run(*words)
    assert done.code == OK and [one["state"] for one in ip_sets(done)] == ["verified"], done.out + done.err
    assert set_of(aws) == ["198.51.100.7/32", "203.0.113.0/24"]
    assert set_of(aws, "blocked-six") == ["2001:db8::/32"]
    again = program.run(*words)
    assert again.code == OK and ip_sets(again) == [] and "already" in again.out
    assert "update-ip-set" in program.run("ledger", "export").out


def test_an_ip_list_that_would_empty_a_set_waits_for_a_yes_and_unknown_names_change_nothing(program, aws):
    assert program.run("waf", "--now").code == OK
    program.set(mode="enforce", gates={"allow": ["update-ip-set"]})
    emptied = program.run("waf", "ip-list", "guardduty-blocked", "--v6", "blocked-six", "--json")
    assert [one["state"] for one in ip_sets(emptied)] == ["held"], emptied.out + emptied.err
    assert set_of(aws, "blocked-six") == ["2001:db8::/32"]
    for words, why in ((("GuardDuty-blocked", "--v4", "blocked"), "SWP has no IP list"),
                       (("guardduty-blocked", "--v4", "nowhere"), "there is no IP set `nowhere`"),
                       (("guardduty-blocked", "--v4", "blocked-six"), "it is of IPV6, not of IPV4")):
        unknown = program.run("waf", "ip-list", *words)
        assert unknown.code == UNDETERMINED and why in unknown.out + unknown.err, unknown.out + unknown.err
    assert program.run("waf", "ip-list", "guardduty-blocked").code == UNREADABLE
    assert set_of(aws) == ["192.0.2.0/24", "198.51.100.7/32"]


def test_without_a_map_the_hosts_behind_a_set_are_not_known(program, aws):
    program.set(mode="enforce", gates={"allow": ["update-ip-set"]})
    held = program.run("waf", "ip-list", "guardduty-blocked", "--v4", "blocked", "--json")
    assert [one["state"] for one in ip_sets(held)] == ["refused"] and "no map yet" in held.out, held.out
    assert set_of(aws) == ["192.0.2.0/24", "198.51.100.7/32"]
