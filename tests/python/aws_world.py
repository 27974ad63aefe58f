# SPDX-License-Identifier: Apache-2.0
"""One small estate, made in moto with boto3 and described to our simulator with the ids that moto chose, so that the same
expectations hold for both."""
import json

import boto3

from aws_support import KEY, client_for

ACCOUNT = "123456789012"  # moto's own
REGION = "us-east-1"
EC2_TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
READ = {"Version": "2012-10-17", "Statement": [
    {"Sid": "a+b 100%", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}]}
BUCKET_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "s3:GetObject",
     "Resource": "arn:aws:s3:::data/*"}]}
BLOCK = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": False}
SCP = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*"}]}
SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
RULES = [{"Name": "common", "Priority": 1, "OverrideAction": {"None": {}}, "VisibilityConfig": SEEN, "Statement": {
    "ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}}]
HOSTS = 12


def make_in_moto(url: str) -> dict:
    """Makes everything and returns what the tests need to know: ids, ARNs, names."""
    on = lambda service: client_for(url, service)
    made = {}
    iam, ec2 = on("iam"), on("ec2")
    iam.create_role(RoleName="web", Path="/app/", AssumeRolePolicyDocument=json.dumps(EC2_TRUST))
    iam.put_role_policy(RoleName="web", PolicyName="read", PolicyDocument=json.dumps(READ))
    made["policy"] = iam.create_policy(PolicyName="extra", PolicyDocument=json.dumps(READ))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="web", PolicyArn=made["policy"])
    iam.create_instance_profile(InstanceProfileName="web-profile", Path="/app/")
    iam.add_role_to_instance_profile(InstanceProfileName="web-profile", RoleName="web")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    hosts = ec2.run_instances(ImageId=image, MinCount=HOSTS, MaxCount=HOSTS, InstanceType="t3.medium",
                              IamInstanceProfile={"Name": "web-profile"})["Instances"]
    made["hosts"] = [{"id": h["InstanceId"], "ip": h["PrivateIpAddress"], "vpc": h["VpcId"], "subnet": h["SubnetId"]}
                     for h in hosts]
    for number, host in enumerate(made["hosts"]):
        ec2.create_tags(Resources=[host["id"]], Tags=[{"Key": "Name", "Value": f"host <{number}>"}])
    make_buckets(on("s3"))
    on("s3control").put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=BLOCK)
    make_services(on, made, [h["id"] for h in made["hosts"]])
    return made


def make_buckets(s3):
    for name in ("data", "plain"):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_policy(Bucket="data", Policy=json.dumps(BUCKET_POLICY))
    s3.put_public_access_block(Bucket="data", PublicAccessBlockConfiguration=BLOCK)
    s3.put_bucket_ownership_controls(Bucket="data", OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})


def make_services(on, made, ids):
    key = on("kms").create_key(Policy=json.dumps(SCP), Description="d")["KeyMetadata"]
    made["key"] = key["KeyId"]
    made["grant"] = on("kms").create_grant(KeyId=key["KeyId"], Operations=["Decrypt"],
                                           GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:role/app/web")["GrantId"]
    organizations = on("organizations")
    made["organization"] = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    made["root"] = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=made["root"], PolicyType="SERVICE_CONTROL_POLICY")
    made["scp"] = organizations.create_policy(Name="no-terminate", Description="d", Type="SERVICE_CONTROL_POLICY",
                                              Content=json.dumps(SCP))["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=made["scp"], TargetId=made["root"])
    make_balancers(on, made, ids)
    waf = on("wafv2").create_web_acl(Name="acl", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=SEEN,
                                     Rules=RULES)["Summary"]
    made["acl"], made["acl_id"] = waf["ARN"], waf["Id"]
    on("wafv2").associate_web_acl(WebACLArn=waf["ARN"], ResourceArn=made["balancer"])
    ecs = on("ecs")
    made["cluster"] = ecs.create_cluster(clusterName="shop")["cluster"]["clusterArn"]
    made["detector"] = on("guardduty").create_detector(Enable=True)["DetectorId"]
    made["queue"] = on("sqs").create_queue(QueueName="findings")["QueueUrl"]
    made["topic"] = on("sns").create_topic(Name="alerts")["TopicArn"]
    made["distribution"] = on("cloudfront").create_distribution(DistributionConfig={
        "CallerReference": "r", "Comment": "made up", "Enabled": True, "DefaultCacheBehavior": {
            "TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "data.s3.amazonaws.com",
                                              "S3OriginConfig": {"OriginAccessIdentity": ""}}]}})["Distribution"]["Id"]


