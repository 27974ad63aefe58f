# SPDX-License-Identifier: Apache-2.0
"""Every text that a person reads keeps to the rules for words that a program can check: one term for one thing, US
spelling, plurals that agree, headlines that name the host first.

Texts are the string literals of src/ (errors, help, reasons, messages), the plans in tests/plans/, the verdicts in
tests/compliance/, and the pages in docs/. What is only seen when a bug of Sallyport is hit is left out, and so is SQL.
"""
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

BRITISH = re.compile(
    r"\b(neighbour\w*|colour\w*|behaviour\w*|licenc\w*|synchronis\w*|recognis\w*|organis\w*|authoris\w*|initialis\w*|"
    r"normalis\w*|favour\w*|honour\w*|catalogue\w*|centre\w*|cancelled|labelled|defence|whilst|analys(?:e|ed|ing)|"
    r"minimis\w*|optimis\w*|serialis\w*|summaris\w*|emphasis(?:e|ed)|programme)\b", re.IGNORECASE)

# (pattern, what to write instead). Words of other systems stand in backticks and are left out.
FORBIDDEN = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in [
    (r"\bof ours\b", "of Sallyport"),
    (r"\b(lets?|let) (it |others? |them |anybody |nobody )?in\b|\blet into\b", "allowed, has access"),
    (r"\bnobody\b|\bsomebody\b", "name the actor: operator, owner, AWS, SWP"),
    (r"\bowner is told\b|\bis told\b", "message to its owner: planned, delivered, shown"),
    (r"\basked again\b|\blooked at again\b", "checked again"),
    (r"\bperson's yes\b|\bsays? yes\b|\bhow long a yes\b", "approval"),
    (r"\bgiven up after\b|\bgiven up at\b", "gave up after, gives up in"),
    (r"\bworld has moved\b", "facts changed"),
    (r"\bcould not (be )?decided?\b|\bcannot be decided\b", "undetermined"),
    (r"\bnot known (of|to)\b|\bis not known\b|\bare not known\b", "undetermined; or: this version does not know"),
    (r"\bmachine\b(?! image)", "host, computer"),
    (r"\bto mend it\b", "Fix:"),
    (r"\bnothing runs\b|\bcalls nothing\b", "say what is refused, read or not sent"),
    (r"\bNO KEY for\b", "DENIED BY KMS"),
    (r"\bpartial answer\b", "incomplete"),
    (r"\bits turn\b", "starts in"),
    (r"\brehears", "dry run"),
    (r"\bexecuted\b", "carried out, closed"),
    (r"\bscanned and verified\b|\bresolved:", "Scans finished, verified"),
    (r"\bany ?more\b", "no longer"),
]]

# A number and a plural noun that never agrees with 1: `std::to_string(n) + " hosts"`. CountText does. Bounds are never 1.
LOOSE_PLURAL = re.compile(r'to_string\((?!most\)|k[A-Z]|\w+::k[A-Z]|[\w.]*settings\.)[^;{}"]*\)+ \+\s*"( \w+)? (hosts|scans|tasks|times|events|cases|roles|accounts|'
                          r'findings|actions|plans|rules|checks|lines|instances|buckets|messages|channels|records|'
                          r'computers|policies)\b(?! \(s\))')
ONE_OF_MANY = re.compile(r"(?<![\d.,:-])1 (hosts|scans|tasks|times|events|cases|roles|accounts|findings|actions|plans|rules|"
                         r"checks|things|instances|buckets|messages|records|computers)\b")
LONGEST_HEADLINE_LEAD = 60


