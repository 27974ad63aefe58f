# SPDX-License-Identifier: Apache-2.0
"""The vendor's own SDK drives the simulator: whatever it cannot do or read, the simulator has wrong."""
import deepsecurity as api
import pytest
from deepsecurity.rest import ApiException

VERSION = "v1"
INSTANCE = "i-0123456789abcdef0"


def client_of(simulator, header="api-secret-key", key="SIM-KEY-FULL"):
    configuration = api.Configuration()
    configuration.host = simulator.url
    configuration.api_key = {}
    client = api.ApiClient(configuration)
    client.configuration = configuration
    if header == "api-secret-key":
        configuration.api_key["api-secret-key"] = key
    else:
        client.default_headers["Authorization"] = "ApiKey " + key
    return client


@pytest.fixture(autouse=True)
def closed_pools(monkeypatch):
    """The SDK's clients leave a thread pool to the garbage collector, which complains at the end; close them here."""
    made = []
    original = api.ApiClient.__init__

    def remember(self, *arguments, **named):
        original(self, *arguments, **named)
        made.append(self)

    monkeypatch.setattr(api.ApiClient, "__init__", remember)
    yield
    for client in made:
        client.pool.terminate()
        client.pool.join()


@pytest.fixture
def client(simulator):
    return client_of(simulator)


def string_filter(field, value, wildcards=False):
    criterion = api.SearchCriteria(field_name=field, string_test="equal", string_value=value, string_wildcards=wildcards)
    return api.SearchFilter(search_criteria=[criterion])


def scan_now(kind, parameter, **parameters):
    """A run-once, run-now task as the vendor's samples make it."""
    task = api.ScheduledTask()
    task.name = "sdk " + kind
    task.type = kind
    task.run_now = True
    task.enabled = True
    details = api.ScheduleDetails(recurrence_type="none", recurrence_count=1)
    details.once_only_schedule_parameters = api.OnceOnlyScheduleParameters(start_time=0)
    task.schedule_details = details
    setattr(task, parameter, parameters["value"])
    return task


def computer_filter(computer_id):
    return api.ComputerFilter(type="computer", computer_id=computer_id)


@pytest.mark.parametrize("header, key", [
    ("api-secret-key", "SIM-KEY-FULL"),
    ("Authorization", "SIM-KEY-FULL"),
    ("Authorization", "tmcSIMFULL:0000simulated0000full"),
])
def test_both_headers_open_the_door(simulator, header, key):
    current = api.APIKeysApi(client_of(simulator, header, key)).describe_current_api_key(VERSION)
    assert current.key_name.startswith("full")
    assert current.active is True


@pytest.mark.parametrize("key", ["wrong", "SIM-KEY-EXPIRED", "SIM-KEY-LOCKED"])
def test_unusable_keys_get_401(simulator, key):
    with pytest.raises(ApiException) as refused:
        api.ComputersApi(client_of(simulator, key=key)).list_computers(VERSION)
    assert refused.value.status == 401


def test_a_wrong_version_gets_400(client):
    with pytest.raises(ApiException) as refused:
        api.ComputersApi(client).list_computers("v9")
    assert refused.value.status == 400


def test_a_computer_is_found_by_its_instance(client):
    found = api.ComputersApi(client).search_computers(
        VERSION, search_filter=string_filter("ec2VirtualMachineSummary/instanceID", INSTANCE),
        expand=["computerStatus", "allSecurityModules", "ec2VirtualMachineSummary"])
    (computer,) = found.computers
    assert computer.id == 34
    assert computer.computer_status.agent_status == "active"
    assert computer.ec2_virtual_machine_summary.account_id == "111122223333"
    assert computer.intrusion_prevention.state == "prevent"
    assert computer.intrusion_prevention.module_status.agent_status == "active"
    assert computer.intrusion_prevention.rule_ids == [108, 2874, 3317, 6348]
    assert {"Owner": "team-web@example.com"}.items() <= {
        tag.name: tag.value for tag in computer.ec2_virtual_machine_summary.metadata}.items()


