# SPDX-License-Identifier: Apache-2.0
"""botocore against the simulated AWS: every answer of every operation is parsed by AWS's own client and compared with
what the demonstration estate holds. `test_every_operation_was_called` fails when an operation is left out."""
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import time

import botocore.auth
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError
from botocore.parsers import ResponseParserError

from aws_support import AUDITOR, KEY, MANAGEMENT, AwsSimulator
from conftest import build_dir

US = "us-east-1"
WEB_ALB = "web-alb"
MACIE_FINDING = "2aa22222-bb22-cc22-dd22-eeeeeeeeee22"


@pytest.fixture(scope="module")
def aws():
    running = AwsSimulator("--limits", "none")
    yield running
    assert running.stop() == 0


@pytest.fixture(autouse=True)
def no_faults_left(aws):
    yield
    aws.control("DELETE", "faults")


def code_of(call, *arguments, **more) -> str:
    with pytest.raises(ClientError) as caught:
        call(*arguments, **more)
    return caught.value.response["Error"]["Code"]


def status_of(call, *arguments, **more) -> int:
    with pytest.raises(ClientError) as caught:
        call(*arguments, **more)
    return caught.value.response["ResponseMetadata"]["HTTPStatusCode"]


def balancer_arn(aws, name: str) -> str:
    found = aws.client("elbv2").describe_load_balancers(Names=[name])["LoadBalancers"]
    return found[0]["LoadBalancerArn"]


# --- EC2


def test_instances_have_what_the_estate_says(aws):
    answer = aws.client("ec2").describe_instances(InstanceIds=["i-0123456789abcdef0"])
    reservation = answer["Reservations"][0]
    assert reservation["OwnerId"] == "111122223333"
    web = reservation["Instances"][0]
    assert web["State"] == {"Code": 16, "Name": "running"}
    assert web["IamInstanceProfile"]["Arn"] == "arn:aws:iam::111122223333:instance-profile/app/web-profile"
    assert {"Key": "Owner", "Value": "team-web@example.com"} in web["Tags"]
    assert (web["PrivateIpAddress"], web["PublicIpAddress"]) == ("10.0.4.21", "203.0.113.21")
    assert web["PublicDnsName"] == "ec2-203-0-113-21.compute-1.amazonaws.com"
    assert web["PrivateDnsName"] == "ip-10-0-4-21.ec2.internal"
    assert web["Placement"]["AvailabilityZone"] == "us-east-1a"
    assert "Platform" not in web and web["PlatformDetails"] == "Linux/UNIX"
    interface = web["NetworkInterfaces"][0]
    assert [a["PrivateIpAddress"] for a in interface["PrivateIpAddresses"]] == ["10.0.4.21", "10.0.4.121"]
    assert interface["Association"]["PublicIp"] == "203.0.113.21"
    assert interface["Ipv6Addresses"] == [{"Ipv6Address": "2001:db8::21"}]
    assert interface["Groups"] == [{"GroupId": "sg-0a1b2c3d4e5f60718", "GroupName": "web-sg"}]


def test_instance_filters_ids_and_errors(aws):
    ec2 = aws.client("ec2")

    def ids(*filters):
        answer = ec2.describe_instances(Filters=[{"Name": n, "Values": v} for n, v in filters])
        return [i["InstanceId"] for r in answer["Reservations"] for i in r["Instances"]]

    assert ids(("instance-id", ["i-0a1b2c3d4e5f60718", "i-0999999999999999f"])) == ["i-0a1b2c3d4e5f60718"]
    assert ids(("private-ip-address", ["10.0.4.55"])) == ["i-0dddd1111eeee2222"]
    assert ids(("ip-address", ["203.0.113.*"])) == ["i-0123456789abcdef0"]
    assert ids(("network-interface.addresses.private-ip-address", ["10.0.4.121"])) == ["i-0123456789abcdef0"]
    assert ids(("tag:Env", ["prod"]), ("tag:Name", ["db-*"])) == ["i-00aa11bb22cc33dd4"]
    assert ids(("instance-state-name", ["terminated"])) == ["i-0deadbeefdeadbeef"]
    profile = ["arn:aws:iam::111122223333:instance-profile/app/web-profile"]
    assert len(ids(("iam-instance-profile.arn", profile), ("instance-state-name", ["running"]))) == 2
    gone = ec2.describe_instances(InstanceIds=["i-0deadbeefdeadbeef"])["Reservations"][0]["Instances"][0]
    assert "IamInstanceProfile" not in gone
    assert code_of(ec2.describe_instances, InstanceIds=["i-0999999999999999f"]) == "InvalidInstanceID.NotFound"
    assert code_of(ec2.describe_instances, InstanceIds=["x"]) == "InvalidInstanceID.Malformed"
    assert code_of(ec2.describe_instances, InstanceIds=["i-0123456789abcdef0"], MaxResults=5) == "InvalidParameterCombination"
    assert code_of(ec2.describe_instances, MaxResults=4) == "InvalidParameterValue"
    assert code_of(ec2.describe_instances, Filters=[{"Name": "no-such", "Values": ["x"]}]) == "InvalidParameterValue"
    assert code_of(ec2.describe_instances, NextToken="made-up") == "InvalidNextToken"
    assert code_of(ec2.describe_instances, Filters=[{"Name": "instance-id", "Values": ["i"] * 201}]) == "FilterLimitExceeded"


def test_instances_are_paged_to_the_end_and_tokens_fit_one_call_only(aws):
    ec2 = aws.client("ec2")
    pages = list(ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5}))
    assert [len(p["Reservations"]) for p in pages] == [5, 5, 1]
    assert len({r["Instances"][0]["InstanceId"] for p in pages for r in p["Reservations"]}) == 11
    other = [{"Name": "tag:Env", "Values": ["prod"]}]
    assert code_of(ec2.describe_instances, NextToken=pages[0]["NextToken"], Filters=other) == "InvalidNextToken"


def test_regions(aws):
    ec2 = aws.client("ec2")
    regions = ec2.describe_regions(AllRegions=True)["Regions"]
    assert {r["RegionName"]: r["OptInStatus"] for r in regions}["ap-east-1"] == "not-opted-in"
    assert "ap-east-1" not in [r["RegionName"] for r in ec2.describe_regions()["Regions"]]
    assert regions[0]["Endpoint"] == "ec2.us-east-1.amazonaws.com"


# --- IAM


def test_policies(aws):
    iam = aws.client("iam")
    writer = "arn:aws:iam::111122223333:policy/invoices-writer"
    policy = iam.get_policy(PolicyArn=writer)["Policy"]
    assert policy["DefaultVersionId"] == "v2"
    version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId="v2")["PolicyVersion"]
    assert version["IsDefaultVersion"] and version["Document"]["Statement"][1]["Sid"] == "Never"
    assert iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")["Policy"]["PolicyName"]
    assert code_of(iam.get_policy_version, PolicyArn=policy["Arn"], VersionId="v9") == "NoSuchEntity"
    assert code_of(iam.get_policy, PolicyArn=writer + "x") == "NoSuchEntity"
    assert status_of(iam.get_policy, PolicyArn=writer + "x") == 404