def literals(text: str):
    """(line, content) of every string literal of C++ source; adjacent ones are one, raw ones are left out."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"((?:[^"\\]|\\.)*)"|(?<!\w)\'(?:[^\'\\]|\\.){1,10}\'|'
                       r'\s+|[^\s"\'/R]+|.', re.DOTALL)
    found, parts, start = [], [], 0
    for match in token.finditer(text):
        piece = match.group(0)
        if match.group(2) is not None and piece.startswith('"'):
            if not parts:
                start = match.start()
            parts.append(match.group(2))
        elif not piece.isspace() and not piece.startswith(("//", "/*")):
            if parts:
                found.append((text.count("\n", 0, start) + 1, "".join(parts)))
            parts = []
    return found


SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|CREATE|WHERE|FROM|JOIN)\b")
BUG_ONLY = re.compile(r"\bCheck\([^;]*$")


def sources():
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in (".cc", ".h", ".in") and not re.search(r"_test\.|for_test|fake_|test_", path.name):
            yield path


def texts_of_source():
    for path in sources():
        content = path.read_text()
        lines = content.split("\n")
        for line, text in literals(content):
            if " " in text.strip() and not SQL.search(text) and not BUG_ONLY.search(lines[line - 1].split('"')[0]):
                yield f"{path.relative_to(ROOT)}:{line}", text


def texts_of_plans():
    for folder in ("tests/plans", "tests/compliance"):
        for path in sorted((ROOT / folder).glob("*.txt")):
            for number, line in enumerate(path.read_text().split("\n"), 1):
                if not line.startswith("== "):  # the name of a sample
                    yield f"{path.relative_to(ROOT)}:{number}", line


def texts_of_docs():
    for path in sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]):
        if "decisions" in path.parts:
            continue  # they are dated: their words are those of their day
        for number, line in enumerate(path.read_text().split("\n"), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def without_code(text: str) -> str:
    return re.sub(r"`[^`]*`", "`x`", text)


def broken(texts, patterns) -> list:
    return [f"{where}: `{found.group(0)}` ({instead}): {text.strip()[:140]}"
            for where, text in texts for pattern, instead in patterns
            if (found := pattern.search(without_code(text)))]


def test_texts_use_one_term_for_one_thing():
    problems = broken([*texts_of_source(), *texts_of_plans()], FORBIDDEN)
    assert not problems, "\n".join(problems)


def test_spelling_is_that_of_the_us():
    problems = broken([*texts_of_source(), *texts_of_plans(), *texts_of_docs()], [(BRITISH, "US spelling")])
    assert not problems, "\n".join(problems)


def test_plurals_agree():
    problems = [f"{path.relative_to(ROOT)}: {found.group(0)}" for path in sources()
                for found in LOOSE_PLURAL.finditer(path.read_text())]
    problems += broken([*texts_of_plans(), *texts_of_docs()], [(ONE_OF_MANY, "plural")])
    assert not problems, "\n".join(problems)


# Headlines that are about no single host, with what they are about.
ABOUT_NO_HOST = {"src/workflow/channels_work.cc": "a test of channels", "src/workflow/patch_message.cc": "the hosts of a team",
                 "src/workflow/waf.cc": "the hosts of a team"}
MESSAGES_ARE_MADE_IN = ("src/workflow/", "src/intake/", "src/notify/")
# Functions that make a headline, and what takes one as it is.
HEADLINE_OF_FUNCTION = re.compile(r"^(text\b|OutcomeHeadline\(|MalwareHeadline\(|std::move\(headline\)|action\.headline)")


def headlines_of(content: str):
    """What becomes a headline: of each assignment, and of each return of a function whose name says so."""
    yield from re.findall(r"\bheadline =\s*([^;]+);", content)
    for body in re.findall(r"^std::string \w*Headline\([^{]*\{\n(.*?)^\}", content, re.DOTALL | re.MULTILINE):
        yield from re.findall(r"return ([^;]+);", body)


def test_headlines_name_the_host_and_its_state_first():
    """The parts of a headline before the host are short; whatever follows it may be long. (What messages say when the
    program runs is held to the same in random_cases_test.)"""
    names = re.compile(r"\b(TitleOf\(|NameOf\(|name\b)")
    seen = set()
    for path in sources():
        where = str(path.relative_to(ROOT))
        if not where.startswith(MESSAGES_ARE_MADE_IN):
            continue  # pages and lines of the terminal have headlines too
        for text in headlines_of(path.read_text()):
            if HEADLINE_OF_FUNCTION.search(text) or text.strip() in ('""', "{}"):
                continue
            if where in ABOUT_NO_HOST:
                seen.add(where)
                continue
            found = names.search(text)
            assert found, f"{where}: a headline without its host: {text}"
            lead = "".join(part for _, part in literals(text[:found.start()] + " "))
            assert len(lead) < LONGEST_HEADLINE_LEAD / 2, f"{where}: {lead}"
            seen.add((where, text))
    assert len(seen) >= 12, f"headlines were not found: has the code moved? {seen}"
    assert set(ABOUT_NO_HOST) <= seen, "a page of these has no headline any more"


@pytest.mark.parametrize("text,wrong", [
    ('message.headline = "Something happened: " + why;', True), ('message.headline = TitleOf(host) + " is well";', False),
    ('message.headline = "A very long beginning that says nothing of the host: " + TitleOf(host);', True)])
def test_a_headline_that_breaks_the_rule_is_found(text, wrong):
    (headline,) = headlines_of(text)
    found = re.search(r"\b(TitleOf\(|NameOf\(|name\b)", headline)
    lead = "".join(part for _, part in literals(headline[:found.start()] + " ")) if found else None
    assert (lead is None or len(lead) >= LONGEST_HEADLINE_LEAD / 2) == wrong


@pytest.mark.parametrize("text,wrong", [
    ("the policy lets it in", True), ("synchronised", False), ("a task of ours", True), ("`machine` is a word of AWS", False),
    ("could not be decided", True), ("undetermined", False)])
def test_the_rules_find_what_they_are_for(text, wrong):
    assert bool(broken([("here", text)], FORBIDDEN)) == wrong
    assert BRITISH.search("synchronised") and not BRITISH.search("synchronized")
    assert ONE_OF_MANY.search("1 hosts") and not ONE_OF_MANY.search("21 hosts")
    assert LOOSE_PLURAL.search('std::to_string(n) + " hosts"') and not LOOSE_PLURAL.search('CountText(n, "host")')