def test_every_computer_can_be_read_whole(client):
    computers = api.ComputersApi(client).list_computers(VERSION).computers
    assert len(computers) == 12
    assert [computer.id for computer in computers] != sorted(computer.id for computer in computers)


def test_expand_none_is_the_simple_fields(client):
    computer = api.ComputersApi(client).describe_computer(34, VERSION, expand=["none"])
    assert computer.host_name and computer.computer_status is None and computer.anti_malware is None


def test_pages_as_the_vendors_sample_does(client):
    criterion = api.SearchCriteria(id_test="greater-than", id_value=0)
    search = api.SearchFilter(max_items=5, search_criteria=[criterion], sort_by_object_id=True)
    seen = []
    while True:
        page = api.ComputersApi(client).search_computers(VERSION, search_filter=search, expand=["none"]).computers
        if not page:
            break
        seen += [computer.id for computer in page]
        criterion.id_value = page[-1].id
    assert seen == sorted(set(seen)) and len(seen) == 12


def ids_by_page(search, field, value, list_name, page=2):
    """The ids of all objects where the number in `field` is `value`, page by page until one is empty."""
    last = 0
    while True:
        criteria = [api.SearchCriteria(field_name=field, numeric_test="equal", numeric_value=value),
                    api.SearchCriteria(id_test="greater-than", id_value=last)]
        found = getattr(search(api.SearchFilter(max_items=page, search_criteria=criteria, sort_by_object_id=True)),
                        list_name)
        if not found:
            return
        yield from (thing.id for thing in found)
        last = found[-1].id


def test_the_computers_of_a_policy_and_the_policies_below_it(client):
    computers, policies = api.ComputersApi(client), api.PoliciesApi(client)

    def cloud_records(search_filter):
        return computers.search_computers(VERSION, search_filter=search_filter, expand=[
            "ec2VirtualMachineSummary", "noConnectorVirtualMachineSummary"])

    def all_policies(search_filter):
        return policies.search_policies(VERSION, search_filter=search_filter)

    assert list(ids_by_page(cloud_records, "policyID", 12, "computers")) == [34, 36, 41, 42, 44, 45, 46, 47]
    assert list(ids_by_page(cloud_records, "policyID", 14, "computers")) == [48]
    assert list(ids_by_page(cloud_records, "policyID", 99, "computers")) == []
    assert list(ids_by_page(all_policies, "parentID", 1, "policies", page=1)) == [12, 13]
    assert list(ids_by_page(all_policies, "parentID", 12, "policies")) == [14]
    assert list(ids_by_page(all_policies, "parentID", 14, "policies")) == []
    (page,) = [cloud_records(api.SearchFilter(max_items=1, search_criteria=[
        api.SearchCriteria(field_name="policyID", numeric_test="equal", numeric_value=12)]))]
    (computer,) = page.computers
    assert computer.intrusion_prevention is None and computer.host_name


def test_policies_inherit(client):
    policies = api.PoliciesApi(client)
    (policy,) = policies.search_policies(VERSION, search_filter=string_filter("name", "Linux Web Server")).policies
    assert policy.id == 12 and policy.parent_id == 1
    assert policy.intrusion_prevention.state == "prevent"
    assert policy.intrusion_prevention.rule_ids == [108, 2874, 3317, 6348]
    local = policies.describe_policy(12, VERSION, overrides=True)
    assert local.intrusion_prevention.state is None
    assert local.intrusion_prevention.rule_ids == [3317, 6348]


def test_a_policys_setting_is_read_and_written(client):
    name = "intrusionPreventionSettingAutoApplyRecommendationsEnabled"
    policies = api.PoliciesApi(client)
    assert policies.describe_policy_setting(12, name, VERSION).value == "No"
    policies.modify_policy_setting(12, name, api.SettingValue(value="yes"), VERSION)
    assert policies.describe_policy_setting(12, name, VERSION).value == "yes"


