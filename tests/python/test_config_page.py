# SPDX-License-Identifier: Apache-2.0
"""`sallyport config evaluate --html`: the real program's page in headless Chromium."""
import csv
import io
import json
import pathlib

import pytest

from config_support import item
from program_support import EXCLUDED, FAILED, NO_AGENT, OFFLINE, USAGE, WEB, Manager, Program
from report_support import HOSTILE, browser, data_of, serious, show  # noqa: F401


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    manager = Manager("--speed", "0")
    yield Program(tmp_path_factory.mktemp("program"), manager.url)
    manager.stop()


def evaluate(program, name, *arguments):
    """The page of four instances, one with a hostile name, and what the same run prints as JSON."""
    snapshot = program.folder / "snapshot.json"
    snapshot.write_text(json.dumps({"configurationItems": [
        item(WEB, tags={"Name": HOSTILE}), item(NO_AGENT, tags={"Name": "web-02"}, region="eu-west-1"), item(OFFLINE), item(EXCLUDED)]}))
    file = program.folder / name
    run = program.run("config", "evaluate", "protected", "--snapshot", str(snapshot), "--html", str(file), "--json", *arguments)
    assert run.code == FAILED, run.out + run.err
    return file, json.loads(run.out)


@pytest.fixture(scope="module")
def page(program):
    return evaluate(program, "config.html")


def test_the_page_says_what_the_command_says(show, page):
    file, answer = page
    shown = show(file)
    assert shown.tab.title() == "Rule protected: verdicts for each instance"
    assert "4 instances: 2 non-compliant" in shown.tab.locator(".headline").inner_text()
    assert shown.count() == len(data_of(file)["rows"]) == len(answer["hosts"]) == 4
    chips = {chip.get_attribute("data-state"): int(chip.locator("strong").inner_text())
             for chip in shown.tab.locator(".chips button").all()}
    assert {word.lower(): number for word, number in chips.items() if word} == answer["counts"]
    # A verdict has no ways: neither the picture of them nor their part of the panel.
    assert shown.tab.locator("svg.picture").count() == 0 and not shown.tab.get_by_text("Ways from the internet").is_visible()
    shown.tab.locator(".chips button[data-state='NON_COMPLIANT']").click()
    shown.tab.locator(".bar[data-bar='eu-west-1']").click()
    assert shown.count() == 1
    shown.rows().first.click()
    panel = shown.tab.locator("#panel").inner_text()
    told = next(host["annotation"] for host in answer["hosts"] if host["instance"] == NO_AGENT)
    assert told in panel and "Next: install" in panel and "Ways" not in panel
    with shown.tab.expect_download() as download:
        shown.tab.locator("#csv").click()
    [row] = csv.DictReader(io.StringIO(pathlib.Path(download.value.path()).read_text()))
    assert (row["Instance"], row["Verdict"], row["Why, and what next"]) == (NO_AGENT, "NON_COMPLIANT", told)
    with shown.tab.expect_download() as download:
        shown.tab.locator("#json").click()
    [taken] = json.loads(pathlib.Path(download.value.path()).read_text())
    assert taken["state"] == "NON_COMPLIANT" and "ways" not in taken


def test_a_hostile_name_is_text_and_the_other_language_is_there(show, page):
    shown = show(page[0], f"lang=zh&host={WEB}")
    assert shown.tab.evaluate("document.documentElement.lang") == "zh-TW"
    assert "4 個執行個體" in shown.tab.locator(".headline").inner_text()
    assert shown.tab.locator("img").count() == 0 and shown.tab.locator("b").count() == 0
    assert "<img" in shown.tab.locator("#panel").inner_text()


@pytest.mark.parametrize("link,width", [("lang=en&theme=light", 1280), ("lang=zh&theme=dark", 390)])
def test_everybody_can_read_it(show, page, link, width):
    shown = show(page[0], link, width=width, height=844)
    shown.rows().first.click()
    assert serious(shown.tab) == []
    assert shown.tab.evaluate("document.documentElement.scrollWidth") <= width


def test_changes_and_explanations_are_below_the_table(show, program):
    evaluate(program, "before.html", "--save")
    program.set(gates={"exclusion_tag": "Name=web-02"})
    file, answer = evaluate(program, "after.html", "--diff", "--explain", WEB)
    shown = show(file)
    sections = shown.tab.locator("#app").inner_text()
    assert f"{NO_AGENT}: NON_COMPLIANT -> NOT_APPLICABLE" in sections and "computer 34 (web-01)" in sections
    assert {change["instance"] for change in answer["changes"]} == {EXCLUDED, NO_AGENT}


def test_a_file_that_cannot_be_written_is_said(program):
    run = program.run("config", "evaluate", "protected", "--snapshot", str(program.folder / "snapshot.json"), "--html", "/nonexistent/x.html")
    assert run.code == USAGE and "cannot be written" in run.err
