# SPDX-License-Identifier: Apache-2.0
"""docs/bounds.md and the constants in the headers say the same: every bound is in the table, with its value and its place, and nothing else is."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONSTANT = re.compile(r"^ *(?:inline|static) constexpr (std::size_t|int|std::int64_t|Duration|std::chrono::minutes) (k\w+) ?"
                      r"(?:= ([^;]+)|\{([^;]+)\});", re.MULTILINE)
ROW = re.compile(r"^\| `(k\w+)` \| ([^|]+) \| `([^`]+)` \| ([^|]+) \|$", re.MULTILINE)
# Numbers that bound nothing.
OTHERS = {"kLedgerVersion", "kQuestionFormat", "kPlanFormat", "kArnParts", "kDirect", "kRetry", "kAfterTimeout",
          "kLinesBetweenHeads", "kExportPage", "kActionFormat", "kMemberFormat", "kPatchMemberFormat", "kRunFormat", "kNamedPlanFormat",
          "kSwpEventKinds"}
UNITS = {"hours": "h", "minutes": "m", "seconds": "s", "milliseconds": "ms"}


def value_of(kind: str, expression: str) -> str:
    """As people write it: 6291456, 2h."""
    unit = re.fullmatch(r"std::chrono::(\w+)\((\d+)\)", expression)
    if unit:
        return unit[2] + UNITS[unit[1]]
    number = re.sub(r"std::size_t\{(\d+)\}", r"\1", expression.replace("'", ""))
    assert re.fullmatch(r"[\d *]+", number), f"cannot read the value {expression}"
    plain = eval(number)  # digits and stars alone
    if kind == "std::chrono::minutes":
        return f"{plain}m"
    return f"{plain}ms" if kind == "Duration" else f"{plain:,}"


def bounds_in_headers() -> dict:
    found = {}
    for header in sorted((ROOT / "src").rglob("*.h")):
        if header.stem.endswith("_test"):
            continue
        for kind, name, assigned, braced in CONSTANT.findall(header.read_text()):
            place = str(header.relative_to(ROOT))
            if name not in OTHERS:
                found[name, place] = value_of(kind, assigned or braced)
    return found


def test_the_table_of_bounds_is_what_the_headers_say():
    page = (ROOT / "docs" / "bounds.md").read_text()
    rows = ROW.findall(page)
    table = {(name, place): value.strip() for name, value, place, _ in rows}
    assert len(table) == len(rows), "a bound stands twice in docs/bounds.md"
    headers = bounds_in_headers()
    assert table == headers
    assert len(headers) > 60
    assert all(what.strip() for *_, what in rows)


def test_every_line_of_the_table_is_read():
    page = (ROOT / "docs" / "bounds.md").read_text()
    assert len(ROW.findall(page)) == sum(line.startswith("| `k") for line in page.splitlines())
