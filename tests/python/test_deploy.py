# SPDX-License-Identifier: Apache-2.0
"""The templates of deploy/: by CloudFormation's own linter, and against what the program says of its rules."""
import json
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

from program_support import ROOT

TEMPLATES = sorted((ROOT / "deploy").glob("*.yaml"))


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: {suffix: loader.construct_scalar(node)})


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_is_what_cloudformation_takes(template):
    lint = pathlib.Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([str(lint), str(template)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    # CloudFormation knows no aliases, and the linter resolves them before it looks.
    assert not re.search(r"^[^#]*[:\-]\s+[&*]\w+", template.read_text(), re.MULTILINE)


def test_the_conformance_pack_has_every_rule_with_parameters_that_are_taken(tmp_path):
    from program_support import Program
    pack = yaml.load((ROOT / "deploy" / "config-conformance-pack.yaml").read_text(), Loader)
    defaults = {name: one.get("Default", "") for name, one in pack["Parameters"].items()}
    rules = [one["Properties"] for one in pack["Resources"].values()]
    page = (ROOT / "docs" / "config.md").read_text()
    documented = set(re.findall(r"^\| `([a-z-]+)` \| [^|]+ \| [^|]*\|$", page.split("## The rules")[1].split("| parameter |")[0],
                                re.MULTILINE)) - {"rule"}
    assert {rule["InputParameters"]["rule"] for rule in rules} == documented
    program = Program(tmp_path, "http://127.0.0.1:9")
    for rule in rules:
        given = {name: defaults[value["Ref"]] if isinstance(value, dict) else value
                 for name, value in rule["InputParameters"].items()}
        assert len(json.dumps(given)) <= 1024
        arguments = [part for name, value in given.items() if name != "rule" for part in ("--parameter", f"{name}={value}")]
        run = program.run("config", "evaluate", given["rule"], *arguments)
        assert "rule parameters" not in run.err, run.err
        assert {one["MessageType"] for one in rule["Source"]["SourceDetails"]} == {
            "ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification", "ScheduledNotification"}


def test_the_alarm_counts_what_fails_the_function():
    """The function fails exactly the invocations that cannot be answered (test_config.py); Lambda counts those."""
    resources = yaml.load((ROOT / "deploy" / "config-alarm.yaml").read_text(), Loader)["Resources"]
    alarm = resources["EvaluationsFail"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Lambda", "Errors", "Sum")
    assert alarm["Threshold"] == 1 and alarm["TreatMissingData"] == "notBreaching"
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "FunctionName"}}]
