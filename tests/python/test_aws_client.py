# SPDX-License-Identifier: Apache-2.0
"""Our own client against a simulated AWS that misbehaves: what goes wrong becomes a typed error that names service,
operation, account, region and request, and what can be mended is mended."""
import json
import subprocess

import pytest

from aws_support import AUDITOR, KEY, AwsSimulator, OurClient, our_environment
from conftest import build_dir

OWN, OTHER = "111122223333", "444455556666"
READER = ("--home-account", OWN, "--role-name", "sallyport-reader", "--external-id", "sallyport-demo")


@pytest.fixture(scope="module")
def aws():
    running = AwsSimulator("--limits", "none")
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def client(aws, tmp_path_factory):
    """Without retries, so that an error comes at once."""
    with open(tmp_path_factory.mktemp("client") / "log", "w") as log:
        ours = OurClient(aws.url, "--home-account", OWN, "--attempts", "1", log=log)
        yield ours
        ours.stop()


@pytest.fixture(autouse=True)
def as_it_was(aws):
    yield
    aws.control("DELETE", "faults")
    aws.control("POST", "settings", {"latency_ms": 0, "page_limit": 0})


INSTANCES = ("ec2", "DescribeInstances", {})
ROLES = ("iam", "GetAccountAuthorizationDetails", {})
INVOICES = "arn:aws:iam::111122223333:policy/invoices-writer"
CLUSTERS = ("ecs", "ListClusters", {})
FINDINGS = ("inspector2", "ListFindings", {})
ACL = ("s3", "GetBucketAcl", {"Bucket": "example-site"})

# kind of fault, its particulars, call, our code, AWS's code, part of the message
FAULTS = [
    ("truncated-document", {}, INSTANCES, "bad-answer", "", ""),
    ("truncated-document", {}, ROLES, "bad-answer", "", ""),
    ("truncated-document", {}, CLUSTERS, "bad-answer", "", ""),
    ("truncated-document", {}, FINDINGS, "bad-answer", "", ""),
    ("truncated-document", {}, ACL, "bad-answer", "", ""),
    ("empty-body", {}, INSTANCES, "bad-answer", "", ""),
    ("empty-body", {}, ACL, "bad-answer", "", ""),
    ("entity-bomb", {}, INSTANCES, "bad-answer", "", ""),
    ("entity-bomb", {}, ROLES, "bad-answer", "", ""),
    ("entity-bomb", {}, ACL, "bad-answer", "", ""),
    ("entity-bomb", {}, CLUSTERS, "bad-answer", "", ""),
    ("html-error", {"status": 503}, INSTANCES, "unavailable", "", "HTTP 503"),
    ("error-in-200", {"code": "InternalError"}, ACL, "unavailable", "InternalError", "HTTP 200"),
    ("internal-error", {"status": 500}, CLUSTERS, "unavailable", "InternalServerException", "HTTP 500"),
    ("throttle", {}, INSTANCES, "rate-limited", "RequestLimitExceeded", ""),
    ("throttle", {}, FINDINGS, "rate-limited", "ThrottlingException", ""),
    ("region-closed", {}, CLUSTERS, "unauthenticated", "UnrecognizedClientException", ""),
    ("expired-token", {}, INSTANCES, "unauthenticated", "RequestExpired", ""),
    ("expired-token", {}, CLUSTERS, "unauthenticated", "ExpiredTokenException", ""),
    ("redirect", {"code": "us-east-1"}, ACL, "bad-answer", "PermanentRedirect", "HTTP 301"),
    ("redirect", {"code": "x.example.com/"}, ACL, "bad-answer", "PermanentRedirect", "HTTP 301"),
]


@pytest.mark.parametrize("kind,more,call,code,aws_code,part", FAULTS,
                         ids=[f"{fault[0]} {fault[2][0]} {fault[1].get('code', '')}" for fault in FAULTS])
def test_what_goes_wrong_is_a_typed_error(aws, client, kind, more, call, code, aws_code, part):
    service, operation, members = call
    aws.fault(kind, service=service, times=-1, **more)
    got = client.call(service, operation, members, account=OWN)
    assert not got["ok"]
    error = got["error"]
    assert (error["code"], error["aws_code"]) == (code, aws_code), error
    assert (error["service"], error["operation"], error["account"], error["region"]) == (service, operation, OWN, "us-east-1")
    assert error["message"].startswith(f"{service}:{operation} in us-east-1 of account {OWN}: ")
    assert part in error["message"]
    if kind not in ("html-error", "entity-bomb"):  # those have none
        assert error["request_id"].startswith("00000000-0000-4000-8000-") and error["request_id"] in error["message"]


def test_an_answer_whose_connection_ends_is_an_error_of_this_call(aws, client):
    for kind in ("cut-before", "cut-after", "truncated-body"):
        aws.fault(kind, service="ec2", times=-1)
        error = client.call(*INSTANCES, account=OWN)["error"]
        aws.control("DELETE", "faults")
        assert error["code"] == "unavailable"
        assert (error["service"], error["operation"], error["account"], error["region"]) == ("ec2", "DescribeInstances", OWN, "us-east-1")


