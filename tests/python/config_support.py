# SPDX-License-Identifier: Apache-2.0
"""Calls of AWS Config to its rules, for the tests of the workflow: what the service sends, made anew for each call."""
import datetime
import json
import uuid

from aws_support import KEY as AWS_KEY
from program_support import Program

HOME, STAGE_ACCOUNT = "111122223333", "444455556666"
TYPE = "AWS::EC2::Instance"


def moment(**ago) -> str:
    """As AWS Config writes times."""
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**ago)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def item(instance, account=HOME, region="us-east-1", status="OK", state="running", launched=None, tags=None, **more) -> dict:
    made = {"version": "1.3", "configurationItemCaptureTime": moment(seconds=5), "configurationItemStatus": status,
            "configurationStateId": "1", "awsAccountId": account, "resourceType": TYPE, "resourceId": instance,
            "awsRegion": region, "ARN": f"arn:aws:ec2:{region}:{account}:instance/{instance}", "tags": tags or {},
            "relationships": [], "configuration": {"instanceId": instance, "state": {"name": state},
                                                   "launchTime": launched or moment(days=30)}}
    made.update(more)
    return made


def invocation(message, token="sim-result-token-1", account=HOME, region="us-east-1", name="swp-protected", **more) -> dict:
    made = {"version": "1.0", "invokingEvent": json.dumps(message) if isinstance(message, (dict, list)) else message,
            "ruleParameters": json.dumps({"rule": "protected"}), "resultToken": token, "eventLeftScope": False,
            "executionRoleArn": f"arn:aws:iam::{account}:role/config-role",
            "configRuleArn": f"arn:aws:config:{region}:{account}:config-rule/config-rule-a1b2c3",
            "configRuleName": name, "configRuleId": "config-rule-a1b2c3", "accountId": account}
    made.update(more)
    return {key: value for key, value in made.items() if value is not None}


def parameters(rule="protected", **more) -> str:
    return json.dumps({"rule": rule, **more})


def change(instance, parameters_=None, of=None, **more) -> dict:
    """AWS Config saw a change of that instance; `of`: members of the item."""
    message = {"messageType": "ConfigurationItemChangeNotification", "notificationCreationTime": moment(),
               "configurationItemDiff": None, "recordVersion": "1.3",
               "configurationItem": item(instance, **{"account": more.get("account", HOME),
                                                      "region": more.get("region", "us-east-1"), **(of or {})})}
    if parameters_ is not None:
        more["ruleParameters"] = parameters_
    return invocation(message, **more)


def schedule(parameters_=None, **more) -> dict:
    message = {"messageType": "ScheduledNotification", "awsAccountId": more.get("account", HOME),
               "notificationCreationTime": moment(), "recordVersion": "1.0"}
    if parameters_ is not None:
        more["ruleParameters"] = parameters_
    return invocation(message, **more)


def program_with(folder, simulated_aws, manager, **sections) -> Program:
    made = Program(folder, manager.url, **sections)
    made.variables = {"AWS_ENDPOINT_URL": simulated_aws.url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": AWS_KEY[0],
                      "AWS_SECRET_ACCESS_KEY": AWS_KEY[1], "AWS_EC2_METADATA_DISABLED": "true"}
    return made


def fresh_id() -> str:
    return "i-" + uuid.uuid4().hex[:17]
