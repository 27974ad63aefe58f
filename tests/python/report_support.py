# SPDX-License-Identifier: Apache-2.0
"""Pages of the page kit in headless Chromium, for the tests of every report that is one."""
import json
import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
if not os.access(CHROMIUM, os.X_OK):
    print("SKIPPED: /usr/bin/chromium is missing; scripts/bootstrap installs it")
    pytest.exit("SKIPPED: no Chromium", returncode=77)

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
HOSTILE = "</script><img src=x onerror=\"document.title='gone'\"><b>\u202e&amp;'\""


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


class Shown:
    """A page in a tab of its own; every message of the console and every request is kept."""

    def __init__(self, browser, file, link="lang=en", width=1280, height=900, **more):
        self.context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **more)
        self.tab = self.context.new_page()
        self.messages, self.requests = [], []
        self.tab.on("console", lambda message: self.messages.append(message.text) if message.type in ("error", "warning") else None)
        self.tab.on("pageerror", lambda error: self.messages.append(str(error)))
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.goto(f"file://{file}#{link}")
        self.tab.wait_for_selector("table.hosts tbody tr")

    def rows(self):
        return self.tab.locator("tbody tr[data-key]")

    def count(self):
        return int(self.tab.locator("#count").inner_text().split()[0])

    def until(self, holds):
        """The page forbids strings as scripts, so that the tab cannot wait by itself."""
        for _ in range(100):
            if holds():
                return
            self.tab.wait_for_timeout(50)
        raise AssertionError("it does not come")

    def close(self):
        assert self.messages == []
        assert [url for url in self.requests if not url.startswith(("file://", "blob:"))] == []
        self.context.close()


@pytest.fixture
def show(browser):
    shown = []

    def open_page(*arguments, **more):
        shown.append(Shown(browser, *arguments, **more))
        return shown[-1]

    yield open_page
    for page in shown:
        page.close()


def data_of(file) -> dict:
    text = file.read_text()
    return json.loads(text[text.index('id="data">') + 10:text.rindex("</script>\n<script>")])


def serious(tab) -> list:
    """What axe has to say about the page, as far as it is serious."""
    found = Axe().run(tab).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]
