#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes cmake/text_order.ld: which functions the linker puts beside each other, because a start or a finding needs them.

    text_order.py [--build-dir build/release] [--findings 60]

Runs `bootstrap` until its first poll and `sallyport handle` on findings, both under callgrind (the package valgrind), and
lists what ran: first what a start needs, then what findings need besides. docs/decisions/0048 says what that is good for.
To be repeated when bench/lambda.py says that the first poll has grown; a list that is old costs memory and nothing else.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

import findings

ROOT = findings.ROOT
ORDER = ROOT / "cmake" / "text_order.ld"
HEAD = """\
/* Written by bench/text_order.py; docs/decisions/0048. What a start of Lambda's function runs, and behind it what findings
   run besides: beside each other in the file, and so in few pages of memory. A name that no file has is no error. */
"""
# Functions of C++ have sections of their own (-ffunction-sections, also in libstdc++), those of SQLite do not.
NAME = re.compile(r"main|_Z\w[\w.$]*")
OBJECT = re.compile(r"(c?ob|c?fn)=\((\d+)\)(?: (.*))?$")


def callgrind(out: pathlib.Path, command):
    return ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}", "--demangle=no", *map(str, command)]


def ran(out: pathlib.Path, program: str):
    """The functions of the program itself that callgrind saw. Names stand once, by number from then on."""
    objects, functions, here, names = {}, {}, "", set()
    for line in out.read_text().splitlines():
        match = OBJECT.match(line)
        if not match:
            continue
        kind, number, name = match.groups()
        table = objects if kind.endswith("ob") else functions
        if name is not None:
            table[number] = name
        if kind == "ob":
            here = objects[number]
        elif kind == "fn" and pathlib.Path(here).name == program:
            # A recursion's depth stands behind the name.
            names.add(functions[number].split("'")[0])
    return {name for name in names if NAME.fullmatch(name)}


def outside():
    return {name: value for name, value in os.environ.items() if not name.startswith(("SALLYPORT_", "AWS_"))}


def ran_at_start(build: pathlib.Path, folder: pathlib.Path):
    out = folder / "start.out"
    with socket.create_server(("127.0.0.1", 0)) as server:
        environment = {**outside(), "SALLYPORT_MODE": "enforce", "SALLYPORT_SWP_URL": "http://127.0.0.1:9/api",
                       "SALLYPORT_SWP_API_KEY": findings.KEY, "SALLYPORT_LEDGER": str(folder / "start.db"),
                       "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.getsockname()[1]}"}
        process = subprocess.Popen(callgrind(out, [build / "bootstrap"]), env=environment)
        server.settimeout(60)
        poll, _ = server.accept()
        with poll:
            poll.recv(4096)
            process.terminate()  # callgrind writes what ran so far
            process.wait(timeout=60)
    return ran(out, "bootstrap")


def ran_for_findings(build: pathlib.Path, folder: pathlib.Path, count: int):
    out = folder / "findings.out"
    manager = findings.Manager(build)
    try:
        template = json.loads((findings.BENCH / "finding.json").read_text())
        lines = [findings.finding(template, 1 + i, findings.TYPES[i % len(findings.TYPES)], computer)
                 for i, computer in enumerate(manager.computers()[:count])]
        settings = folder / "settings.yaml"
        settings.write_text(f"mode: enforce\nswp:\n  url: {manager.url}\n  requests_per_minute: 0\n")
        command = [build / "sallyport", "--config", settings, "--ledger", folder / "ledger.db", "handle", "--json", "-"]
        done = subprocess.run(callgrind(out, command), env={**outside(), "SALLYPORT_SWP_API_KEY": findings.KEY},
                              input=b"".join(lines), capture_output=True, check=False)
        if len(done.stdout.splitlines()) != len(lines):
            sys.exit(f"text_order: not every finding has an answer: {done.stderr.decode()}")
    finally:
        manager.stop()
    return ran(out, "sallyport")


def sections(names):
    """Of a constructor or destructor that is the same for a class and as a part of others, the compiler keeps one."""
    for name in sorted({other for name in names for other in (name, name.replace("C1E", "C2E"), name.replace("D1E", "D2E"))}):
        yield f"    *(.text.{name} .text.startup.{name})\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--findings", type=int, default=60)
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("text_order: needs callgrind: install the package valgrind")
    build = arguments.build_dir.absolute()
    with tempfile.TemporaryDirectory(prefix="text-order-") as name:
        start = ran_at_start(build, pathlib.Path(name))
        later = ran_for_findings(build, pathlib.Path(name), arguments.findings) - start
    if not start or not later:
        sys.exit("text_order: callgrind saw no function of the programs")
    text = HEAD + "SECTIONS\n{\n  .text.start :\n  {\n" + "".join(sections(start))
    text += "  }\n  .text.findings :\n  {\n" + "".join(sections(later)) + "  }\n}\nINSERT BEFORE .text;\n"
    ORDER.write_text(text)
    print(f"{ORDER.relative_to(ROOT)}: {len(start)} functions of a start, {len(later)} of findings besides")
    return 0


if __name__ == "__main__":
    sys.exit(main())
