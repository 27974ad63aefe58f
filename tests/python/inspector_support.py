# SPDX-License-Identifier: Apache-2.0
"""Made-up tenants and findings for the tests of Inspector and bench/inspector.py."""
import copy
import datetime
import json
import pathlib
import random
import uuid

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACCOUNTS = ("111122223333", "444455556666", "777788889999")
REGION = "us-east-1"
FIRST_RULE = 20000
BASE_RULE = 108  # of the demonstration estate: others depend on it


def cve(number: int) -> str:
    return f"CVE-2024-{10000 + number}"


def instance(number: int) -> str:
    return f"i-{number:017x}"


def rule(number: int, cves, **more) -> dict:
    made = {"ID": FIRST_RULE + number, "name": f"Example rule {number}", "description": "",
            "minimumAgentVersion": "4.0.0.0", "applicationTypeID": 81, "priority": "normal", "severity": "critical",
            "detectOnly": False, "eventLoggingDisabled": False, "generateEventOnPacketDrop": True,
            "alwaysIncludePacketData": False, "debugModeEnabled": False, "type": "vulnerability",
            "originalIssue": "400d", "lastUpdated": f"{20 + number % 300}d", "identifier": str(1_100_000 + number),
            "alertEnabled": False, "recommendationsMode": "enabled", "canBeAssignedAlone": True, "CVSSScore": "9.80",
            "CVE": list(cves)}
    made.update(more)
    return made