def test_account_authorization_details(aws):
    iam = aws.client("iam")
    pages = list(iam.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 4}))
    assert len(pages) > 1
    assert [p["IsTruncated"] for p in pages] == [True] * (len(pages) - 1) + [False]
    roles = {r["RoleName"]: r for p in pages for r in p["RoleDetailList"]}
    assert set(roles) == {"web", "batch", "db", "web-identity"}
    web = roles["web"]
    assert web["Arn"] == "arn:aws:iam::111122223333:role/app/web" and web["RoleId"].startswith("AROA")
    assert web["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert web["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith(":policy/limits/boundary")
    assert web["Tags"] == [{"Key": "Team", "Value": "web"}]
    assert [p["PolicyName"] for p in web["RolePolicyList"]] == ["read-customers", "plus + and percent %"]
    assert web["RolePolicyList"][1]["PolicyDocument"]["Statement"][0]["Sid"] == "a+b 100%"
    assert roles["web"]["InstanceProfileList"][0]["InstanceProfileName"] == "web-profile"
    assert roles["web"]["RolePolicyList"][0]["PolicyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert roles["batch"]["AttachedManagedPolicies"][1]["PolicyName"] == "AmazonS3ReadOnlyAccess"
    policies = {p["PolicyName"]: p for page in pages for p in page["Policies"]}
    assert set(policies) == {"invoices-writer", "boundary", "AmazonS3ReadOnlyAccess", "AmazonSSMManagedInstanceCore"}
    assert [v["VersionId"] for v in policies["invoices-writer"]["PolicyVersionList"]] == ["v1", "v2"]
    assert [u["UserName"] for p in pages for u in p["UserDetailList"]] == ["sallyport", "auditor"]
    only = iam.get_account_authorization_details(Filter=["LocalManagedPolicy"])
    assert only["RoleDetailList"] == [] and len(only["Policies"]) == 2


# --- STS and credentials


def assumed(aws, **more):
    return aws.client("sts").assume_role(RoleArn="arn:aws:iam::444455556666:role/sallyport-reader",
                                         RoleSessionName="test", ExternalId="sallyport-demo", **more)


def test_a_role_in_another_account_is_assumed_with_its_external_id(aws):
    answer = assumed(aws)
    assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::444455556666:assumed-role/sallyport-reader/test"
    given = answer["Credentials"]
    assert 3500 < given["Expiration"].timestamp() - time.time() < 3700
    keys = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    who = aws.client("sts", keys=keys).get_caller_identity()
    assert (who["Account"], who["Arn"]) == ("444455556666", answer["AssumedRoleUser"]["Arn"])
    there = aws.client("ec2", "eu-west-1", keys=keys).describe_instances()["Reservations"]
    assert [r["Instances"][0]["InstanceId"] for r in there] == ["i-0444455556666aaaa"]
    denied = aws.client("wafv2", "eu-west-1", keys=keys)
    with pytest.raises(ClientError) as caught:
        denied.update_web_acl(Name="x", Scope="REGIONAL", Id="x", LockToken="x", DefaultAction={"Allow": {}},
                              VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True,
                                                "MetricName": "x"})
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    assert "wafv2:UpdateWebACL" in caught.value.response["Error"]["Message"]


def test_what_the_trust_policy_does_not_allow_is_refused(aws):
    sts = aws.client("sts")
    role = "arn:aws:iam::444455556666:role/sallyport-reader"
    assert code_of(sts.assume_role, RoleArn=role, RoleSessionName="test") == "AccessDenied"
    assert code_of(sts.assume_role, RoleArn=role, RoleSessionName="test", ExternalId="other") == "AccessDenied"
    assert code_of(sts.assume_role, RoleArn=role + "x", RoleSessionName="test") == "AccessDenied"
    assert code_of(assumed, aws, DurationSeconds=7200) == "ValidationError"
    assert code_of(sts.assume_role, RoleArn=role, RoleSessionName="bad name") == "ValidationError"


def test_web_identity_needs_no_signature(aws):
    from botocore import UNSIGNED
    sts = aws.client("sts", signature_version=UNSIGNED)
    role = "arn:aws:iam::111122223333:role/web-identity"
    subject = "system:serviceaccount:sallyport"

    def ask(token):
        return sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="pod", WebIdentityToken=token)

    assert code_of(ask, "sim:oidc.example.com|someone") == "AccessDenied"
    assert code_of(ask, "no token") == "InvalidIdentityToken"
    assert code_of(ask, "sim:oidc.example.com|expired") == "ExpiredTokenException"
    answer = ask("sim:oidc.example.com|" + subject)
    assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/web-identity/pod")
    assert answer["SubjectFromWebIdentityToken"] == subject


SERVICES_BY_FAMILY = [
    ("ec2", lambda c: c.describe_regions, {}, "AuthFailure", "SignatureDoesNotMatch", "RequestExpired"),
    ("iam", lambda c: c.get_account_authorization_details, {}, "InvalidClientTokenId", "SignatureDoesNotMatch", "SignatureDoesNotMatch"),
    ("wafv2", lambda c: c.list_web_acls, {"Scope": "REGIONAL"}, "UnrecognizedClientException",
     "InvalidSignatureException", "InvalidSignatureException"),
    ("guardduty", lambda c: c.list_detectors, {}, "UnrecognizedClientException", "InvalidSignatureException",
     "InvalidSignatureException"),
    ("s3", lambda c: c.get_bucket_acl, {"Bucket": "example-customers"}, "InvalidAccessKeyId", "SignatureDoesNotMatch",
     "RequestTimeTooSkewed"),
]


@pytest.mark.parametrize("service,call,arguments,unknown,mismatch,skewed", SERVICES_BY_FAMILY,
                         ids=[row[0] for row in SERVICES_BY_FAMILY])
def test_bad_keys_signatures_and_clocks_get_the_words_of_the_service(aws, service, call, arguments, unknown, mismatch,
                                                                     skewed, monkeypatch):
    wrong_key = aws.client(service, keys=("AKIAUNKNOWNEXAMPLE00", "x" * 40))
    assert code_of(call(wrong_key), **arguments) == unknown
    wrong_secret = aws.client(service, keys=(KEY[0], "x" * 40))
    assert code_of(call(wrong_secret), **arguments) == mismatch
    late = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(minutes=20)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: late)
    with pytest.raises(ClientError) as caught:
        call(aws.client(service))(**arguments)
    assert caught.value.response["Error"]["Code"] == skewed
    # What a client corrects its clock by.
    assert "date" in caught.value.response["ResponseMetadata"]["HTTPHeaders"]


def test_sessions_expire(aws):
    given = assumed(aws, DurationSeconds=900)["Credentials"]
    keys = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    ec2 = aws.client("ec2", "eu-west-1", keys=keys)
    assert ec2.describe_regions()["Regions"]
    wrong_token = aws.client("ec2", "eu-west-1", keys=(keys[0], keys[1], "other"))
    assert code_of(wrong_token.describe_regions) == "AuthFailure"
    aws.fault("expired-token", times=1)
    assert code_of(aws.client("iam", keys=keys).get_account_authorization_details) == "ExpiredToken"


def test_a_region_that_is_not_enabled_and_global_services_elsewhere(aws):
    assert code_of(aws.client("ec2", "ap-east-1").describe_instances) == "AuthFailure"
    assert code_of(aws.client("ecs", "ap-east-1").list_clusters) == "UnrecognizedClientException"
    assert code_of(aws.client("ecs", "xx-nowhere-1").list_clusters) == "UnrecognizedClientException"


def test_permissions_name_the_action(aws):
    ec2, iam = aws.client("ec2", keys=AUDITOR), aws.client("iam", keys=AUDITOR)
    assert ec2.describe_instances()["Reservations"]
    with pytest.raises(ClientError) as caught:
        ec2.describe_regions()
    assert caught.value.response["Error"]["Code"] == "UnauthorizedOperation"
    assert "ec2:DescribeRegions" in caught.value.response["Error"]["Message"]
    assert code_of(iam.get_policy, PolicyArn="arn:aws:iam::111122223333:policy/invoices-writer") == "AccessDenied"
    assert code_of(aws.client("ecs", keys=AUDITOR).list_clusters) == "AccessDeniedException"


# --- S3


