# SPDX-License-Identifier: Apache-2.0
"""`sallyport demo` as a newcomer meets it: short, all as meant, and nothing is left behind."""
import os
import subprocess

from program_support import OK, binary, environment


def demo(home, *arguments):
    temporary = home / "tmp"
    temporary.mkdir(exist_ok=True)
    run = subprocess.run([binary(), "demo", *arguments], env=environment(home, TMPDIR=str(temporary)), text=True,
                         capture_output=True, timeout=100)
    return run, sorted(os.listdir(temporary))


def test_the_demo_fits_a_screen_and_comes_out_as_meant(tmp_path):
    run, left = demo(tmp_path)
    assert run.returncode == OK, run.stderr + run.stdout
    before, table = run.stdout.split("\nCases\n")
    assert len(before.split("\n")) <= 45 and "STATE" in table.split("\n")[0]
    assert "came out as meant" in table and run.stderr == ""
    assert max(len(line) for line in before.split("\n")[1:]) <= 200
    assert left == [], "a folder is left behind"