def computer(number: int, policy: int, account: str, team: str, **more) -> dict:
    name = f"host-{number}"
    made = {"ID": 1000 + number, "hostName": f"{name}.ec2.internal", "displayName": name, "description": "",
            "groupID": 41, "relayListID": 0, "lastIPUsed": "", "policyID": policy,
            "agentFingerPrint": "14:F3:B3:76:1F:8A:2F:8B:D6:D9:%02X:%02X" % (number // 256, number % 256),
            "agentVersion": "20.0.1.12345", "lastAgentCommunication": "2m", "lastSendPolicyRequest": "6h",
            "lastSendPolicySuccess": "6h", "platform": "Ubuntu Linux 22 (64 bit)",
            "computerStatus": {"agentStatus": "active", "agentStatusMessages": ["Managed (Online)"]},
            "ec2VirtualMachineSummary": {
                "cloudProvider": "AWS", "accountID": account, "operatingSystem": "Ubuntu",
                "privateIPAddress": f"10.0.{number // 256}.{number % 256}", "publicIPAddress": "",
                "availabilityZone": f"{REGION}a", "instanceID": instance(number), "type": "t3.medium",
                "virtualizationType": "hvm", "state": "POWER ON",
                "metadata": [{"name": "Name", "value": name}, {"name": "Owner", "value": team}]},
            "sim": {"online": True}}
    made.update(more)
    return made


def estate(folder: pathlib.Path, hosts=500, policies=12, cves=20, more_rules=0) -> pathlib.Path:
    """The demonstration tenant with other rules, policies and computers; a policy's hosts are of one account and team."""
    made = yaml.safe_load((ROOT / "sim" / "estates" / "demo.yaml").read_text())
    base = [one for one in made["intrusionPreventionRules"] if one["ID"] == BASE_RULE]
    # Each rule lists a second CVE, whose number begins alike.
    made["intrusionPreventionRules"] = base + [
        rule(n, [cve(n), f"{cve(n)}7"], dependsOnRuleIDs=[BASE_RULE], canBeAssignedAlone=False) for n in range(cves)
    ] + [rule(1000 + n, [f"CVE-2015-{10000 + n}"]) for n in range(more_rules)]
    top = next(policy for policy in made["policies"] if policy["ID"] == 1)
    top["intrusionPrevention"] = {"state": "prevent", "ruleIDs": [BASE_RULE]}
    made["policies"] = [top] + [{"ID": 100 + n, "parentID": 1, "name": f"Policy {n}", "description": ""}
                                for n in range(policies)]
    made["computers"] = [computer(n, 100 + n % policies, ACCOUNTS[n % policies % len(ACCOUNTS)],
                                  f"team-{n % policies % len(ACCOUNTS)}@example.com") for n in range(hosts)]
    path = folder / "estate.yaml"
    path.write_text(json.dumps(made))  # YAML enough
    return path


def finding(number: int, host: int, cves, account: str, when: datetime.datetime, status="ACTIVE", **more) -> dict:
    made = {"awsAccountId": account, "type": "PACKAGE_VULNERABILITY", "title": f"{cves[0]} - example",
            "findingArn": f"arn:aws:inspector2:{REGION}:{account}:finding/{number:032x}", "description": "made up",
            "severity": "HIGH", "inspectorScore": 8.1, "status": status, "fixAvailable": "YES",
            "exploitAvailable": "NO", "epss": {"score": 0.02}, "firstObservedAt": when.timestamp() - 86400,
            "lastObservedAt": when.timestamp(), "updatedAt": when.timestamp(),
            "remediation": {"recommendation": {"text": "None Provided"}},
            "packageVulnerabilityDetails": {
                "vulnerabilityId": cves[0], "relatedVulnerabilities": list(cves[1:]), "source": "NVD",
                "vulnerablePackages": [{"name": "example", "version": "1.0", "fixedInVersion": "1.1"}]},
            "resources": [{"type": "AWS_EC2_INSTANCE", "id": instance(host), "partition": "aws", "region": REGION,
                           "details": {"awsEc2Instance": {"platform": "UBUNTU_22_04"}}}]}
    made.update(more)
    return made


def event(detail: dict) -> dict:
    return {"version": "0", "id": str(uuid.uuid4()), "detail-type": "Inspector2 Finding", "source": "aws.inspector2",
            "account": detail["awsAccountId"], "region": REGION, "resources": [detail["resources"][0]["id"]],
            "time": datetime.datetime.fromtimestamp(detail["updatedAt"], datetime.timezone.utc)
            .strftime("%Y-%m-%dT%H:%M:%SZ"), "detail": detail}


class Load:
    """1,000 findings: 20 CVEs on 500 hosts on 12 policies in 3 accounts, each host with two of them; 10 % are closed
    before their ACTIVE arrives, 30 % of the deliveries come twice, and all of it is shuffled."""

    def __init__(self, hosts=500, policies=12, cves=20, seed=11):
        when = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=5)
        lot = random.Random(seed)
        self.active, self.closed, self.wanted = [], set(), {}
        events = []
        for number in range(2 * hosts):
            host, n = number % hosts, (number % hosts + 7 * (number // hosts)) % cves
            account = ACCOUNTS[host % policies % len(ACCOUNTS)]
            active = event(finding(number, host, [cve(n)], account, when))
            events.append(active)
            self.active.append(active)
            if number % 10 == 3:
                self.closed.add(number)
                closed = copy.deepcopy(active)
                closed["id"] = str(uuid.uuid4())
                closed["detail"].update(status="CLOSED", updatedAt=when.timestamp() + 60)
                events.insert(0, closed)
            else:
                self.wanted.setdefault(100 + host % policies, set()).add(FIRST_RULE + n)
        repeated = [dict(one, id=str(uuid.uuid4())) for one in lot.sample(events, 3 * len(events) // 10)]
        self.distinct = len(events)
        # A closed finding's first delivery is before its ACTIVE; everything else is shuffled.
        closing = [one for one in events if one["detail"]["status"] == "CLOSED"]
        others = [one for one in events if one["detail"]["status"] != "CLOSED"] + repeated
        lot.shuffle(others)
        lot.shuffle(closing)
        self.events = closing[:len(closing) // 2] + self.mixed(closing[len(closing) // 2:], others, lot)
        self.cves, self.accounts = cves, len(ACCOUNTS)

    @staticmethod
    def mixed(closing, others, lot):
        """`closing` among `others`, each before the ACTIVE of its finding."""
        waiting = {one["detail"]["findingArn"]: one for one in closing}
        mixed = []
        for one in others:
            early = waiting.pop(one["detail"]["findingArn"], None)
            if early is not None:
                mixed.append(early)
            mixed.append(one)
        return mixed + list(waiting.values())

    def ndjson(self) -> bytes:
        return "\n".join(json.dumps(one) for one in self.events).encode()