def test_bucket_settings(aws):
    s3 = aws.client("s3")
    policy = json.loads(s3.get_bucket_policy(Bucket="example-customers", ExpectedBucketOwner="111122223333")["Policy"])
    assert policy["Statement"][0]["Sid"] == "Batch"
    grants = s3.get_bucket_acl(Bucket="example-site")["Grants"]
    assert grants[0]["Grantee"]["Type"] == "CanonicalUser" and grants[0]["Permission"] == "FULL_CONTROL"
    assert grants[1] == {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
                         "Permission": "READ"}
    assert len(s3.get_bucket_acl(Bucket="example-customers")["Grants"]) == 1
    block = s3.get_public_access_block(Bucket="example-customers")["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], True)
    rules = s3.get_bucket_ownership_controls(Bucket="example-customers")["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    encryption = s3.get_bucket_encryption(Bucket="example-customers")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert s3.get_bucket_encryption(Bucket="example-site")["ServerSideEncryptionConfiguration"]["Rules"][0][
        "ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert s3.get_bucket_location(Bucket="example-customers").get("LocationConstraint") is None


def test_bucket_errors(aws):
    s3 = aws.client("s3")
    assert code_of(s3.get_bucket_policy, Bucket="example-nothing") == "NoSuchBucket"
    assert code_of(s3.get_public_access_block, Bucket="example-site") == "NoSuchPublicAccessBlockConfiguration"
    frankfurt = aws.client("s3", "eu-central-1")
    assert code_of(frankfurt.get_bucket_policy, Bucket="example-invoices") == "NoSuchBucketPolicy"
    assert code_of(frankfurt.get_bucket_ownership_controls, Bucket="example-invoices") == "OwnershipControlsNotFoundError"
    assert code_of(s3.get_bucket_acl, Bucket="example-site", ExpectedBucketOwner="444455556666") == "AccessDenied"
    assert status_of(s3.get_bucket_acl, Bucket="example-nothing") == 404


def test_other_accounts_see_only_what_the_bucket_policy_gives(aws):
    given = assumed(aws)["Credentials"]
    stage = aws.client("s3", keys=(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))
    assert stage.get_bucket_acl(Bucket="example-customers")["Grants"]
    assert code_of(stage.get_bucket_location, Bucket="example-customers") == "AccessDenied"
    assert code_of(stage.get_bucket_policy, Bucket="example-customers") == "MethodNotAllowed"


def test_a_wrong_region_is_told_and_botocore_goes_there(aws):
    for region in ("us-east-1", "eu-west-1"):
        s3 = aws.client("s3", region)
        assert s3.get_bucket_location(Bucket="example-invoices")["LocationConstraint"] == "eu-central-1"
    regions = [c["region"] for c in aws.control("GET", "requests") if c["action"] == "GetBucketLocation"]
    assert regions[-4:] == ["us-east-1", "eu-central-1", "eu-west-1", "eu-central-1"]


def test_access_points_and_the_account_block(aws):
    control = aws.client("s3control")
    points = control.list_access_points(AccountId="111122223333", Bucket="example-customers")["AccessPointList"]
    assert [(p["Name"], p["NetworkOrigin"]) for p in points] == [("customers-web", "VPC"), ("customers-open", "Internet")]
    assert points[0]["AccessPointArn"] == "arn:aws:s3:us-east-1:111122223333:accesspoint/customers-web"
    policy = json.loads(control.get_access_point_policy(AccountId="111122223333", Name="customers-web")["Policy"])
    assert policy["Statement"][0]["Principal"]["AWS"].endswith(":role/app/web")
    assert code_of(control.get_access_point_policy, AccountId="111122223333", Name="customers-open") == "NoSuchAccessPointPolicy"
    settings = control.get_access_point(AccountId="111122223333", Name="customers-web")
    assert settings["NetworkOrigin"] == "VPC" and settings["Bucket"] == "example-customers"
    assert settings["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": False, "IgnorePublicAcls": False, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
    untold = control.get_access_point(AccountId="111122223333", Name="customers-open")["PublicAccessBlockConfiguration"]
    assert set(untold.values()) == {True}
    assert code_of(control.get_access_point, AccountId="111122223333", Name="none") == "NoSuchAccessPoint"
    block = control.get_public_access_block(AccountId="111122223333")["PublicAccessBlockConfiguration"]
    assert block["IgnorePublicAcls"] is True and block["BlockPublicPolicy"] is False
    assert code_of(control.get_public_access_block, AccountId="444455556666") == "AccessDenied"


# --- KMS, Organizations


def test_keys(aws):
    kms = aws.client("kms")
    key = kms.describe_key(KeyId="alias/customers")["KeyMetadata"]
    assert key["Arn"] == "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    assert key["KeyState"] == "Enabled" and key["KeyManager"] == "CUSTOMER"
    policy = json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"])
    assert policy["Statement"][0]["Sid"] == "Root"
    pages = list(kms.get_paginator("list_grants").paginate(KeyId=key["Arn"], PaginationConfig={"PageSize": 1}))
    assert [g["Operations"] for p in pages for g in p["Grants"]] == [["Decrypt", "GenerateDataKey"], ["Decrypt"]]
    assert code_of(kms.describe_key, KeyId="1234abcd-12ab-34cd-56ef-000000000000") == "NotFoundException"
    assert code_of(kms.get_key_policy, KeyId="alias/customers", PolicyName="default") == "InvalidArnException"
    foreign = key["Arn"].replace("111122223333", "444455556666")
    assert code_of(kms.get_key_policy, KeyId=foreign, PolicyName="default") == "AccessDeniedException"


def test_the_organization_is_read_from_its_management_account(aws):
    member, management = aws.client("organizations"), aws.client("organizations", keys=MANAGEMENT)
    assert member.describe_organization()["Organization"]["MasterAccountId"] == "123456789012"
    assert code_of(member.list_parents, ChildId="111122223333") == "AccessDeniedException"
    parent = management.list_parents(ChildId="111122223333")["Parents"][0]
    assert parent == {"Id": "ou-exam-prodprod", "Type": "ORGANIZATIONAL_UNIT"}
    assert management.list_parents(ChildId=parent["Id"])["Parents"] == [{"Id": "r-exam", "Type": "ROOT"}]
    found = management.list_policies_for_target(TargetId=parent["Id"], Filter="SERVICE_CONTROL_POLICY")["Policies"]
    assert [p["Name"] for p in found] == ["FullAWSAccess", "no-leaving"]
    policy = management.describe_policy(PolicyId="p-examplescp01")["Policy"]
    assert json.loads(policy["Content"])["Statement"][0]["Effect"] == "Deny"
    assert policy["PolicySummary"]["AwsManaged"] is False
    assert code_of(management.describe_policy, PolicyId="p-none0000") == "PolicyNotFoundException"
    assert code_of(management.list_parents, ChildId="999999999999") == "ChildNotFoundException"
    accounts = management.list_accounts()["Accounts"]
    assert "111122223333" in {account["Id"] for account in accounts}
    assert code_of(member.list_accounts) == "AccessDeniedException"


def test_what_who_can_reads_beside_policies(aws):
    s3, iam, ec2 = aws.client("s3"), aws.client("iam"), aws.client("ec2")
    assert s3.get_bucket_request_payment(Bucket="example-customers")["Payer"] in ("BucketOwner", "Requester")
    assert s3.get_bucket_versioning(Bucket="example-customers").get("Status") in (None, "Enabled", "Suspended")
    assert isinstance(ec2.describe_vpc_endpoints()["VpcEndpoints"], list)
    users = iam.get_account_authorization_details(Filter=["User"])["UserDetailList"]
    keys = [iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"] for user in users]
    assert all(key["Status"] in ("Active", "Inactive") for of_user in keys for key in of_user)
    assert code_of(iam.list_access_keys, UserName="nobody-of-that-name") == "NoSuchEntity"


# --- CloudFront


def test_distributions(aws):
    front = aws.client("cloudfront")
    listed = front.list_distributions()["DistributionList"]
    assert listed["Quantity"] == 2 and listed["IsTruncated"] is False
    first = listed["Items"][0]
    assert (first["Id"], first["Status"], first["WebACLId"]) == ("EDFDVBD6EXAMPLE", "Deployed", "")
    assert first["Comment"] == "shop & blog"
    assert [o["DomainName"] for o in first["Origins"]["Items"]][1].startswith("legacy-clb-")
    assert first["Origins"]["Items"][0]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert first["Aliases"]["Items"] == ["www.example.com"]
    pages = list(front.get_paginator("list_distributions").paginate(PaginationConfig={"PageSize": 1}))
    assert [p["DistributionList"]["Items"][0]["Id"] for p in pages] == ["EDFDVBD6EXAMPLE", "E2QWRUHEXAMPLE"]
    acl = listed["Items"][1]["WebACLId"]
    assert front.list_distributions_by_web_acl_id(WebACLId=acl)["DistributionList"]["Items"][0]["Id"] == "E2QWRUHEXAMPLE"
    assert front.list_distributions_by_web_acl_id(WebACLId="null")["DistributionList"]["Quantity"] == 1


# --- load balancers


def test_classic_load_balancers(aws):
    elb = aws.client("elb")
    found = elb.describe_load_balancers()["LoadBalancerDescriptions"]
    assert [i["InstanceId"] for i in found[0]["Instances"]] == ["i-0bbbb5555cccc6666", "i-0eeee3333ffff4444"]
    assert found[0]["ListenerDescriptions"][0]["Listener"]["InstancePort"] == 8080
    assert found[0]["VPCId"] == "vpc-0a1b2c3d"
    assert code_of(elb.describe_load_balancers, LoadBalancerNames=["none"]) == "LoadBalancerNotFound"


def test_load_balancers_groups_targets_listeners_and_rules(aws):
    elb = aws.client("elbv2")
    found = {b["LoadBalancerName"]: b for b in elb.describe_load_balancers()["LoadBalancers"]}
    assert {n: b["Type"] for n, b in found.items()} == {"web-alb": "application", "api-alb": "application",
                                                       "front-nlb": "network"}
    web = found[WEB_ALB]
    assert re.fullmatch(r"arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web-alb/[0-9a-f]{16}",
                        web["LoadBalancerArn"])
    assert web["State"] == {"Code": "active"}
    groups = elb.describe_target_groups(LoadBalancerArn=web["LoadBalancerArn"])["TargetGroups"]
    assert [(g["TargetGroupName"], g["TargetType"]) for g in groups] == [("web", "instance")]
    health = elb.describe_target_health(TargetGroupArn=groups[0]["TargetGroupArn"])["TargetHealthDescriptions"]
    assert [(h["Target"]["Id"], h["Target"]["Port"], h["TargetHealth"]["State"]) for h in health] == [
        ("i-0123456789abcdef0", 80, "healthy"), ("i-0fedcba9876543210", 80, "unhealthy")]
    by_name = elb.describe_target_groups(Names=["api-ip", "front-to-web"])["TargetGroups"]
    assert [g["TargetType"] for g in by_name] == ["ip", "alb"]
    listeners = elb.describe_listeners(LoadBalancerArn=web["LoadBalancerArn"])["Listeners"]
    assert listeners[0]["DefaultActions"][0]["TargetGroupArn"] == groups[0]["TargetGroupArn"]
    forward = listeners[0]["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    assert forward == [{"TargetGroupArn": groups[0]["TargetGroupArn"], "Weight": 1}]
    rules = elb.describe_rules(ListenerArn=listeners[0]["ListenerArn"])["Rules"]
    assert [(r["Priority"], r["IsDefault"]) for r in rules] == [("10", False), ("default", True)]
    assert rules[0]["Conditions"][0]["PathPatternConfig"]["Values"] == ["/api/*"]
    pages = list(elb.get_paginator("describe_load_balancers").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(p["LoadBalancers"]) for p in pages] == [2, 1]
    assert code_of(elb.describe_load_balancers, Names=["none"]) == "LoadBalancerNotFound"
    assert code_of(elb.describe_target_health, TargetGroupArn="arn:aws:x") == "TargetGroupNotFound"
    assert code_of(elb.describe_listeners) == "ValidationError"
    assert code_of(elb.describe_load_balancers, Names=["a"] * 21) == "ValidationError"


# --- WAF


def test_vpc_origins(aws):
    listed = aws.client("cloudfront").list_vpc_origins()["VpcOriginList"]
    assert listed["Quantity"] == 1 and listed["IsTruncated"] is False
    origin = listed["Items"][0]
    assert origin["Id"] == "vo_BQwjxxQxjCaBcQLzJUFkDM" and ":loadbalancer/app/api-alb/" in origin["OriginEndpointArn"]


def test_who_may_come_and_whose_an_address_is(aws):
    ec2 = aws.client("ec2")
    groups = {g["GroupId"]: g for g in ec2.describe_security_groups()["SecurityGroups"]}
    alb = groups["sg-0aaaa0000000000a1"]["IpPermissions"][0]
    assert (alb["IpProtocol"], alb["FromPort"], alb["ToPort"]) == ("tcp", 443, 443)
    assert alb["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}] and alb["Ipv6Ranges"] == [{"CidrIpv6": "::/0"}]
    classic = groups["sg-0aaaa0000000000a2"]["IpPermissions"]
    assert classic[0]["PrefixListIds"] == [{"PrefixListId": "pl-3b927c52"}] and "FromPort" not in classic[1]
    one = ec2.describe_security_groups(Filters=[{"Name": "group-id", "Values": ["sg-0aaaa0000000000a1"]}])
    assert [g["GroupName"] for g in one["SecurityGroups"]] == ["alb-sg"]
    lists = {p["PrefixListId"]: p for p in ec2.describe_managed_prefix_lists()["PrefixLists"]}
    assert lists["pl-3b927c52"]["PrefixListName"] == "com.amazonaws.global.cloudfront.origin-facing"
    assert lists["pl-3b927c52"]["OwnerId"] == "AWS"

    def interfaces(name, *values):
        return ec2.describe_network_interfaces(Filters=[{"Name": name, "Values": list(values)}])["NetworkInterfaces"]

    assert [i["Attachment"]["InstanceId"] for i in interfaces("addresses.private-ip-address", "10.0.4.55")] == ["i-0dddd1111eeee2222"]
    assert interfaces("addresses.private-ip-address", "10.0.4.99")[0]["Description"].startswith("arn:aws:ecs:")
    assert [g["GroupId"] for g in interfaces("description", "ELB legacy-clb")[0]["Groups"]] == ["sg-0aaaa0000000000a2"]
    pages = list(ec2.get_paginator("describe_network_interfaces").paginate(PaginationConfig={"PageSize": 5}))
    assert len(pages) > 1 and code_of(ec2.describe_network_interfaces, Filters=[{"Name": "x", "Values": ["y"]}]) == "InvalidParameterValue"


def test_what_is_known_beside_a_web_acl(aws):
    waf = aws.client("wafv2")
    acls = {a["Name"]: a["ARN"] for a in waf.list_web_acls(Scope="REGIONAL")["WebACLs"]}
    assert [c["ResourceArn"] for c in waf.list_logging_configurations(Scope="REGIONAL")["LoggingConfigurations"]] == [acls["web-acl"]]
    tags = waf.list_tags_for_resource(ResourceARN=acls["plain"])["TagInfoForResource"]["TagList"]
    assert tags == [{"Key": "aws:cloudformation:stack-name", "Value": "shop"}]
    now = datetime.datetime.now(datetime.timezone.utc)
    asked = dict(WebAclArn=acls["web-acl"], Scope="REGIONAL", MaxItems=100,
                 TimeWindow={"StartTime": now - datetime.timedelta(hours=3), "EndTime": now})
    metric = "sallyport-AWSManagedRulesKnownBadInputsRuleSet"
    sampled = waf.get_sampled_requests(RuleMetricName=metric, **asked)
    assert sampled["PopulationSize"] == 4
    assert [(r["RuleNameWithinRuleGroup"], r["Weight"]) for r in sampled["SampledRequests"]] == [("Log4JRCE_BODY", 3), ("Host_Localhost_HEADER", 1)]
    assert waf.get_sampled_requests(RuleMetricName="other", **asked)["SampledRequests"] == []


def test_ip_sets(aws):
    waf = aws.client("wafv2")
    listed = {s["Name"]: s for s in waf.list_ip_sets(Scope="REGIONAL")["IPSets"]}
    assert set(listed) == {"blocked", "blocked-six"}
    who = dict(Name="blocked", Scope="REGIONAL", Id=listed["blocked"]["Id"])
    read = waf.get_ip_set(**who)
    assert read["IPSet"]["Addresses"] == ["192.0.2.0/24", "198.51.100.7/32"] and read["IPSet"]["IPAddressVersion"] == "IPV4"
    assert code_of(waf.update_ip_set, **who, Addresses=[], LockToken="0" * 36) == "WAFOptimisticLockException"
    wrong = dict(who, LockToken=read["LockToken"])
    assert code_of(waf.update_ip_set, **wrong, Addresses=["2001:db8::/32"]) == "WAFInvalidParameterException"
    assert code_of(waf.update_ip_set, **wrong, Addresses=["192.0.2.1"]) == "WAFInvalidParameterException"
    waf.update_ip_set(**wrong, Addresses=["203.0.113.0/24"])
    assert waf.get_ip_set(**who)["IPSet"]["Addresses"] == ["203.0.113.0/24"]


def test_web_acls_are_read(aws):
    waf = aws.client("wafv2")
    listed = waf.list_web_acls(Scope="REGIONAL")["WebACLs"]
    assert [a["Name"] for a in listed] == ["web-acl", "managed-elsewhere", "plain"]
    read = waf.get_web_acl(Name="web-acl", Scope="REGIONAL", Id=listed[0]["Id"])
    assert read["LockToken"] == listed[0]["LockToken"]
    acl = read["WebACL"]
    assert acl["Rules"][0]["Statement"]["ManagedRuleGroupStatement"]["Name"] == "AWSManagedRulesCommonRuleSet"
    assert acl["Rules"][0]["OverrideAction"] == {"None": {}}
    assert acl["Capacity"] == 701 and acl["DefaultAction"] == {"Allow": {}}
    arn = balancer_arn(aws, WEB_ALB)
    assert waf.list_resources_for_web_acl(WebACLArn=acl["ARN"])["ResourceArns"] == [arn]
    assert [a["Name"] for a in waf.list_web_acls(Scope="CLOUDFRONT")["WebACLs"]] == ["edge"]
    assert code_of(aws.client("wafv2", "eu-west-1").list_web_acls, Scope="CLOUDFRONT") == "WAFInvalidParameterException"
    assert code_of(waf.get_web_acl, Name="x", Scope="REGIONAL", Id="y") == "WAFNonexistentItemException"


def group_rule(name, vendor, group, priority):
    return {"Name": name, "Priority": priority, "OverrideAction": {"Count": {}},
            "Statement": {"ManagedRuleGroupStatement": {"VendorName": vendor, "Name": group}},
            "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}}


VENDOR = "Cloud Security Vendor"


def test_a_web_acl_is_replaced_whole(aws):
    waf = aws.client("wafv2")
    listed = next(a for a in waf.list_web_acls(Scope="REGIONAL")["WebACLs"] if a["Name"] == "plain")
    assert listed["Description"] == "first"
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "plain"}
    who = dict(Name="plain", Scope="REGIONAL", Id=listed["Id"])
    change = dict(who, DefaultAction={"Allow": {}}, VisibilityConfig=seen, LockToken=listed["LockToken"])
    rule = group_rule("virtual-patch", VENDOR, "WebServer-Apache_Nginx", 0)
    assert code_of(waf.update_web_acl, **{**change, "LockToken": "0" * 36}) == "WAFOptimisticLockException"
    strange = group_rule("strange", "Other Vendor", "NotSubscribed", 1)
    assert code_of(waf.update_web_acl, **change, Rules=[strange]) == "WAFSubscriptionNotFoundException"
    unknown = group_rule("unknown", "Nobody", "Nothing", 1)
    assert code_of(waf.update_web_acl, **change, Rules=[unknown]) == "WAFNonexistentItemException"
    twice = dict(rule, Name="second")
    assert code_of(waf.update_web_acl, **change, Rules=[rule, twice]) == "WAFInvalidParameterException"
    wrong = {k: v for k, v in rule.items() if k != "OverrideAction"}
    assert code_of(waf.update_web_acl, **change, Rules=[dict(wrong, Action={"Block": {}})]) == "WAFInvalidParameterException"
    enormous = group_rule("enormous", VENDOR, "Enormous", 5)
    assert code_of(waf.update_web_acl, **change, Rules=[rule, enormous]) == "WAFLimitsExceededException"
    assert waf.check_capacity(Scope="REGIONAL", Rules=[rule])["Capacity"] == 1000
    assert waf.update_web_acl(**change, Rules=[rule])["NextLockToken"] != listed["LockToken"]
    read = waf.get_web_acl(**who)["WebACL"]
    assert read["Rules"] == [rule] and read["Capacity"] == 1000
    assert "Description" not in read  # it was not sent again, so it is gone


def test_managed_rule_groups(aws):
    waf = aws.client("wafv2")
    groups = waf.list_available_managed_rule_groups(Scope="REGIONAL", Limit=3)
    rest = waf.list_available_managed_rule_groups(Scope="REGIONAL", Limit=3, NextMarker=groups["NextMarker"])
    names = [g["Name"] for g in groups["ManagedRuleGroups"] + rest["ManagedRuleGroups"]]
    assert names == ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "WebServer-Apache_Nginx",
                     "Enormous"]
    edge = waf.list_available_managed_rule_groups(Scope="CLOUDFRONT")["ManagedRuleGroups"]
    assert "Enormous" not in [g["Name"] for g in edge]
    one = waf.describe_managed_rule_group(VendorName="AWS", Name="AWSManagedRulesCommonRuleSet", Scope="REGIONAL")
    assert one["Capacity"] == 700 and one["Rules"][0] == {"Name": "NoUserAgent_HEADER", "Action": {"Block": {}}}
    assert one["VersionName"] == "Version_1.4"
    versions = waf.list_available_managed_rule_group_versions(VendorName="AWS", Name="AWSManagedRulesCommonRuleSet",
                                                              Scope="REGIONAL")
    assert [v["Name"] for v in versions["Versions"]] == ["Version_1.0", "Version_1.4"]
    assert versions["CurrentDefaultVersion"] == "Version_1.4"


# --- ECS


def test_clusters(aws):
    ecs = aws.client("ecs")
    arns = ecs.list_clusters()["clusterArns"]
    assert arns == ["arn:aws:ecs:us-east-1:111122223333:cluster/shop", "arn:aws:ecs:us-east-1:111122223333:cluster/empty"]
    hosts = ecs.list_container_instances(cluster="shop")["containerInstanceArns"]
    there = ecs.describe_container_instances(cluster="shop", containerInstances=hosts)["containerInstances"]
    assert [i["ec2InstanceId"] for i in there] == ["i-0dddd1111eeee2222", "i-0aaaa7777bbbb8888"]
    tasks = ecs.list_tasks(cluster=arns[0], serviceName="cart")["taskArns"]
    described = ecs.describe_tasks(cluster="shop", tasks=[*tasks, "none"])
    full = described["tasks"]
    assert described["failures"] == [{"arn": "none", "reason": "MISSING"}]
    assert [t["launchType"] for t in full] == ["EC2", "FARGATE"]
    assert full[0]["containerInstanceArn"] == hosts[0] and "containerInstanceArn" not in full[1]
    assert full[1]["attachments"][0]["details"] == [{"name": "privateIPv4Address", "value": "10.0.4.99"}]
    definition = ecs.describe_task_definition(taskDefinition=full[0]["taskDefinitionArn"])["taskDefinition"]
    assert definition["taskDefinitionArn"] == full[0]["taskDefinitionArn"] and definition["family"] == "cart"
    assert code_of(ecs.describe_task_definition, taskDefinition="none") == "ClientException"
    assert ecs.list_tasks(cluster="shop", containerInstance=hosts[0])["taskArns"] == [tasks[0]]
    services = ecs.list_services(cluster="shop")["serviceArns"]
    assert services == ["arn:aws:ecs:us-east-1:111122223333:service/shop/cart"]
    one = ecs.describe_services(cluster="shop", services=["cart"])["services"][0]
    assert one["loadBalancers"][0]["containerPort"] == 8443
    assert code_of(ecs.list_tasks, cluster="none") == "ClusterNotFoundException"
    assert code_of(ecs.list_tasks) == "ClusterNotFoundException"  # there is no cluster `default`


# --- Config


def test_config(aws):
    config = aws.client("config")
    items = config.get_resource_config_history(resourceType="AWS::S3::Bucket", resourceId="example-customers")["configurationItems"]
    assert [json.loads(i["configuration"])["name"] for i in items] == ["example-customers", "older"]
    assert json.loads(items[0]["supplementaryConfiguration"]["PublicAccessBlockConfiguration"])["blockPublicAcls"]
    assert items[0]["configurationItemCaptureTime"].timestamp() == 1709283600
    newest = config.get_resource_config_history(resourceType="AWS::S3::Bucket", resourceId="example-customers", limit=1,
                                                laterTime=1700000001)["configurationItems"]
    assert json.loads(newest[0]["configuration"])["name"] == "older"
    host = config.get_resource_config_history(resourceType="AWS::EC2::Instance", resourceId="i-0123456789abcdef0")
    assert host["configurationItems"][0]["tags"]["Owner"] == "team-web@example.com"
    assert code_of(config.get_resource_config_history, resourceType="AWS::S3::Bucket", resourceId="x") == "ResourceNotDiscoveredException"


def test_evaluations(aws):
    config = aws.client("config")
    one = {"ComplianceResourceType": "AWS::EC2::Instance", "ComplianceResourceId": "i-0123456789abcdef0",
           "ComplianceType": "COMPLIANT", "OrderingTimestamp": 1709283600}
    assert config.put_evaluations(Evaluations=[one], ResultToken="sim-result-token-1")["FailedEvaluations"] == []
    kept = aws.control("GET", "state")["evaluations"]
    assert kept[-1]["ComplianceResourceId"] == "i-0123456789abcdef0" and kept[-1]["OrderingTimestamp"] == 1709283600
    assert config.put_evaluations(Evaluations=[one], ResultToken="TESTMODE", TestMode=True)["FailedEvaluations"] == []
    assert code_of(config.put_evaluations, Evaluations=[one], ResultToken="other") == "InvalidResultTokenException"
    bad = dict(one, ComplianceType="INSUFFICIENT_DATA")
    assert code_of(config.put_evaluations, Evaluations=[bad], ResultToken="sim-result-token-1") == "InvalidParameterValueException"
    assert code_of(config.put_evaluations, Evaluations=[dict(one, OrderingTimestamp=4102444800)],
                   ResultToken="sim-result-token-1") == "InvalidParameterValueException"
    # Characters, not bytes.
    assert config.put_evaluations(Evaluations=[dict(one, Annotation="é" * 256)], ResultToken="sim-result-token-1")["FailedEvaluations"] == []
    assert code_of(config.put_evaluations, Evaluations=[dict(one, Annotation="é" * 257)], ResultToken="sim-result-token-1") == "ValidationException"


def test_earlier_verdicts_of_a_rule_are_read_page_by_page(aws):
    config = aws.client("config")
    token = aws.control("POST", "config", {"token": {"account": "111122223333", "region": "us-east-1", "rule": "judged"}})["token"]
    batch = [{"ComplianceResourceType": "AWS::EC2::Instance", "ComplianceResourceId": f"i-{number:017x}", "Annotation": f"a{number}",
              "ComplianceType": ("COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE")[number % 3], "OrderingTimestamp": 1709283600}
             for number in range(7)]
    config.put_evaluations(Evaluations=batch, ResultToken=token)
    # The latest of a resource counts, whatever the order in which they were put.
    config.put_evaluations(Evaluations=[dict(batch[1], ComplianceType="COMPLIANT", OrderingTimestamp=1709283700),
                                        dict(batch[0], ComplianceType="NON_COMPLIANT", OrderingTimestamp=1709283500)], ResultToken=token)
    pages = list(config.get_paginator("get_compliance_details_by_config_rule").paginate(
        ConfigRuleName="judged", ComplianceTypes=["COMPLIANT", "NON_COMPLIANT"], PaginationConfig={"PageSize": 2}))
    assert [len(page["EvaluationResults"]) for page in pages] == [2, 2, 1]
    told = {one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: one
            for page in pages for one in page["EvaluationResults"]}
    assert {int(instance[2:], 16): one["ComplianceType"] for instance, one in told.items()} == {
        0: "COMPLIANT", 1: "COMPLIANT", 3: "COMPLIANT", 4: "NON_COMPLIANT", 6: "COMPLIANT"}
    assert told[batch[4]["ComplianceResourceId"]]["Annotation"] == "a4"
    assert code_of(config.get_compliance_details_by_config_rule, ConfigRuleName="none") == "NoSuchConfigRuleException"
    assert code_of(config.get_compliance_details_by_config_rule, ConfigRuleName="judged", NextToken="x") == "InvalidNextTokenException"


def test_result_tokens_and_failed_evaluations(aws):
    config = aws.client("config")
    place = {"account": "111122223333", "region": "us-east-1", "rule": "made-for-the-test"}
    token = aws.control("POST", "config", {"token": place})["token"]
    other = aws.control("POST", "config", {"token": place})["token"]
    assert token != other
    aws.control("POST", "config", {"fail": {"resource": "i-0000000000000000*", "times": 2}})
    batch = [{"ComplianceResourceType": "AWS::EC2::Instance", "ComplianceResourceId": f"i-{number:017x}",
              "ComplianceType": "COMPLIANT", "OrderingTimestamp": 1709283600} for number in (1, 2, 3)]
    failed = config.put_evaluations(Evaluations=batch, ResultToken=token)["FailedEvaluations"]
    assert [one["ComplianceResourceId"] for one in failed] == [batch[0]["ComplianceResourceId"], batch[1]["ComplianceResourceId"]]
    assert config.put_evaluations(Evaluations=failed, ResultToken=other)["FailedEvaluations"] == []
    aws.control("POST", "config", {"revoke": token})
    assert code_of(config.put_evaluations, Evaluations=batch, ResultToken=token) == "InvalidResultTokenException"
    assert code_of(config.put_evaluations, Evaluations=batch * 40, ResultToken=other) == "ValidationException"


def test_compliance_details(aws):
    config = aws.client("config")
    token = aws.control("POST", "config", {"token": {"account": "111122223333", "region": "us-east-1", "rule": "details"}})["token"]
    one = {"ComplianceResourceType": "AWS::EC2::Instance", "OrderingTimestamp": 1709283600, "Annotation": "why"}
    puts = [dict(one, ComplianceResourceId=f"i-{number:017x}", ComplianceType="COMPLIANT" if number % 2 else "NON_COMPLIANT")
            for number in range(25)]
    assert config.put_evaluations(Evaluations=puts, ResultToken=token)["FailedEvaluations"] == []
    # The latest moment counts, in whatever order they were put.
    newer = dict(puts[1], ComplianceType="NOT_APPLICABLE", OrderingTimestamp=1709283700)
    for evaluation in (newer, dict(puts[1], OrderingTimestamp=1709283500)):
        config.put_evaluations(Evaluations=[evaluation], ResultToken=token)
    pages = list(config.get_paginator("get_compliance_details_by_config_rule").paginate(
        ConfigRuleName="details", PaginationConfig={"PageSize": 10}))
    assert [len(page["EvaluationResults"]) for page in pages] == [10, 10, 5]
    results = {result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: result
               for page in pages for result in page["EvaluationResults"]}
    assert results[puts[1]["ComplianceResourceId"]]["ComplianceType"] == "NOT_APPLICABLE"
    assert results[puts[2]["ComplianceResourceId"]]["Annotation"] == "why"
    only = config.get_compliance_details_by_config_rule(ConfigRuleName="details", ComplianceTypes=["NON_COMPLIANT"], Limit=100)
    assert len(only["EvaluationResults"]) == 13
    assert code_of(config.get_compliance_details_by_config_rule, ConfigRuleName="none") == "NoSuchConfigRuleException"


# --- findings


def test_inspector(aws):
    inspector = aws.client("inspector2")

    def ids(**criteria):
        return [f["resources"][0]["id"] for f in inspector.list_findings(filterCriteria=criteria)["findings"]]

    equals = lambda value: [{"comparison": "EQUALS", "value": value}]
    assert ids(severity=equals("CRITICAL")) == ["i-0123456789abcdef0"]
    assert ids(resourceId=equals("i-0a1b2c3d4e5f60718"), findingStatus=equals("ACTIVE")) == ["i-0a1b2c3d4e5f60718"]
    assert ids(vulnerabilityId=[{"comparison": "PREFIX", "value": "CVE-20"}]) == ["i-0123456789abcdef0", "i-0a1b2c3d4e5f60718"]
    first = inspector.list_findings(filterCriteria={"severity": equals("CRITICAL")})["findings"][0]
    assert first["packageVulnerabilityDetails"]["vulnerabilityId"] == "CVE-2021-44228"
    assert first["lastObservedAt"].timestamp() == 1709283600
    pages = list(inspector.get_paginator("list_findings").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(p["findings"]) for p in pages] == [2, 1]
    covered = inspector.list_coverage(filterCriteria={"scanStatusCode": equals("INACTIVE")})["coveredResources"]
    assert [c["scanStatus"]["reason"] for c in covered] == ["EC2_INSTANCE_STOPPED"]


def test_guardduty(aws):
    guard = aws.client("guardduty")
    detector = guard.list_detectors()["DetectorIds"][0]
    ids = ["60b97fb3fcf14e1d9a1b1c1d1e1f2021", "none"]
    found = guard.get_findings(DetectorId=detector, FindingIds=ids)["Findings"]
    assert [f["Resource"]["InstanceDetails"]["InstanceId"] for f in found] == ["i-0a1b2c3d4e5f60718"]
    assert found[0]["UpdatedAt"] == "2026-11-24T03:24:13.250Z" and found[0]["Service"]["Archived"] is False
    assert code_of(guard.get_findings, DetectorId="none", FindingIds=ids) == "BadRequestException"


def test_macie(aws):
    found = aws.client("macie2").get_findings(findingIds=[MACIE_FINDING, "none"])["findings"]
    assert [f["resourcesAffected"]["s3Bucket"]["publicAccess"]["effectivePermission"] for f in found] == ["NOT_PUBLIC"]
    assert found[0]["createdAt"].year == 2026


# --- messages


def test_topics(aws):
    sns = aws.client("sns")
    topic = "arn:aws:sns:us-east-1:111122223333:alerts"
    sent = sns.publish(TopicArn=topic, Subject="hi", Message="a & b <c>", MessageAttributes={
        "severity": {"DataType": "Number", "StringValue": "8"}})
    kept = aws.control("GET", "state")["published"][-1]
    assert (kept["MessageId"], kept["Message"]) == (sent["MessageId"], "a & b <c>")
    assert kept["MessageAttributes"][0]["Value"]["StringValue"] == "8"
    assert code_of(sns.publish, TopicArn=topic + "x", Message="m") == "NotFound"
    assert code_of(sns.publish, TopicArn=topic, Message="m", Subject="two\nlines") == "InvalidParameter"
    ordered = "arn:aws:sns:us-east-1:111122223333:ordered.fifo"
    assert code_of(sns.publish, TopicArn=ordered, Message="m") == "InvalidParameter"
    assert sns.publish(TopicArn=ordered, Message="m", MessageGroupId="g")["SequenceNumber"]


def test_queues(aws):
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName="findings")["QueueUrl"]
    assert url == f"{aws.url}/111122223333/findings"
    sent = sqs.send_message(QueueUrl=url, MessageBody="third ✓", MessageAttributes={
        "kind": {"DataType": "String", "StringValue": "x"}})
    assert sent["MD5OfMessageBody"] == hashlib.md5("third ✓".encode()).hexdigest()
    got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"],
                              MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"])["Messages"]
    assert [m["Body"][-9:] for m in got][:1] == ['{"id":"1"}}'[-9:]] and got[2]["Body"] == "third ✓"
    assert got[0]["Attributes"]["ApproximateReceiveCount"] == "1"
    assert got[2]["MessageAttributes"]["kind"]["StringValue"] == "x"
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    entry = {"Id": "a", "ReceiptHandle": got[1]["ReceiptHandle"], "VisibilityTimeout": 0}
    assert sqs.change_message_visibility_batch(QueueUrl=url, Entries=[entry])["Successful"]
    again = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"][0]
    assert again["MessageId"] == got[1]["MessageId"] and again["Attributes"]["ApproximateReceiveCount"] == "2"
    batch = sqs.delete_message_batch(QueueUrl=url, Entries=[
        {"Id": "a", "ReceiptHandle": got[2]["ReceiptHandle"]}, {"Id": "b", "ReceiptHandle": "never-one"}])
    assert [s["Id"] for s in batch["Successful"]] == ["a"]
    assert batch["Failed"][0]["Id"] == "b" and batch["Failed"][0]["SenderFault"] is True
    changed = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[
        {"Id": "a", "ReceiptHandle": again["ReceiptHandle"], "VisibilityTimeout": 30}])
    assert [s["Id"] for s in changed["Successful"]] == ["a"]
    assert code_of(sqs.send_message, QueueUrl=url + "x", MessageBody="m").endswith("NonExistentQueue")
    assert code_of(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11) == "InvalidParameterValue"
    same = [{"Id": "a", "ReceiptHandle": "sim-1"}] * 2
    assert code_of(sqs.delete_message_batch, QueueUrl=url, Entries=same).endswith("BatchEntryIdsNotDistinct")


def test_fifo_groups_wait_for_their_first_message(aws):
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName="orders.fifo")["QueueUrl"]
    for body in ("1", "2"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g", MessageDeduplicationId=body)
    first = sqs.receive_message(QueueUrl=url)["Messages"][0]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": first["ReceiptHandle"]}])
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "2"


# --- how it misbehaves when told to


def test_faults(aws):
    ec2, s3, waf, iam = (aws.client(n) for n in ("ec2", "s3", "wafv2", "iam"))
    aws.fault("throttle", service="ec2", skip=1, times=1)
    assert ec2.describe_regions()["Regions"]
    assert code_of(ec2.describe_regions) == "RequestLimitExceeded"
    assert ec2.describe_regions()["Regions"]
    aws.fault("throttle", service="s3")
    assert code_of(s3.get_bucket_acl, Bucket="example-site") == "SlowDown"
    aws.fault("throttle", service="wafv2", action="List*")
    assert code_of(waf.list_web_acls, Scope="REGIONAL") == "ThrottlingException"
    aws.fault("internal-error", service="iam", status=503)
    assert status_of(iam.get_account_authorization_details) == 503
    aws.fault("error", service="iam", status=400, code="LimitExceededException", message="quota")
    assert code_of(iam.get_account_authorization_details) == "LimitExceededException"
    aws.fault("access-denied", region=US, service="ec2")
    assert code_of(ec2.describe_regions) == "UnauthorizedOperation"
    aws.fault("region-closed", account="111122223333", service="ecs")
    assert code_of(aws.client("ecs").list_clusters) == "UnrecognizedClientException"


def test_answers_are_cut_and_spoilt(aws):
    ec2 = aws.client("ec2")
    for kind in ("cut-before", "cut-after"):
        aws.fault(kind, service="ec2")
        with pytest.raises((ConnectionClosedError, HTTPClientError)):
            ec2.describe_regions()
    for kind in ("truncated-document", "html-error", "entity-bomb"):
        aws.fault(kind, service="ec2")
        with pytest.raises((ResponseParserError, ClientError)):
            ec2.describe_regions()
    aws.fault("truncated-body", service="ec2")
    with pytest.raises(Exception) as caught:
        ec2.describe_regions()
    # botocore reads what came and then misses the document's end; older ones noticed the missing bytes.
    assert isinstance(caught.value, (ResponseParserError, HTTPClientError)) or "IncompleteRead" in repr(caught.value)
    aws.fault("error-in-200", service="s3", code="InternalError")
    assert code_of(aws.client("s3").get_bucket_location, Bucket="example-site") == "InternalError"
    assert aws.control("GET", "requests")[-1]["status"] == 200
    aws.fault("redirect", service="s3", code="eu-central-1")
    assert status_of(aws.client("s3").get_bucket_acl, Bucket="example-site") in (301, 400)


def test_a_repeating_token_goes_on_for_ever(aws):
    aws.fault("repeat-token", service="ec2", times=-1)
    ec2 = aws.client("ec2")
    first = ec2.describe_instances(MaxResults=5)
    second = ec2.describe_instances(MaxResults=5, NextToken=first["NextToken"])
    assert second["NextToken"] == first["NextToken"]
    assert second["Reservations"] == first["Reservations"]


def test_limits_pages_and_latency_are_set_at_run_time(aws):
    ec2 = aws.client("ec2")
    aws.control("POST", "limits", {"limits": [{"service": "ec2", "action": "DescribeRegions", "perSecond": 0.001, "burst": 3}]})
    for _ in range(3):
        assert ec2.describe_regions()["Regions"]
    assert code_of(ec2.describe_regions) == "RequestLimitExceeded"
    assert ec2.describe_instances()["Reservations"]                              # another action
    assert aws.client("ec2", "eu-west-1").describe_regions()["Regions"]          # another region
    aws.control("POST", "limits", {"limits": []})
    aws.control("POST", "settings", {"page_limit": 2})
    assert len(ec2.describe_instances()["Reservations"]) == 2
    aws.control("POST", "settings", {"page_limit": 0, "latency_ms": 150})
    begin = time.monotonic()
    ec2.describe_regions()
    assert time.monotonic() - begin >= 0.15
    aws.control("POST", "settings", {"latency_ms": 0})


def test_a_role_is_revoked_and_a_region_closed_in_mid_run():
    running = AwsSimulator()
    given = assumed(running)["Credentials"]
    stage = running.client("ec2", "eu-west-1", keys=(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))
    assert stage.describe_instances()["Reservations"]
    running.control("POST", "world", {"revokeRole": "arn:aws:iam::444455556666:role/sallyport-reader"})
    assert code_of(stage.describe_instances) == "UnauthorizedOperation"
    assert code_of(assumed, running) == "AccessDenied"
    running.control("POST", "world", {"closeRegion": {"account": "111122223333", "region": "eu-west-1"}})
    assert code_of(running.client("ec2", "eu-west-1").describe_instances) == "AuthFailure"
    running.control("POST", "advance", {"seconds": 1200})
    assert code_of(running.client("iam").get_account_authorization_details) == "SignatureDoesNotMatch"
    assert running.stop() == 0


def test_unknown_operations_and_members_are_refused(aws):
    assert code_of(aws.client("ec2").describe_vpcs) == "InvalidAction"
    assert code_of(aws.client("kms").list_keys) == "UnknownOperationException"
    assert code_of(aws.client("guardduty").list_members, DetectorId="x") == "UnknownOperationException"
    free = aws.client("iam", parameter_validation=False)
    assert code_of(free.get_policy) == "ValidationError"
    assert code_of(aws.client("kms", parameter_validation=False).describe_key) == "ValidationException"


# --- the generator


def test_a_generated_estate_is_paged_through_and_the_same_each_time():
    def look():
        running = AwsSimulator("--generate", "300", "--seed", "7", "--limits", "none", "--page-limit", "40")
        found = {}
        for region in ("us-east-1", "eu-west-1"):
            pages = running.client("ec2", region).get_paginator("describe_instances").paginate()
            found[region] = [r["Instances"][0] for p in pages for r in p["Reservations"]]
        targets = running.client("elbv2").describe_load_balancers()["LoadBalancers"]
        findings = running.client("inspector2").list_findings()["findings"]
        running.stop()
        return found, [t["LoadBalancerArn"] for t in targets], [f["findingArn"] for f in findings]

    first, second = look(), look()
    assert first == second
    assert 180 < len(first[0]["us-east-1"]) < 300 and len(first[0]["eu-west-1"]) > 5
    assert first[1] and first[2]
    assert first[0]["us-east-1"][0]["InstanceId"].startswith("i-00000000000000")


def test_a_large_estate_takes_less_than_four_kib_a_host():
    hosts = 20_000
    running = AwsSimulator("--generate", str(hosts), "--limits", "none")
    status = pathlib.Path(f"/proc/{running.process.pid}/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1))
    page = running.client("ec2").describe_instances(Filters=[{"Name": "private-ip-address", "Values": ["10.0.0.77"]}])
    assert running.stop() == 0
    assert peak < 20_000 + 4 * hosts
    assert len(page["Reservations"]) <= 1


# --- last: nothing was forgotten


def client_operations() -> set:
    listed = subprocess.run([str(build_dir() / "aws_call"), "list"], capture_output=True, text=True, check=True)
    return {tuple(line.split()[:2]) for line in listed.stdout.splitlines()}


def test_the_simulator_has_what_the_client_has_and_what_the_next_workflow_needs(aws):
    known = {(o["service"], o["action"]) for o in aws.control("GET", "operations")}
    assert known == client_operations()


def test_every_operation_was_called(aws):
    known = {(o["service"], o["action"]) for o in aws.control("GET", "operations")}
    assert len(known) > 50
    good = {(c["service"], c["action"]) for c in aws.control("GET", "requests") if c["status"] == 200}
    assert known - good == set()
