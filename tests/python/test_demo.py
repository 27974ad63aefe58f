# SPDX-License-Identifier: Apache-2.0
"""`sallyport demo` as a newcomer meets it: short, all as meant, and nothing but a page is left behind."""
import json
import os
import signal
import subprocess

from program_support import NO_AGENT, OK, WEB, binary, environment


def start(home, *arguments):
    (home / "tmp").mkdir(parents=True)
    return subprocess.Popen([binary(), "demo", *arguments], env=environment(home, TMPDIR=str(home / "tmp")), text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(home, *arguments):
    return subprocess.run([binary(), *arguments], env=environment(home), text=True, capture_output=True, timeout=20)


def test_the_demo(tmp_path):
    short, kept = start(tmp_path / "short"), start(tmp_path / "kept", "--verbose", "--keep")  # at the same time
    out, err = short.communicate(timeout=110)
    assert short.returncode == OK, err + out
    before, table = out.split("\nCases\n")
    assert len(before.split("\n")) <= 50 and "STATE" in table.split("\n")[0] and err == "" and "\x1b" not in out
    assert "came out as meant" in table
    # The page of the WAF chapter stays, alone, and the demo says where.
    (left,) = (tmp_path / "short" / "tmp").rglob("*.html")
    assert f"Left behind: {left}" in out and out.count(str(left)) == 2
    assert os.listdir(left.parent) == ["waf.html"] and os.listdir(tmp_path / "short" / "tmp") == [left.parent.name]
    page = left.read_text()
    assert "</html>" in page and WEB in page

    out, err = kept.communicate(timeout=110)
    assert kept.returncode == OK, err + out
    # The chapter about virtual patches: one write for each policy, none for the host without an agent and the CVE without
    # a rule, whose owners hear of them, and the patch ledger at its end.
    chapter = out[out.index("virtual patches"):]
    assert chapter.count("joined") >= 4 and "4 findings answered together" in chapter
    assert "SWP does not protect the host" in chapter and "only the patch helps" in chapter
    (folder,) = os.listdir(tmp_path / "kept" / "tmp")
    ledger = str(tmp_path / "kept" / "tmp" / folder / "ledger.db")
    listed = run(tmp_path / "kept", "--ledger", ledger, "patches", "export", "--json")
    states = {(line["cve"], line["instance"]): line["coverage"] for line in map(json.loads, listed.stdout.splitlines())}
    assert len(states) == 4 and states["CVE-2020-10001", WEB] == "no-rule"
    assert states["CVE-2022-22965", NO_AGENT] == "not-protected"
    shown = run(tmp_path / "kept", "--ledger", ledger, "cases", "show", "1")
    assert shown.returncode == OK and "GuardDuty Finding" in shown.stdout
    assert (tmp_path / "kept" / "tmp" / folder / "waf.html").stat().st_size > 1000


def test_an_interrupted_demo_leaves_nothing_behind(tmp_path):
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    demos = [start(tmp_path / str(number), "--verbose") for number in signals]
    for number, demo in zip(signals, demos):
        demo.stdout.readline()  # it is at work in its folder
        assert os.listdir(tmp_path / str(number) / "tmp"), "it has no folder"
        demo.send_signal(number)
    for number, demo in zip(signals, demos):
        demo.communicate(timeout=20)
        assert demo.returncode == -number
        assert os.listdir(tmp_path / str(number) / "tmp") == [], number
