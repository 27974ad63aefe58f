# SPDX-License-Identifier: Apache-2.0
"""The peer of bench/config.py: a rule of AWS Config in the style of the retired samples. It is called for one instance at
a time, asks SWP for all computers each time, finds the one by its instance ID, and puts one evaluation.

    config_handler.py COUNT     one invocation on standard input; judges the first COUNT instances of the account
"""
import datetime
import json
import os
import sys

import boto3
import deepsecurity


def computers(url, key):
    """All computers, page by page, as the samples list them for every evaluation."""
    configuration = deepsecurity.Configuration()
    configuration.host = url
    configuration.api_key["api-secret-key"] = key
    api = deepsecurity.ComputersApi(deepsecurity.ApiClient(configuration))
    options = deepsecurity.Expand()
    options.add(options.computer_status, options.all_security_modules, options.ec2_virtual_machine_summary)
    last, found = 0, []
    while True:
        after = deepsecurity.SearchCriteria(id_test="greater-than", id_value=last)
        body = deepsecurity.SearchFilter(max_items=1000, search_criteria=[after], sort_by_object_id=True)
        page = api.search_computers("v1", search_filter=body, expand=options.list()).computers or []
        if not page:
            return found
        found.extend(page)
        last = page[-1].id


def evaluate(instance, event, config):
    for computer in computers(os.environ["SWP_URL"], os.environ["SWP_API_KEY"]):
        summary = computer.ec2_virtual_machine_summary
        if summary is not None and summary.instance_id == instance:
            module = computer.anti_malware
            on = module is not None and module.state == "on" and computer.computer_status.agent_status == "active"
            break
    else:
        on = False
    config.put_evaluations(ResultToken=event["resultToken"], Evaluations=[{
        "ComplianceResourceType": "AWS::EC2::Instance", "ComplianceResourceId": instance,
        "ComplianceType": "COMPLIANT" if on else "NON_COMPLIANT",
        "OrderingTimestamp": datetime.datetime.now(datetime.timezone.utc)}])


def main():
    event = json.loads(sys.stdin.readline())
    config, ec2 = boto3.client("config"), boto3.client("ec2")
    page = ec2.describe_instances(MaxResults=1000)
    instances = [one["InstanceId"] for reservation in page["Reservations"] for one in reservation["Instances"]]
    for instance in instances[: int(sys.argv[1])]:
        evaluate(instance, event, config)


if __name__ == "__main__":
    main()