def test_a_policy_is_made_below_another_and_a_computer_moved_into_it(client):
    computers, policies = api.ComputersApi(client), api.PoliciesApi(client)
    made = policies.create_policy(api.Policy(name="Below", description="made up", parent_id=12), VERSION)
    assert made.parent_id == 12 and made.intrusion_prevention.state == "prevent"
    assert made.intrusion_prevention.rule_ids == [108, 2874, 3317, 6348], "it inherits everything"
    with pytest.raises(ApiException) as taken:
        policies.create_policy(api.Policy(name="Below", description="", parent_id=12), VERSION)
    assert taken.value.status == 400
    assert computers.modify_computer(34, api.Computer(policy_id=made.id), VERSION).policy_id == made.id
    with pytest.raises(ApiException):
        policies.delete_policy(made.id, VERSION)
    computers.modify_computer(34, api.Computer(policy_id=12), VERSION)
    policies.delete_policy(made.id, VERSION)
    with pytest.raises(ApiException) as gone:
        policies.describe_policy(made.id, VERSION)
    assert gone.value.status == 404


def test_rules_are_found_by_cve(client):
    rules = api.IntrusionPreventionRulesApi(client)
    with_wildcards = rules.search_intrusion_prevention_rules(
        VERSION, search_filter=string_filter("CVE", "%CVE-2021-44228%", True)).intrusion_prevention_rules
    assert {rule.id for rule in with_wildcards} == {6348, 6349}
    exact = rules.search_intrusion_prevention_rules(
        VERSION, search_filter=string_filter("CVE", "CVE-2021-44228")).intrusion_prevention_rules
    assert {rule.id for rule in exact} == {6349}
    nothing = rules.search_intrusion_prevention_rules(VERSION, search_filter=string_filter("CVE", "CVE-1999-0001"))
    assert nothing.intrusion_prevention_rules == []


def test_a_recommendation_scan_runs_to_its_end(simulator, client):
    assignments = api.ComputerIntrusionPreventionRuleAssignmentsRecommendationsApi(client)
    tasks = api.ScheduledTasksApi(client)
    before = assignments.list_intrusion_prevention_rule_ids_on_computer(34, VERSION)
    parameters = api.ScanForRecommendationsTaskParameters(computer_filter=computer_filter(34))
    task = tasks.create_scheduled_task(
        scan_now("scan-for-recommendations", "scan_for_recommendations_task_parameters", value=parameters), VERSION)
    assert task.id and task.run_now is None
    working = api.ComputersApi(client).describe_computer(34, VERSION, expand=["tasks"])
    assert working.tasks.agent_tasks
    simulator.advance(30)
    after = assignments.list_intrusion_prevention_rule_ids_on_computer(34, VERSION)
    assert after.recommendation_scan_status == "valid"
    assert after.last_recommendation_scan_date > before.last_recommendation_scan_date
    assert after.recommended_to_assign_rule_ids == [6745, 6801]
    with pytest.raises(ApiException) as gone:
        tasks.describe_scheduled_task(task.id, VERSION)
    assert gone.value.status == 404


def test_integrity_and_malware_scans_move_their_dates(simulator, client):
    tasks = api.ScheduledTasksApi(client)
    integrity = api.ScanForIntegrityChangesTaskParameters(computer_filter=computer_filter(34), trusted_computers="all-computers")
    malware = api.ScanForMalwareTaskParameters(computer_filter=computer_filter(34), timeout="never")
    tasks.create_scheduled_task(
        scan_now("scan-for-integrity-changes", "scan_for_integrity_changes_task_parameters", value=integrity), VERSION)
    tasks.create_scheduled_task(scan_now("scan-for-malware", "scan_for_malware_task_parameters", value=malware), VERSION)
    before = api.ComputersApi(client).describe_computer(34, VERSION)
    simulator.advance(30)
    after = api.ComputersApi(client).describe_computer(34, VERSION)
    assert after.integrity_monitoring.last_integrity_scan > before.integrity_monitoring.last_integrity_scan
    assert after.anti_malware.last_scheduled_scan > before.anti_malware.last_scheduled_scan


