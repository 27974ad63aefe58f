# SPDX-License-Identifier: Apache-2.0
"""The peer of bench/findings.py: what a Python Lambda function of the field does with a GuardDuty finding.

boto3 and the vendor's SDK (deep-security-api), each client made once at start, as a warm Lambda function keeps them.
It decides as `sallyport handle` does and makes the same calls, so that the two can be compared; it keeps no records,
has no cool-down, no retries of its own and does not look for a lost answer.

One event on a line of standard input, one line of JSON for each on standard output. SWP_URL and SWP_API_KEY say whom to
ask. A host that is not protected would be published to SNS; here the message is made and goes nowhere, as in our
program.
"""
import datetime
import hashlib
import json
import os
import re
import sys

import boto3
import deepsecurity

API_VERSION = "v1"
SCANS = {  # kind: its parameters in a ScheduledTask, in the SDK's words
    "scan-for-recommendations": ("scan_for_recommendations_task_parameters",
                                 deepsecurity.ScanForRecommendationsTaskParameters, {}),
    "scan-for-integrity-changes": ("scan_for_integrity_changes_task_parameters",
                                   deepsecurity.ScanForIntegrityChangesTaskParameters,
                                   {"trusted_computers": "all-computers"}),
    "scan-for-malware": ("scan_for_malware_task_parameters",
                         deepsecurity.ScanForMalwareTaskParameters, {"timeout": "never"}),
}
FAMILIES = (  # the finding types that the measurement uses
    (re.compile(r"CryptoCurrency:"), ("scan-for-malware", "scan-for-integrity-changes", "scan-for-recommendations")),
    (re.compile(r"UnauthorizedAccess:.*/(SSH|RDP)BruteForce$"),
     ("scan-for-recommendations", "scan-for-integrity-changes")),
    (re.compile(r"Recon:EC2/"), ("scan-for-recommendations",)),
)
MIN_SEVERITY = {"scan-for-malware": 4}
MAX_AGE = datetime.timedelta(hours=24)


