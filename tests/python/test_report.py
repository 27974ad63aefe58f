# SPDX-License-Identifier: Apache-2.0
"""The page kit in headless Chromium: what a page shows, that it needs no network, that hostile names stay text."""
import csv
import io
import json
import pathlib
import subprocess

import pytest

from conftest import build_dir
from report_support import HOSTILE, browser, data_of, serious, show  # noqa: F401

def page_of(folder: pathlib.Path, hosts: int, *name: str) -> pathlib.Path:
    file = folder / f"waf-{hosts}.html"
    subprocess.run([build_dir() / "waf_page", str(hosts), file, *name], check=True, timeout=60)
    return file


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return page_of(tmp_path_factory.mktemp("small"), 60)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return page_of(tmp_path_factory.mktemp("large"), 5000)


def test_it_shows_what_the_data_says(show, small):
    page = show(small)
    data = data_of(small)
    assert page.tab.title() == "Web ACLs: from the edge to the host"
    assert "behind a web ACL that enforces" in page.tab.locator(".headline").inner_text()
    assert page.count() == len(data["rows"]) == 60
    chips = {chip.get_attribute("data-state"): int(chip.locator("strong").inner_text())
             for chip in page.tab.locator(".chips button").all()}
    by_state = {state["word"]: sum(1 for row in data["rows"] if row[0] == i) for i, state in enumerate(data["states"])}
    assert {word: number for word, number in chips.items() if word} == by_state
    assert min(number for word, number in by_state.items() if word in ("behind", "not")) > 0
    # Never by its color alone: each has a sign and a word.
    first = page.rows().first.locator("td").first
    assert len(first.locator(".sign").inner_text().strip()) == 1 and len(first.inner_text().strip()) > 3


def test_a_percentage_is_never_a_dead_end(show, small):
    page = show(small)
    page.tab.locator(".chips button[data-state='not']").click()
    not_behind = page.count()
    assert 0 < not_behind < 60
    page.tab.locator(".bar[data-bar='111122223333']").click()
    assert 0 < page.count() <= not_behind
    assert "state=not" in page.tab.url and "q=111122223333" in page.tab.url
    page.tab.locator("#clear").click()
    assert page.count() == 60


def test_a_click_shows_the_way_with_its_gap(show, small):
    page = show(small, "lang=en&state=not")
    page.rows().first.click()
    panel = page.tab.locator("#panel")
    assert panel.is_visible()
    assert panel.locator(".stop.gap").first.inner_text().endswith("no web ACL")
    assert "Open" in panel.inner_text() and "Evidence" in panel.inner_text()
    assert page.tab.locator("svg .node.gap").count() > 0
    key = page.tab.evaluate("new URLSearchParams(location.hash.slice(1)).get('host')")
    again = show(small, f"lang=en&host={key}")
    assert key in again.tab.locator("#panel").inner_text()


def test_filter_sort_and_keys(show, small):
    page = show(small)
    page.tab.keyboard.press("/")
    page.tab.keyboard.type("web-7")
    page.until(lambda: page.count() == 1)
    page.tab.keyboard.press("ArrowDown")
    assert "web-7" in page.tab.locator("#panel h2").inner_text()
    page.tab.keyboard.press("Escape")
    page.tab.keyboard.press("Escape")
    assert not page.tab.locator("#panel").is_visible()
    page.tab.locator("#clear").click()
    page.tab.locator("th button[data-sort='2']").click()
    names = [row.locator("td").nth(2).inner_text() for row in page.rows().all()]
    assert names[:3] == ["web-0", "web-1", "web-2"]
    page.tab.locator("th button[data-sort='2']").click()
    assert page.rows().first.locator("td").nth(2).inner_text() == "web-59"
    assert page.tab.locator("th").nth(2).get_attribute("aria-sort") == "descending"


