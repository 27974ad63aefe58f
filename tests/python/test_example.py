# SPDX-License-Identifier: Apache-2.0
"""The product with the rows of tests/example beside its own: what docs/adding-a-workflow.md and docs/adding-an-action.md
lead to, as a program on a simulated SWP manager."""
import json
import pathlib
import subprocess

import pytest

from program_support import LONGEST_RUN, NO_AGENT, OK, ROOT, USAGE, WEB, Manager, Program, Run, binary, now

REPORT = json.loads((ROOT / "tests" / "example" / "abuse-report.json").read_text())


class ExampleProgram(Program):
    def run(self, *arguments, stdin=b""):
        program = pathlib.Path(binary()).with_name("example_program")
        done = subprocess.run([program, *arguments], input=stdin, cwd=self.folder, env=self.environment(),
                              capture_output=True, timeout=LONGEST_RUN, check=False)
        return self.hold_promises(Run(done.returncode, done.stdout, done.stderr))


@pytest.fixture
def manager():
    made = Manager("--rate-limit", "0", "--tenant-rate-limit", "0")
    yield made
    made.stop()


@pytest.fixture
def watch_list(tmp_path):
    folder = tmp_path / "watch-list"
    folder.mkdir()
    return folder


@pytest.fixture
def program(tmp_path, manager, watch_list):
    made = ExampleProgram(tmp_path, manager.url, mode="enforce", abuse={"watch": True})
    made.variables["WATCH_LIST"] = str(watch_list)
    return made


def report(**changes):
    return {**REPORT, "time": now(minutes=5), **changes}


def test_one_event_leads_to_a_plan_and_a_case_for_each_host(program, watch_list):
    run = program.handle(report())
    assert run.code == OK, run.out + run.err
    plans = run.report["plans"]
    assert [plan["plan"]["workflow"] for plan in plans] == ["abuse", "abuse"]
    assert [plan["plan"]["subject"].split()[-1] for plan in plans] == [WEB, NO_AGENT]
    assert len({plan["case"] for plan in plans}) == 2
    assert sorted(path.name for path in watch_list.iterdir() if not path.name.startswith(".")) == [WEB, NO_AGENT]
    assert (watch_list / WEB).read_text().endswith("reported: AWS_ABUSE_DOS_REPORT\n")


def test_the_same_event_again_is_a_duplicate(program, watch_list):
    again = report()
    program.handle(again)
    assert program.handle(again).report["state"] == "duplicate"


def test_without_its_setting_nobody_is_watched(program, watch_list):
    program.set(abuse={"watch": False})
    assert program.handle(report()).code == OK
    assert list(watch_list.iterdir()) == []


def test_the_product_knows_neither_the_setting_nor_the_event(program, tmp_path, manager):
    run = Program.run(program, "handle", "-", stdin=json.dumps(report()).encode())
    assert run.code == USAGE
    assert "unknown key `abuse`" in run.err
    product = Program(tmp_path, manager.url)
    product.sections.pop("abuse", None)
    run = product.handle(report())
    assert run.report["state"] == "out-of-scope"
