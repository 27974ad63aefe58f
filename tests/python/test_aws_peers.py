# SPDX-License-Identifier: Apache-2.0
"""Our own client against moto and against our simulator, with the same estate and the same expectations. Where moto does
not have an operation the test is skipped with that reason; the simulator has them all.

Members have the names of the wire, since that is what the client's test program reads and prints."""
import importlib
import inspect
import json
import re

import pytest

import aws_world
from aws_models import problems_of
from aws_support import AwsSimulator, OurClient
from aws_world import ACCOUNT, BLOCK, BUCKET_POLICY, EC2_TRUST, HOSTS, READ, RULES, SCP
from moto_support import Moto


def moto_lacks(service: str, operation: str) -> bool:
    """Whether moto's classes have no method for it."""
    try:
        responses = importlib.import_module(f"moto.{service.replace('-', '_')}.responses")
    except ImportError:
        return True
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", operation).lower()
    handlers = [member for _, found in inspect.getmembers(responses, inspect.isclass) for member in dir(found)]
    return snake not in handlers


class Peer:
    def __init__(self, name: str, url: str, made: dict, capture):
        self.name, self.made, self.capture = name, made, capture
        self.client = OurClient(url, "--attempts", "1", "--capture", str(capture), region=aws_world.REGION)

    def need(self, service: str, operation: str):
        if self.name == "moto" and moto_lacks(service, operation):
            pytest.skip(f"moto has no {service} {operation}")

    def ask(self, service: str, operation: str, **members):
        """The answer; an error fails the test."""
        self.need(service, operation)
        got = self.client.call(service, operation, members)
        assert got["ok"], got
        return got["answer"]

    def refuse(self, service: str, operation: str, **members):
        """The error: our word for it, and the service's."""
        self.need(service, operation)
        got = self.client.call(service, operation, members)
        assert not got["ok"], got
        return got["error"]["code"], got["error"].get("aws_code")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    moto = Moto()
    try:
        made = aws_world.make_in_moto(moto.url)
        folder = tmp_path_factory.mktemp("peers")
        estate = folder / "estate.yaml"
        estate.write_text(json.dumps(aws_world.estate_for(made)))
        simulator = AwsSimulator("--estate", str(estate), "--limits", "none", "--page-limit", "5")
        peers = {"moto": Peer("moto", moto.url, made, folder / "to-moto"),
                 "simulator": Peer("simulator", simulator.url, {**made, "queue": f"{simulator.url}/{ACCOUNT}/findings"},
                                   folder / "to-simulator")}
        yield peers
        for peer in peers.values():
            peer.client.stop()
        assert simulator.stop() == 0
    finally:
        moto.stop()


@pytest.fixture(params=["moto", "simulator"])
def peer(request, worlds):
    return worlds[request.param]


def document(value):
    """Policies may come as text or decoded."""
    return json.loads(value) if isinstance(value, str) else value


def test_instances(peer):
    answer = peer.ask("ec2", "DescribeInstances", Filter=[{"Name": "instance-state-name", "Value": ["running"]}])
    hosts = {i["instanceId"]: i for r in answer["reservationSet"] for i in r["instancesSet"]}
    assert set(hosts) == {h["id"] for h in peer.made["hosts"]}
    first = peer.made["hosts"][0]
    one = hosts[first["id"]]
    assert (one["privateIpAddress"], one["vpcId"], one["instanceState"]["name"]) == (first["ip"], first["vpc"], "running")
    assert one["tagSet"] == [{"key": "Name", "value": "host <0>"}]
    assert one["iamInstanceProfile"]["arn"] == f"arn:aws:iam::{ACCOUNT}:instance-profile/app/web-profile"
    assert one["networkInterfaceSet"][0]["privateIpAddress"] == first["ip"]


def test_a_listing_goes_to_its_end(peer):
    answer = peer.ask("ec2", "DescribeInstances", MaxResults=5)
    assert sum(len(r["instancesSet"]) for r in answer["reservationSet"]) == HOSTS


def test_an_instance_that_does_not_exist(peer):
    assert peer.refuse("ec2", "DescribeInstances", InstanceId=["i-0123456789abcdef0"]) == (
        "not-found", "InvalidInstanceID.NotFound")


def test_regions(peer):
    regions = peer.ask("ec2", "DescribeRegions")["regionInfo"]
    assert "eu-west-1" in [r["regionName"] for r in regions]