def test_the_picture_filters_by_what_is_clicked(show, small):
    page = show(small)
    node = page.tab.locator("svg .node[data-node^='arn:lb/']").first
    arn = node.get_attribute("data-node")
    node.locator("rect").click()
    assert 0 < page.count() < 60 and "via=" in page.tab.url
    assert arn.split("/")[1] in page.tab.locator("#count").inner_text()


def test_both_languages(show, small):
    page = show(small, "lang=zh")
    assert page.tab.evaluate("document.documentElement.lang") == "zh-TW"
    assert "網際網路" in page.tab.locator(".headline").inner_text()
    page.tab.locator("#language").click()
    assert page.tab.evaluate("document.documentElement.lang") == "en"
    assert "網" not in page.tab.locator("table.hosts").inner_text()
    zh = show(small, "lang=zh&state=not")
    zh.rows().first.click()
    told = zh.tab.locator("#panel").inner_text()
    # Explanations and words of ours are in Chinese; names are as they are.
    assert "網際網路可直接到達" in told and "the internet" not in told and "受保護" in told and "web-" in told
    by_browser = show(small, "", locale="zh-TW")
    assert by_browser.tab.evaluate("document.documentElement.lang") == "zh-TW"


def test_light_and_dark(show, small):
    dark = show(small, color_scheme="dark")
    back = "getComputedStyle(document.body).backgroundColor"
    night = dark.tab.evaluate(back)
    dark.tab.locator("#theme").click()
    assert dark.tab.evaluate(back) != night
    assert show(small, color_scheme="light").tab.evaluate(back) == dark.tab.evaluate(back)


def test_what_is_taken_away_is_what_is_shown(show, small):
    page = show(small, "lang=en&state=not")
    with page.tab.expect_download() as download:
        page.tab.locator("#csv").click()
    rows = list(csv.DictReader(io.StringIO(pathlib.Path(download.value.path()).read_text())))
    assert len(rows) == page.count() and {row["State"] for row in rows} == {"not"}
    with page.tab.expect_download() as download:
        page.tab.locator("#json").click()
    objects = json.loads(pathlib.Path(download.value.path()).read_text())
    assert [one["Instance"] for one in objects] == [row["Instance"] for row in rows]


@pytest.mark.parametrize("link,width", [("lang=en&theme=light", 1280), ("lang=en&theme=dark", 1280), ("lang=zh", 390)])
def test_axe_has_nothing_serious_to_say(show, small, link, width):
    page = show(small, link, width=width, height=844)
    page.rows().first.click()
    assert serious(page.tab) == []


def test_nothing_is_wider_than_a_telephone(show, small):
    page = show(small, width=390, height=844)
    page.rows().first.click()
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_names_are_text(show, tmp_path):
    file = page_of(tmp_path, 40, HOSTILE)
    page = show(file)
    assert page.tab.title() == "Web ACLs: from the edge to the host"
    assert page.tab.locator("img").count() == 0 and page.tab.locator("b").count() == 0
    page.rows().first.click()
    assert HOSTILE in page.tab.locator("#panel").inner_text() or "<img" in page.tab.locator("#panel").inner_text()
    page.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.tab.locator("img").count() == 0


def test_five_thousand_hosts_are_small_and_fluid(show, large):
    assert large.stat().st_size < 5_000_000, large.stat().st_size
    page = show(large)
    assert page.count() == 5000
    assert page.rows().count() < 100  # only what can be seen is in the document
    # However far it is scrolled, and sorted anew: as few. (How long that takes depends on the machine.)
    for top in (9000, 90000, 179000):
        page.tab.evaluate(f"document.querySelector('.list').scrollTop = {top}")
        page.until(lambda least=top // 50: int(page.rows().first.get_attribute("aria-rowindex")) > least)
        assert page.rows().count() < 100
    page.tab.evaluate("document.querySelector(\"th button[data-sort='2']\").click()")
    assert page.rows().count() < 100
    page.tab.evaluate("document.querySelector('.list').scrollTop = 170000")
    page.until(lambda: int(page.rows().first.get_attribute("aria-rowindex")) > 4000)
    page.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.rows().count() == 5000