def test_a_page_token_that_repeats_ends(aws, client):
    aws.control("POST", "settings", {"page_limit": 2})
    aws.fault("repeat-token", service="ec2", times=-1)
    aws.control("DELETE", "requests")
    error = client.call(*INSTANCES, account=OWN)["error"]
    assert error["code"] == "bad-answer" and "page token" in error["message"]
    assert len(aws.control("GET", "requests")) == 2


def test_half_a_listing_is_no_listing(aws, client):
    aws.control("POST", "settings", {"page_limit": 2})
    assert client.call(*INSTANCES)["ok"]
    aws.fault("access-denied", service="ec2", skip=1)
    got = client.call(*INSTANCES, account=OWN)
    assert not got["ok"] and got["error"]["missing_action"] == "ec2:DescribeInstances"


def test_a_permission_that_is_missing_is_named(aws):
    auditor = OurClient(aws.url, keys=AUDITOR)
    for service, operation, members in (("ec2", "DescribeRegions", {}), ("iam", "GetPolicy", {"PolicyArn": INVOICES})):
        error = auditor.call(service, operation, members)["error"]
        assert (error["code"], error["missing_action"]) == ("forbidden", f"{service}:{operation}")
        assert f"allow `{service}:{operation}`" in error["advice"]
    auditor.stop()


def test_what_passes_is_tried_again(aws):
    ours = OurClient(aws.url, log=subprocess.DEVNULL)
    for kind, call in (("throttle", INSTANCES), ("internal-error", ROLES), ("error-in-200", ACL), ("cut-before", CLUSTERS)):
        aws.fault(kind, service=call[0], times=1)
        assert ours.call(*call)["ok"], kind
    ours.stop()


def test_a_bucket_elsewhere_is_found(client):
    answer = client.call("s3", "GetBucketLocation", {"Bucket": "example-invoices"})
    assert answer["ok"] and "eu-central-1" in json.dumps(answer["answer"])


def test_a_wrong_clock_is_corrected_and_a_session_that_ended_is_replaced(tmp_path):
    """The server's clock goes two hours ahead: ours is wrong for it, and the role's session of an hour is over."""
    running = AwsSimulator("--limits", "none")
    with open(tmp_path / "log", "w") as log:
        ours = OurClient(running.url, *READER, "--attempts", "1", log=log)
        assert ours.call(*INSTANCES, account=OTHER, region="eu-west-1")["ok"]
        running.control("POST", "advance", {"seconds": 7200})
        assert ours.call(*INSTANCES, account=OTHER, region="eu-west-1")["ok"]
        assert ours.call(*INSTANCES, account=OWN)["ok"]
        ours.stop()
    assert "this computer's clock is off" in (tmp_path / "log").read_text()
    codes = {r["code"] for r in running.control("GET", "requests")}
    assert "RequestExpired" in codes  # EC2's word for both
    assert running.stop() == 0


def test_a_role_that_is_revoked_is_an_error_that_names_it():
    running = AwsSimulator("--limits", "none")
    ours = OurClient(running.url, *READER, log=subprocess.DEVNULL)
    assert ours.call(*INSTANCES, account=OTHER, region="eu-west-1")["ok"]
    running.control("POST", "world", {"revokeRole": f"arn:aws:iam::{OTHER}:role/sallyport-reader"})
    error = ours.call(*INSTANCES, account=OTHER, region="eu-west-1")["error"]
    assert (error["code"], error["account"], error["region"]) == ("forbidden", OTHER, "eu-west-1")
    ours.stop()
    fresh = OurClient(running.url, *READER, log=subprocess.DEVNULL)
    error = fresh.call(*INSTANCES, account=OTHER, region="eu-west-1")["error"]
    assert error["code"] in ("forbidden", "unauthenticated") and "sallyport-reader" in error["message"]
    fresh.stop()
    assert running.stop() == 0


def test_a_region_that_is_not_enabled_is_told(client):
    error = client.call(*CLUSTERS, account=OWN, region="ap-east-1")["error"]
    assert error["code"] == "unauthenticated" and error["region"] == "ap-east-1"
    assert "the same comes when the region ap-east-1 is not enabled" in error["advice"]


def sweep(aws, *flags):
    command = [str(build_dir() / "aws_call"), "sweep", "ecs", "ListClusters", *flags]
    done = subprocess.run(command, env=our_environment(aws.url, KEY), stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    return done.returncode, json.loads(done.stdout)


def test_a_sweep_that_runs_out_of_time_gives_what_it_has(aws):
    aws.control("POST", "settings", {"latency_ms": 200})
    aws.control("DELETE", "requests")
    code, said = sweep(aws, "--calls", "40", "--concurrency", "4", "--until-ms", "700")
    assert code == 1 and said["seconds"] < 5
    assert 0 < said["missing"] < 40 and said["requests"] <= 40 - said["missing"], said
    assert said["first_error"]["code"] == "timeout"
    assert len(aws.control("GET", "requests")) <= 40 - said["missing"]


def test_a_sweep_over_a_region_that_is_closed_keeps_the_others(aws):
    code, said = sweep(aws, "--calls", "9", "--regions", "us-east-1,ap-east-1,eu-west-1")
    assert (code, said["failed"], said["missing"]) == (1, 3, 0)
    assert said["first_error"]["region"] == "ap-east-1"
