# SPDX-License-Identifier: Apache-2.0
"""The audit sees everything, and what cannot be written is told: over every command that prints, and every one that writes."""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile

import pytest

from program_support import (BATCH, FAILED, LONGEST_RUN, OK, STORAGE, USAGE, WEB, Manager, Program, binary, finding)

UNLIMITED = ("--rate-limit", "0", "--tenant-rate-limit", "0")
HEAD = re.compile(r"^sallyport: the ledger ends with line (\d+) hash ([0-9a-f]{64})$", re.MULTILINE)


@pytest.fixture
def program():
    memory = pathlib.Path("/dev/shm")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sallyport-audit-", dir=memory if os.access(memory, os.W_OK) else None))
    manager = Manager(*UNLIMITED)
    made = Program(folder, manager.url, mode="enforce")
    made.manager = manager
    yield made
    manager.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def filled(program):
    assert program.handle(finding()).code == OK
    return program


def event_file(program, event) -> str:
    path = program.folder / "event.json"
    path.write_text(json.dumps(event))
    return str(path)


def commands_that_print(program):
    """Every command of the program that prints something, but for those that need AWS, Lambda or a demonstration."""
    event = event_file(program, finding(BATCH))
    return [["handle", event], ["handle", "--json", event], ["handle", "--dry-run", event], ["doctor"], ["doctor", "--json"],
            ["cases", "list"], ["cases", "list", "--json"], ["cases", "show", "1"], ["cases", "show", "1", "--json"],
            ["ledger", "verify"], ["ledger", "verify", "--json"], ["ledger", "heads"], ["ledger", "heads", "--json"],
            ["ledger", "export"], ["ledger", "export", "--csv"], ["ledger", "replay", "1", "--json"],
            ["ledger", "trim", "--older-than", "90d"], ["followups", "list"], ["followups", "list", "--json"],
            ["plans", "list"], ["--help"], ["--version"], ["ledger", "verify", "--help"]]


@pytest.mark.parametrize("output", ["full disk", "closed", "closed pipe"])
def test_what_cannot_be_printed_is_told_by_every_command(filled, output):
    for arguments in commands_that_print(filled):
        options = {"cwd": filled.folder, "env": filled.environment(), "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL,
                   "timeout": LONGEST_RUN, "check": False}
        command = [binary(), *arguments]
        if output == "full disk":
            with open("/dev/full", "wb") as full:
                done = subprocess.run(command, stdout=full, **options)
        elif output == "closed":
            done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *command], **options)
        else:
            reading, writing = os.pipe()
            os.close(reading)
            done = subprocess.run(command, stdout=writing, **options)
            os.close(writing)
        told = [line for line in done.stderr.decode().splitlines() if "standard output could not be written" in line]
        assert done.returncode == STORAGE, (arguments, done.returncode, done.stderr)
        assert len(told) == 1, (arguments, done.stderr)
    verified = filled.run("ledger", "verify")
    assert verified.code == OK, verified.out


def test_a_closed_descriptor_is_never_a_file_of_ours(filled):
    """What is printed must not end up in the file that got the number of a descriptor that was closed."""
    told = filled.folder / "messages.jsonl"
    filled.set(notify={"channels": [{"name": "file", "type": "json-lines", "path": str(told)}]})
    event = event_file(filled, finding("i-0fedcba9876543210"))
    subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", binary(), "handle", event], cwd=filled.folder,
                   env=filled.environment(), timeout=LONGEST_RUN, check=False)
    assert filled.run("ledger", "verify").code == OK
    lines = told.read_text().splitlines()
    assert lines and all(json.loads(line) for line in lines)


def commands_that_write(program):
    event = event_file(program, finding(BATCH))
    return [["handle", event], ["handle", "--json", event], ["followups", "run"],
            ["followups", "run", "--wait", "1s"], ["ledger", "replay", "1"], ["ledger", "trim", "--older-than", "1s"]]