class Handler:
    def __init__(self, url: str, key: str):
        self.sns = boto3.session.Session(region_name="us-east-1").client("sns")
        configuration = deepsecurity.Configuration()
        configuration.host = url
        configuration.api_key["api-secret-key"] = key
        client = deepsecurity.ApiClient(configuration)
        self.computers = deepsecurity.ComputersApi(client)
        self.tasks = deepsecurity.ScheduledTasksApi(client)
        options = deepsecurity.Expand()
        options.add(options.computer_status, options.tasks, options.all_security_modules,
                    options.ec2_virtual_machine_summary, options.no_connector_virtual_machine_summary)
        self.expand = options.list()

    def search(self, summary: str, instance: str):
        criteria = deepsecurity.SearchCriteria(field_name=f"{summary}/instanceID", string_test="equal",
                                               string_value=instance, string_wildcards=False)
        body = deepsecurity.SearchFilter(max_items=20, search_criteria=[criteria])
        return self.computers.search_computers(API_VERSION, search_filter=body, expand=self.expand).computers

    def find_computers(self, instance: str):
        found = self.search("ec2VirtualMachineSummary", instance)
        if not any(c.agent_finger_print for c in found):
            found += self.search("noConnectorVirtualMachineSummary", instance)
        return found

    def find_namesakes(self, computer):
        """Records of the same host name: the agent that the connector's record lacks may stand in one of them."""
        whole = self.computers.describe_computer(computer.id, API_VERSION, expand=self.expand)
        criteria = deepsecurity.SearchCriteria(field_name="hostName", string_test="equal",
                                               string_value=whole.host_name, string_wildcards=False)
        body = deepsecurity.SearchFilter(max_items=20, search_criteria=[criteria])
        found = self.computers.search_computers(API_VERSION, search_filter=body, expand=self.expand).computers
        return [other for other in found if other.id != computer.id and other.agent_finger_print]

    def find_our_tasks(self, computer: int):
        criteria = deepsecurity.SearchCriteria(field_name="name", string_test="equal",
                                               string_value=f"sallyport %computer {computer} %", string_wildcards=True)
        body = deepsecurity.SearchFilter(max_items=100, search_criteria=[criteria])
        return self.tasks.search_scheduled_tasks(API_VERSION, search_filter=body).scheduled_tasks

    def request_scan(self, kind: str, computer: int, token: str) -> int:
        parameters, make, more = SCANS[kind]
        task = deepsecurity.ScheduledTask(
            name=f"sallyport {kind} computer {computer} {token}", type=kind, enabled=True, run_now=True,
            schedule_details=deepsecurity.ScheduleDetails(
                recurrence_type="none", recurrence_count=1,
                once_only_schedule_parameters=deepsecurity.OnceOnlyScheduleParameters(start_time=0)))
        setattr(task, parameters,
                make(computer_filter=deepsecurity.ComputerFilter(type="computer", computer_id=computer), **more))
        return self.tasks.create_scheduled_task(task, API_VERSION).id

    def handle(self, event: dict) -> dict:
        finding = event["detail"]
        if datetime.datetime.now(datetime.timezone.utc) - parse_time(finding["updatedAt"]) > MAX_AGE:
            return {"finding": finding["id"], "refused": "too old"}
        instance = finding["resource"]["instanceDetails"]["instanceId"]
        computers = [c for c in self.find_computers(instance) if belongs(c, finding["accountId"])]
        computer = computers[0] if computers else None
        if computer is not None and not computer.agent_finger_print and self.find_namesakes(computer):
            return {"finding": finding["id"], "undetermined": "its agent may stand in another record"}
        if not can_scan(computer) or excluded(computer):
            return {"finding": finding["id"], "message": message(finding, instance, computer)}
        held = [task.name for task in self.find_our_tasks(computer.id)]
        requested = []
        for kind in wanted_scans(finding):
            if not applies(kind, computer) or any(name.startswith(f"sallyport {kind} ") for name in held):
                continue
            key = "/".join((finding["accountId"], instance, kind, finding["id"], finding["updatedAt"]))
            token = hashlib.sha256(key.encode()).hexdigest()[:16]
            requested.append({"scan": kind, "task": self.request_scan(kind, computer.id, token)})
        return {"finding": finding["id"], "computer": computer.id, "requested": requested}


def parse_time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def belongs(computer, account: str) -> bool:
    summary = computer.ec2_virtual_machine_summary or computer.no_connector_virtual_machine_summary
    return summary is not None and summary.account_id in (None, account)


def can_scan(computer) -> bool:
    return bool(computer is not None and computer.agent_finger_print and computer.computer_status and
                computer.computer_status.agent_status in ("active", "warning"))


def excluded(computer) -> bool:
    summary = computer.ec2_virtual_machine_summary
    return any(tag.name == "sallyport:exclude" for tag in (summary.metadata or []) if summary)


def wanted_scans(finding: dict):
    kinds = next((scans for pattern, scans in FAMILIES if pattern.match(finding["type"])), ())
    return [kind for kind in kinds if finding["severity"] >= MIN_SEVERITY.get(kind, 0)]


def applies(kind: str, computer) -> bool:
    if kind == "scan-for-integrity-changes":
        module = computer.integrity_monitoring
        return bool(module and module.state != "off" and module.rule_ids)
    if kind == "scan-for-malware":
        module = computer.anti_malware
        return bool(module and module.state != "off" and module.scheduled_scan_configuration_id)
    return True


def message(finding: dict, instance: str, computer) -> str:
    tags = {tag["key"]: tag["value"] for tag in finding["resource"]["instanceDetails"].get("tags", [])}
    state = "no record" if computer is None else "no working agent"
    return (f"{finding['title']}\nHost {instance} in {finding['accountId']}/{finding['region']}: {state}.\n"
            f"Owner: {tags.get('Owner', 'unknown')}\nSeverity: {finding['severity']}\n")


def main() -> None:
    handler = Handler(os.environ["SWP_URL"], os.environ["SWP_API_KEY"])
    while line := sys.stdin.buffer.readline():
        print(json.dumps(handler.handle(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