def test_policies(peer):
    policy = peer.ask("iam", "GetPolicy", PolicyArn=peer.made["policy"])["Policy"]
    version = peer.ask("iam", "GetPolicyVersion", PolicyArn=peer.made["policy"], VersionId=policy["DefaultVersionId"])
    assert document(version["PolicyVersion"]["Document"]) == READ
    assert peer.refuse("iam", "GetPolicy", PolicyArn=peer.made["policy"] + "x") == ("not-found", "NoSuchEntity")


def test_account_details(peer):
    details = peer.ask("iam", "GetAccountAuthorizationDetails", Filter=["Role", "LocalManagedPolicy"])
    web = next(r for r in details["RoleDetailList"] if r["RoleName"] == "web")
    assert web["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/app/web"
    assert document(web["AssumeRolePolicyDocument"]) == EC2_TRUST
    assert [p["PolicyArn"] for p in web["AttachedManagedPolicies"]] == [peer.made["policy"]]
    assert [p["PolicyName"] for p in web["RolePolicyList"]] == ["read"]
    assert document(web["RolePolicyList"][0]["PolicyDocument"]) == READ
    assert [p["InstanceProfileName"] for p in web["InstanceProfileList"]] == ["web-profile"]
    assert peer.made["policy"] in [p["Arn"] for p in details["Policies"]]


def test_who_we_are_and_a_role(peer):
    assert peer.ask("sts", "GetCallerIdentity")["Account"] == ACCOUNT
    role = f"arn:aws:iam::{ACCOUNT}:role/" + ("reader" if peer.name == "simulator" else "app/web")
    session = peer.ask("sts", "AssumeRole", RoleArn=role, RoleSessionName="test")
    assert session["AssumedRoleUser"]["Arn"].endswith("/test")


def test_bucket_settings(peer):
    policy = peer.ask("s3", "GetBucketPolicy", Bucket="data")
    assert document(policy["Policy"]) == BUCKET_POLICY
    assert peer.ask("s3", "GetPublicAccessBlock", Bucket="data") == BLOCK
    acl = peer.ask("s3", "GetBucketAcl", Bucket="data")
    assert [g["Permission"] for g in acl["AccessControlList"]] == ["FULL_CONTROL"]
    assert "BucketOwnerEnforced" in json.dumps(peer.ask("s3", "GetBucketOwnershipControls", Bucket="data"))
    assert "us-east-1" in json.dumps(peer.ask("s3", "GetBucketLocation", Bucket="data"))


def test_bucket_errors(peer):
    assert peer.refuse("s3", "GetBucketPolicy", Bucket="plain") == ("not-found", "NoSuchBucketPolicy")
    assert peer.refuse("s3", "GetPublicAccessBlock", Bucket="plain") == ("not-found", "NoSuchPublicAccessBlockConfiguration")
    assert peer.refuse("s3", "GetBucketAcl", Bucket="no-such-bucket")[1] == "NoSuchBucket"


def test_the_accounts_public_access_block(peer):
    if peer.name == "moto":
        pytest.skip("moto finds S3 Control by its host name, not behind an endpoint override")
    assert peer.ask("s3control", "GetPublicAccessBlock", **{"x-amz-account-id": ACCOUNT}) == BLOCK


def test_keys(peer):
    key = peer.ask("kms", "DescribeKey", KeyId=peer.made["key"])["KeyMetadata"]
    assert key["KeyId"] == peer.made["key"] and key["KeyManager"] == "CUSTOMER"
    grants = peer.ask("kms", "ListGrants", KeyId=peer.made["key"])["Grants"]
    assert [g["GrantId"] for g in grants] == [peer.made["grant"]]
    assert peer.refuse("kms", "DescribeKey", KeyId="00000000-0000-0000-0000-000000000000") == ("not-found", "NotFoundException")


def test_a_key_policy(peer):
    if peer.name == "moto":
        pytest.skip("moto 5.2 insists on PolicyName, which KMS takes for `default` when it is left out")
    policy = peer.ask("kms", "GetKeyPolicy", KeyId=peer.made["key"])
    assert document(policy["Policy"]) == SCP


def test_the_organization(peer):
    assert peer.ask("organizations", "DescribeOrganization")["Organization"]["Id"] == peer.made["organization"]
    assert [p["Id"] for p in peer.ask("organizations", "ListParents", ChildId=ACCOUNT)["Parents"]] == [peer.made["root"]]
    found = peer.ask("organizations", "ListPoliciesForTarget", TargetId=peer.made["root"], Filter="SERVICE_CONTROL_POLICY")
    assert peer.made["scp"] in [p["Id"] for p in found["Policies"]]
    policy = peer.ask("organizations", "DescribePolicy", PolicyId=peer.made["scp"])["Policy"]
    assert document(policy["Content"]) == SCP


def test_load_balancers(peer):
    balancers = peer.ask("elbv2", "DescribeLoadBalancers")["LoadBalancers"]
    assert [(b["LoadBalancerArn"], b["Type"], b["DNSName"]) for b in balancers] == [
        (peer.made["balancer"], "application", peer.made["balancer_dns"])]
    groups = peer.ask("elbv2", "DescribeTargetGroups", LoadBalancerArn=peer.made["balancer"])["TargetGroups"]
    assert [g["TargetGroupArn"] for g in groups] == [peer.made["group"]]
    health = peer.ask("elbv2", "DescribeTargetHealth", TargetGroupArn=peer.made["group"])["TargetHealthDescriptions"]
    assert [h["Target"]["Id"] for h in health] == [h["id"] for h in peer.made["hosts"][:2]]
    listeners = peer.ask("elbv2", "DescribeListeners", LoadBalancerArn=peer.made["balancer"])["Listeners"]
    assert peer.made["group"] in json.dumps(listeners[0]["DefaultActions"])
    rules = peer.ask("elbv2", "DescribeRules", ListenerArn=peer.made["listener"])["Rules"]
    assert [r["IsDefault"] for r in rules] == [True]
    assert peer.refuse("elbv2", "DescribeLoadBalancers", Names=["none"]) == ("not-found", "LoadBalancerNotFound")


def test_classic_load_balancers(peer):
    found = peer.ask("elb", "DescribeLoadBalancers")["LoadBalancerDescriptions"]
    assert [b["LoadBalancerName"] for b in found] == ["old"]
    assert peer.made["hosts"][2]["id"] in json.dumps(found[0]["Instances"])


def test_web_acls(peer):
    listed = peer.ask("wafv2", "ListWebACLs", Scope="REGIONAL")["WebACLs"]
    assert [a["ARN"] for a in listed] == [peer.made["acl"]]
    read = peer.ask("wafv2", "GetWebACL", Name="acl", Scope="REGIONAL", Id=listed[0]["Id"])
    rules = [{key: value for key, value in rule.items() if value is not None} for rule in read["WebACL"]["Rules"]]
    assert rules == RULES and read["LockToken"]


def test_resources_of_a_web_acl(peer):
    answer = peer.ask("wafv2", "ListResourcesForWebACL", WebACLArn=peer.made["acl"])
    assert answer["ResourceArns"] == [peer.made["balancer"]]


def test_managed_rule_groups(peer):
    groups = peer.ask("wafv2", "ListAvailableManagedRuleGroups", Scope="REGIONAL")["ManagedRuleGroups"]
    assert "AWSManagedRulesCommonRuleSet" in [g["Name"] for g in groups]


def test_distributions(peer):
    listed = peer.ask("cloudfront", "ListDistributions")
    assert peer.made["distribution"] in json.dumps(listed)
    assert "data.s3.amazonaws.com" in json.dumps(listed)


def test_clusters(peer):
    assert peer.ask("ecs", "ListClusters")["clusterArns"] == [peer.made["cluster"]]
    assert peer.ask("ecs", "ListTasks", cluster="shop").get("taskArns", []) == []
    assert peer.ask("ecs", "ListContainerInstances", cluster="shop").get("containerInstanceArns", []) == []
    assert peer.ask("ecs", "ListServices", cluster="shop").get("serviceArns", []) == []
    assert peer.refuse("ecs", "ListTasks", cluster="none") == ("not-found", "ClusterNotFoundException")


def test_guardduty(peer):
    answer = peer.ask("guardduty", "ListDetectors")
    assert answer["detectorIds"] == [peer.made["detector"]]


def test_findings_of_services_without_any(peer):
    assert peer.ask("inspector2", "ListFindings", filterCriteria={
        "severity": [{"comparison": "EQUALS", "value": "CRITICAL"}]}).get("findings", []) == []


def test_evaluations(peer):
    one = {"ComplianceResourceType": "AWS::EC2::Instance", "ComplianceResourceId": peer.made["hosts"][0]["id"],
           "ComplianceType": "COMPLIANT", "OrderingTimestamp": "2026-11-24T00:00:00Z"}
    answer = peer.ask("config", "PutEvaluations", Evaluations=[dict(one, OrderingTimestamp=1795478400)],
                      ResultToken="token", TestMode=True)
    assert answer.get("FailedEvaluations", []) == []


def test_a_message_goes_through_a_queue(peer):
    url = peer.ask("sqs", "GetQueueUrl", QueueName="findings")["QueueUrl"]
    assert url == peer.made["queue"]
    body = 'text with & < > " ✓'
    sent = peer.ask("sqs", "SendMessage", QueueUrl=url, MessageBody=body)
    got = peer.ask("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=600,
                   MessageSystemAttributeNames=["ApproximateReceiveCount"])["Messages"]
    assert [(m["MessageId"], m["Body"]) for m in got] == [(sent["MessageId"], body)]
    assert got[0]["Attributes"]["ApproximateReceiveCount"] == "1"
    handle = got[0]["ReceiptHandle"]
    longer = {"Id": "a", "ReceiptHandle": handle, "VisibilityTimeout": 700}
    assert "a" in json.dumps(peer.ask("sqs", "ChangeMessageVisibilityBatch", QueueUrl=url, Entries=[longer]))
    done = peer.ask("sqs", "DeleteMessageBatch", QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": handle}])
    assert "a" in json.dumps(done) and not done.get("Failed")
    assert not peer.ask("sqs", "ReceiveMessage", QueueUrl=url).get("Messages")
    assert peer.refuse("sqs", "GetQueueUrl", QueueName="none")[0] == "not-found"


def test_a_topic(peer):
    assert peer.ask("sns", "Publish", TopicArn=peer.made["topic"], Subject="hi", Message="a & b")["MessageId"]
    assert peer.refuse("sns", "Publish", TopicArn=peer.made["topic"] + "x", Message="m")[0] == "not-found"


# --- last: what was sent, held against the models


def captured(peer):
    return [json.loads(line) for line in peer.capture.read_text().splitlines()]


def test_every_request_fits_the_service_models(worlds):
    requests = [request for peer in worlds.values() for request in captured(peer)]
    assert len(requests) > 70
    assert [problem for request in requests for problem in problems_of(request)] == []


def spoilt(request, **changes):
    return {**request, **changes}


def test_the_models_notice_what_is_wrong(worlds):
    """The check can fail, in every protocol."""
    requests = captured(worlds["simulator"])

    def one(text):
        return next(r for r in requests if text in json.dumps(r))

    ec2 = one("Action=DescribeInstances&")
    assert "has no member" in problems_of(spoilt(ec2, body=ec2["body"] + "&Filters.1.Name=x"))[0]
    assert "is no number" in problems_of(spoilt(ec2, body=ec2["body"] + "&MaxResults=x"))[0]
    iam = one("Action=GetPolicy&")
    assert "lacks PolicyArn" in problems_of(spoilt(iam, body="Action=GetPolicy&Version=2010-05-08"))[0]
    assert "no operation" in problems_of(spoilt(iam, body="Action=GetPolizy&Version=2010-05-08"))[0]
    kms = one("TrentService.DescribeKey")
    assert problems_of(spoilt(kms, body='{"KeyID":"x"}')) == ["kms.DescribeKey: DescribeKey: has no member KeyID",
                                                              "kms.DescribeKey: DescribeKey: lacks KeyId"]
    assert "is no string" in problems_of(spoilt(kms, body='{"KeyId":1}'))[0]
    findings = one("/findings/list")
    assert "has no member" in problems_of(spoilt(findings, body='{"filter":{}}'))[0]
    bucket = one("?ownershipControls")
    assert "has no parameter" in problems_of(spoilt(bucket, url=bucket["url"] + "&max=1"))[0]
    control = one("/v20180820/configuration/publicAccessBlock")
    bare = {n: v for n, v in control["headers"].items() if n.lower() != "x-amz-account-id"}
    assert "lacks AccountId" in problems_of(spoilt(control, headers=bare))[0]