def make_balancers(on, made, ids):
    ec2, elb = on("ec2"), on("elbv2")
    vpc = made["hosts"][0]["vpc"]
    subnets = [s["SubnetId"] for s in ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"][:2]]
    balancer = elb.create_load_balancer(Name="front", Subnets=subnets)["LoadBalancers"][0]
    made["balancer"], made["balancer_dns"] = balancer["LoadBalancerArn"], balancer["DNSName"]
    made["group"] = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    elb.register_targets(TargetGroupArn=made["group"], Targets=[{"Id": i, "Port": 80} for i in ids[:2]])
    made["listener"] = elb.create_listener(LoadBalancerArn=made["balancer"], Protocol="HTTP", Port=80, DefaultActions=[
        {"Type": "forward", "TargetGroupArn": made["group"]}])["Listeners"][0]["ListenerArn"]
    classic = on("elb")
    classic.create_load_balancer(LoadBalancerName="old", AvailabilityZones=[REGION + "a"], Listeners=[
        {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 8080}])
    classic.register_instances_with_load_balancer(LoadBalancerName="old", Instances=[{"InstanceId": ids[2]}])


def estate_for(made: dict) -> dict:
    """The same for our simulator."""
    hosts = [{"id": h["id"], "privateIp": h["ip"], "vpc": h["vpc"], "subnet": h["subnet"], "profile": "web-profile",
              "tags": {"Name": f"host <{number}>"}} for number, h in enumerate(made["hosts"])]
    ids = [h["id"] for h in hosts]
    region = {
        "instances": hosts,
        "loadBalancers": [{"LoadBalancerName": "front", "LoadBalancerArn": made["balancer"], "DNSName": made["balancer_dns"]}],
        "targetGroups": [{"TargetGroupName": "web", "TargetGroupArn": made["group"], "loadBalancers": ["front"],
                          "targets": [{"Id": i, "Port": 80} for i in ids[:2]]}],
        "listeners": [{"loadBalancer": "front", "ListenerArn": made["listener"], "Port": 80,
                       "DefaultActions": [{"Type": "forward", "targetGroup": "web"}]}],
        "classicLoadBalancers": [{"LoadBalancerName": "old", "instances": [ids[2]],
                                  "listeners": [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP",
                                                 "InstancePort": 8080}]}],
        "managedRuleGroups": [{"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet", "Capacity": 700}],
        "webAcls": [{"Name": "acl", "ARN": made["acl"], "Id": made["acl_id"], "resources": ["front"], "Rules": RULES,
                     "VisibilityConfig": SEEN}],
        "clusters": [{"clusterName": "shop"}],
        "keys": [{"KeyId": made["key"], "Description": "d", "policy": SCP, "grants": [
            {"GrantId": made["grant"], "Operations": ["Decrypt"],
             "GranteePrincipal": f"arn:aws:iam::{ACCOUNT}:role/app/web"}]}],
        "detectors": [{"detectorId": made["detector"]}],
        "queues": [{"QueueName": "findings"}],
        "topics": [{"Name": "alerts"}],
        "configRules": [{"Name": "r", "resultToken": "token"}],
    }
    config = {"CallerReference": "r", "Origins": {"Quantity": 1, "Items": {"Origin": [
        {"Id": "o", "DomainName": "data.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}]}},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"}, "Comment": "made up",
        "Enabled": True, "WebACLId": ""}
    account = {
        "id": ACCOUNT, "publicAccessBlock": BLOCK,
        "users": [{"UserName": "tester", "accessKeys": [{"id": KEY[0], "secret": KEY[1]}]}],
        "policies": [{"PolicyName": "extra", "document": READ}],
        "roles": [{"RoleName": "web", "Path": "/app/", "trust": EC2_TRUST, "inline": {"read": READ},
                   "attached": [made["policy"]]},
                  {"RoleName": "reader", "trust": {"Version": "2012-10-17", "Statement": [
                      {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}}],
        "instanceProfiles": [{"InstanceProfileName": "web-profile", "Path": "/app/", "roles": ["web"]}],
        "buckets": [{"Name": "data", "Region": REGION, "Policy": BUCKET_POLICY, "PublicAccessBlock": BLOCK,
                     "ObjectOwnership": "BucketOwnerEnforced"}, {"Name": "plain", "Region": REGION}],
        "distributions": [{"Id": made["distribution"], "config": config}],
        "regions": {REGION: region},
    }
    organization = {"Id": made["organization"], "MasterAccountId": ACCOUNT, "parents": {ACCOUNT: made["root"]},
                    "policies": [{"Id": made["scp"], "Name": "no-terminate", "Description": "d", "Content": SCP,
                                  "targets": [made["root"]]}]}
    return {"accounts": [account], "organization": organization}
