# SPDX-License-Identifier: Apache-2.0
"""docs/bounds.md and the constants under src/ say the same: every bound is in the table, with its value and its place, and nothing else is."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
TYPES = r"std::size_t|int|long|unsigned|std::int64_t|std::uint64_t|Duration|std::chrono::(?:hours|minutes|seconds|milliseconds)"
CONSTANT = re.compile(rf"^ *(?:inline |static )*constexpr ({TYPES}) (k\w+) ?(?:= ([^;]+)|\{{([^;]+)\}});", re.MULTILINE)
ROW = re.compile(r"^\| `(k\w+)` \| ([^|]+) \| `([^`]+)` \| ([^|]+) \|$", re.MULTILINE)
# Cuts of what one line or sentence shows: they have such names in files of their own.
SHOWN = re.compile(r"(?!kMost)(?:kShown\w*|k\w+Shown|k\w*Named(?:To|In)?\w*)")
# Numbers that bound nothing: positions, widths, formats, numbers of others' formats, the least of something.
OTHERS = {"kLedgerVersion", "kQuestionFormat", "kPlanFormat", "kArnParts", "kDirect", "kRetry", "kAfterTimeout",
          "kLinesBetweenHeads", "kExportPage", "kActionFormat", "kMemberFormat", "kPatchMemberFormat", "kRunFormat", "kNamedPlanFormat",
          "kSwpEventKinds", "kUsualSize", "kLedgerPageSize", "kSurelyTheEnd"}
OTHERS_IN_FILES = {
    "kAccountField", "kAllBits", "kApplicationId", "kAroundMember", "kBeforeAccount", "kBitsOfLargest", "kBucketLens", "kCatalogFormat", "kClockTolerance",
    "kCoarseTick", "kDateLength", "kDaysOfWeek", "kDemoScan", "kDetectOnly", "kDigestDigits", "kDigits", "kDigitsToType", "kEndOf9999",
    "kEstateEnd", "kExpiryWarning", "kFewInstances", "kFewestBits", "kFewestCveDigits", "kFewestDigits", "kFineTick", "kFirstExtraColumn",
    "kFollowUpDetailFormat", "kHashDigits", "kHeadingWidth", "kHostsOfMap", "kHttpOk", "kIdDigits", "kLabelWidth", "kLastBit", "kLastRank",
    "kLastThatIsWritten", "kLeaveOutSync", "kLedgerFormat", "kLineOfStep", "kMachineDigits", "kMark", "kMinute", "kMinutesOfDay", "kMostMilliseconds",
    "kNanoseconds", "kOpenPrefix", "kParts", "kPatchWait", "kPointLens", "kRoomForNext", "kRunFormat", "kSchema", "kShortChunk",
    "kShortDigest", "kShortestHex", "kShortestKey", "kStartField", "kStateField", "kStep", "kSurelyLast", "kSwpColumn",
    "kSyncNow", "kTellGone", "kTokenLength", "kTraceWidth", "kTrigram", "kUnicodeDigits", "kUnknownDifference", "kWidestPad", "kYear", "kYear2000"}
UNITS = {"hours": "h", "minutes": "m", "seconds": "s", "milliseconds": "ms"}


def number_of(expression: str, known: dict) -> int:
    """The value of a constant's expression; known: the numbers of other constants by name."""
    plain = re.sub(r"std::\w+\{(\w+)\}", r"\1", expression.replace("'", ""))
    plain = re.sub(r"(?:\w+::)?\b(k[A-Z]\w*)", lambda name: str(known[name[1]]), plain)
    plain = re.sub(r"\b(0x[0-9A-Fa-f]+|\d+)U\b", r"\1", plain).replace("/", "//")
    assert re.fullmatch(r"(?:0x[0-9A-Fa-f]+|\d+)(?: (?:[-+*]|//|<<) (?:0x[0-9A-Fa-f]+|\d+))*", plain), f"cannot read the value {expression}"
    return eval(plain)  # numbers and operators alone


def value_of(kind: str, expression: str, known: dict) -> str:
    """As people write it: 6,291,456, 2h."""
    unit = re.fullmatch(r"(?:std::chrono::)?(hours|minutes|seconds|milliseconds)[({](.+)[)}]", expression)
    if unit:
        return f"{number_of(unit[2], known)}{UNITS[unit[1]]}"
    number = number_of(expression, known)
    if kind.startswith("std::chrono::"):
        return f"{number}{UNITS[kind.rpartition('::')[2]]}"
    return f"{number}ms" if kind == "Duration" else f"{number:,}"


def constants_of(source: pathlib.Path) -> list:
    """(type, name, expression) of every constant of a number or a time."""
    return [(kind, name, (assigned or braced).strip()) for kind, name, assigned, braced in CONSTANT.findall(source.read_text())]


def numbers_of(sources: list) -> dict:
    """The plain numbers of constants by name, for those that others are made of."""
    numbers = {}
    for source in sources:
        for _, name, expression in constants_of(source):
            try:
                numbers[name] = number_of(expression, numbers)
            except (AssertionError, KeyError):
                continue
    return numbers


def product_sources(ending: str) -> list:
    return [path for path in sorted((ROOT / "src").rglob(f"*{ending}")) if not path.stem.endswith(("_test", "_for_test"))]


def is_bound(name: str, source: pathlib.Path) -> bool:
    if source.suffix == ".h":
        return name not in OTHERS
    return name not in OTHERS_IN_FILES and not SHOWN.fullmatch(name)


def bounds_in_sources() -> dict:
    headers = product_sources(".h")
    general = numbers_of(headers) | numbers_of([ROOT / "src" / "base" / "bounds.h"])
    found = {}
    for source in headers + product_sources(".cc"):
        known = general | numbers_of([source])
        place = str(source.relative_to(ROOT))
        for kind, name, expression in constants_of(source):
            if not is_bound(name, source):
                continue
            value = value_of(kind, expression, known)
            assert found.get((name, place), value) == value, f"{name} stands in {place} twice with two values"
            found[name, place] = value
    return found


def test_the_table_of_bounds_is_what_the_sources_say():
    page = (ROOT / "docs" / "bounds.md").read_text()
    rows = ROW.findall(page)
    table = {(name, place): value.strip() for name, value, place, _ in rows}
    assert len(table) == len(rows), "a bound stands twice in docs/bounds.md"
    sources = bounds_in_sources()
    assert table == sources
    assert sum(place.endswith(".h") for _, place in sources) > 100
    assert sum(place.endswith(".cc") for _, place in sources) > 200
    assert all(what.strip() for *_, what in rows)


def test_what_is_left_out_exists():
    names = {suffix: {name for source in product_sources(suffix) for _, name, _ in constants_of(source)} for suffix in (".h", ".cc")}
    assert OTHERS <= names[".h"] and OTHERS_IN_FILES <= names[".cc"]


def test_every_number_that_says_most_or_longest_is_read():
    """No type that CONSTANT does not know: its bound would be missing without a word."""
    for source in product_sources(".h") + product_sources(".cc"):
        read = {name for _, name, _ in constants_of(source)}
        said = set(re.findall(r"constexpr (?!double|Detail|std::array)[^=;(]*\b(k(?:Most|Longest|Largest)\w*)\s*(?:=|\{)", source.read_text()))
        assert said <= read, f"{source}: {said - read}"


def test_every_line_of_the_table_is_read():
    page = (ROOT / "docs" / "bounds.md").read_text()
    assert len(ROW.findall(page)) == sum(line.startswith("| `k") for line in page.splitlines())