def test_every_command_that_writes_tells_a_ledger_that_is_locked(filled):
    holder = sqlite3.connect(filled.ledger, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        # Each waits for the lock as long as it may: all at once.
        commands = commands_that_write(filled)
        with concurrent.futures.ThreadPoolExecutor(len(commands)) as all_at_once:
            runs = list(all_at_once.map(lambda arguments: filled.run(*arguments), commands))
        for arguments, run in zip(commands, runs):
            assert run.code == STORAGE, (arguments, run.code, run.out, run.err)
            assert "locked by another process" in run.out + run.err, (arguments, run.out, run.err)
            assert str(filled.ledger) in run.out + run.err, arguments
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert filled.run("ledger", "verify").code == OK


def test_every_command_that_writes_tells_the_head(filled):
    for arguments in commands_that_write(filled):
        run = filled.run(*arguments)
        heads = HEAD.findall(run.err)
        assert heads, (arguments, run.err)
        newest = filled.run("ledger", "heads", "--json").reports[-1]
        assert heads[-1] == (str(newest["number"]), newest["hash"]), arguments


def test_heads_that_were_kept_are_found_again(filled):
    kept = filled.folder / "kept"
    exported = filled.run("ledger", "export")
    head = filled.handle(finding(BATCH)).err
    for text in (filled.run("ledger", "heads").out, filled.run("ledger", "heads", "--json").out, exported.out, head,
                 "something else\n\n" + head):
        kept.write_text(text)
        run = filled.run("ledger", "verify", "--against", str(kept), "--json")
        assert run.code == OK and run.report["compared"] > 0, (text, run.out, run.err)
    both = filled.run("ledger", "verify", "--json", "--against", str(kept), "--against", "-", stdin=exported.out.encode())
    assert both.code == OK and both.report["compared"] > len(exported.reports), both.out + both.err


def test_records_that_went_with_a_deleted_log_are_missing(program):
    """The process is killed, so the newest records are in the -wal file alone; somebody deletes it."""
    running = program.start("handle", "--json", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for number in range(3):
        running.stdin.write(json.dumps(finding(BATCH if number else WEB)).encode() + b"\n")
        running.stdin.flush()
        assert running.stdout.readline()
    kept = program.run("ledger", "heads", "--json")
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdin.close()
    running.stdout.close()
    assert kept.reports[-1]["number"] > 10
    log = pathlib.Path(str(program.ledger) + "-wal")
    assert log.stat().st_size > 0
    whole = program.run("ledger", "verify", "--against", "-", stdin=kept.out.encode())
    assert whole.code == OK, whole.out + whole.err
    for name in ("-wal", "-shm"):
        pathlib.Path(str(program.ledger) + name).unlink(missing_ok=True)
    # Whatever is left of it: whole by itself, or not even a ledger any more.
    alone = program.run("ledger", "verify")
    against = program.run("ledger", "verify", "--against", "-", stdin=kept.out.encode())
    assert against.code == STORAGE
    if alone.code == OK:
        assert "missing: the ledger ends with line" in against.out and "its `-wal` file was deleted" in against.out, against.out


def test_a_chain_that_was_written_anew_is_another(filled):
    kept = filled.run("ledger", "heads", "--json").out
    for path in filled.folder.glob("ledger.db*"):
        path.unlink()
    assert filled.handle(finding(BATCH), finding()).code == OK
    assert filled.run("ledger", "verify").code == OK
    run = filled.run("ledger", "verify", "--against", "-", stdin=kept.encode())
    assert run.code == STORAGE
    assert "line 1 is not the one that standard input holds" in run.out
    assert "it is another ledger, or all of it was written again" in run.out


def test_a_file_without_heads_proves_nothing(filled):
    for text in ("", "\n\n", "hello\n", '{"number":1}\n', "x" * 7_000_000):
        run = filled.run("ledger", "verify", "--against", "-", stdin=text.encode())
        assert run.code == USAGE and "holds no head of a ledger" in run.err, (text[:50], run.out, run.err)
    missing = filled.run("ledger", "verify", "--against", str(filled.folder / "nowhere"))
    assert missing.code == USAGE and "cannot be read" in missing.err


def test_objects_that_are_not_ours_are_named_and_keep_the_ledger_from_being_written(filled):
    for statement, name in (
            ("CREATE TRIGGER sqliteXstat BEFORE UPDATE OF state ON action BEGIN SELECT RAISE(IGNORE); END", "trigger `sqliteXstat`"),
            ("CREATE VIEW sqliteXstat_v AS SELECT 1", "view `sqliteXstat_v`"),
            ('CREATE TABLE "sqlite-stat1" (a)', "table `sqlite-stat1`")):
        writer = sqlite3.connect(filled.ledger)
        writer.executescript(statement)
        writer.close()
        run = filled.run("ledger", "verify")
        assert run.code == STORAGE and name + " was added" in run.out, run.out
        refused = filled.handle(finding(BATCH))
        assert refused.code == STORAGE and name in refused.err, refused.err
        kind, quoted = statement.split()[1], statement.split()[2]
        writer = sqlite3.connect(filled.ledger)
        writer.executescript(f"DROP {kind} {quoted}")
        writer.close()
    assert filled.run("ledger", "verify").code == OK
    assert filled.handle(finding(BATCH)).code in (OK, FAILED)