def test_rules_are_assigned_and_removed_again(client):
    assignments = api.ComputerIntrusionPreventionRuleAssignmentsRecommendationsApi(client)
    rules = api.RuleIDs(rule_ids=[6745])
    added = assignments.add_intrusion_prevention_rule_ids_to_computer(40, VERSION, intrusion_prevention_rule_ids=rules)
    assert added.assigned_rule_ids == [108, 2874, 6745]
    local = assignments.list_intrusion_prevention_rule_ids_on_computer(40, VERSION, overrides=True)
    assert local.assigned_rule_ids == [6745]
    removed = assignments.remove_intrusion_prevention_rule_id_from_computer(40, 6745, VERSION)
    assert removed.assigned_rule_ids == [108, 2874]


def test_single_rules_are_overridden_where_they_are_assigned(client):
    """Inspector's workflow reads what a rule does at a policy and at a computer, overrides included."""
    at_policy = api.PolicyIntrusionPreventionRuleDetailsApi(client)
    at_computer = api.ComputerIntrusionPreventionRuleDetailsApi(client)
    detect = api.IntrusionPreventionRule(detect_only=True)
    prevent = api.IntrusionPreventionRule(detect_only=False)

    def detects(computer, rule=6348):
        rules = at_computer.list_intrusion_prevention_rules_on_computer(computer, VERSION).intrusion_prevention_rules
        return {one.id: one.detect_only for one in rules}[rule]

    assert not detects(34)
    changed = at_policy.modify_intrusion_prevention_rule_on_policy(12, 6348, detect, VERSION)
    assert changed.detect_only
    assert detects(34), "a computer inherits what its policy overrides"
    at_computer.modify_intrusion_prevention_rule_on_computer(34, 6348, prevent, VERSION)
    assert not detects(34), "the computer's own override lies over it"
    assert at_policy.describe_intrusion_prevention_rule_on_policy(14, 6348, VERSION).detect_only, "a policy below inherits it"
    assert not at_policy.describe_intrusion_prevention_rule_on_policy(14, 6348, VERSION, overrides=True).detect_only
    at_computer.reset_intrusion_prevention_rule_on_computer(34, 6348, VERSION)
    assert detects(34)
    at_policy.reset_intrusion_prevention_rule_on_policy(12, 6348, VERSION)
    assert not detects(34)


def test_rules_are_paged_by_when_they_were_updated(simulator, client):
    rules = api.IntrusionPreventionRulesApi(client)
    newest = max(one.last_updated for one in rules.list_intrusion_prevention_rules(VERSION).intrusion_prevention_rules)
    since = api.SearchCriteria(field_name="lastUpdated", first_date_value=newest + 1)

    def found():
        body = api.SearchFilter(max_items=10, search_criteria=[since], sort_by_object_id=True)
        return rules.search_intrusion_prevention_rules(VERSION, search_filter=body).intrusion_prevention_rules

    assert found() == []
    simulator.control("POST", "rules", {"rules": [{"ID": 6348, "detectOnly": True}, {"ID": 9001, "CVE": ["CVE-2026-1"]}],
                                        "removed": [7001]})
    assert [(one.id, one.detect_only, one.cve) for one in found()] == [
        (6348, True, ["CVE-2021-44228", "CVE-2021-45046"]), (9001, False, ["CVE-2026-1"])]
    with pytest.raises(ApiException):
        rules.describe_intrusion_prevention_rule(7001, VERSION)


def test_missing_things_are_404_with_a_message(client):
    with pytest.raises(ApiException) as refused:
        api.ComputersApi(client).describe_computer(999, VERSION)
    assert refused.value.status == 404
    assert "The computer does not exist." in refused.value.body


def test_a_role_without_the_right_gets_403(simulator):
    auditor = client_of(simulator, key="SIM-KEY-AUDITOR")
    with pytest.raises(ApiException) as refused:
        api.ScheduledTasksApi(auditor).delete_scheduled_task(1, VERSION)
    assert refused.value.status == 403


def test_too_many_calls_get_429(simulator, client):
    computers = api.ComputersApi(client)
    for _ in range(500):
        computers.describe_computer(34, VERSION, expand=["none"])
    with pytest.raises(ApiException) as refused:
        computers.describe_computer(34, VERSION, expand=["none"])
    assert refused.value.status == 429
    simulator.advance(60)
    computers.describe_computer(34, VERSION, expand=["none"])
