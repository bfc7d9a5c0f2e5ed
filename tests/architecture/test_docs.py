"""What the documents say must be so."""

import re
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LONGEST_DECISION = 15
REQUIREMENTS = 225
MOST_WORDS = 8


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text()


def first_cells(text: str) -> list[str]:
    """Return the first cell of each row of each table."""
    return re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)


def test_every_direct_dependency_is_explained() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    stated = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["embedded"],
        *project["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[\[<>=]", entry)[0] for entry in stated}
    explained = {
        name for cell in first_cells(read("docs", "dependencies.md")) for name in cell.split(", ")
    }
    assert names - explained == set()
    assert explained - names == {"Package"}


def test_the_architecture_lists_every_room_and_no_other() -> None:
    here = {path.parent.name for path in (ROOT / "apps").glob("*/__init__.py")}
    rooms = read("docs", "ARCHITECTURE.md").split("## Rooms")[1].split("\n## ")[0]
    listed = re.findall(r"^\|[^|]*\| `(\w+)` \|", rooms, re.MULTILINE)
    assert sorted(listed) == sorted(here)


def test_the_architecture_lists_rooms_in_the_order_of_the_contract() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    order = [
        room
        for line in next(c for c in contracts if c["name"].startswith("Floors"))["layers"]
        for room in re.findall(r"\w+", line)
    ]
    rooms = read("docs", "ARCHITECTURE.md").split("## Rooms")[1].split("\n## ")[0]
    listed = re.findall(r"^\|[^|]*\| `(\w+)` \|", rooms, re.MULTILINE)
    ordered = [room for room in listed if room != "demo"]
    assert ordered == [room for room in order if room in listed]


def test_decisions_are_short_and_numbered_once() -> None:
    files = sorted((DOCS / "decisions").glob("*.md"))
    assert {
        f.name: n for f in files if (n := len(f.read_text().splitlines())) > LONGEST_DECISION
    } == {}
    numbers = [path.name[:4] for path in files]
    assert numbers == [f"{number:04}" for number in range(1, len(files) + 1)]
    assert {f.name for f in files if not f.read_text().startswith(f"# {f.name[:4]} ")} == set()


def test_the_readme_has_the_two_commands_of_set_up_and_no_other() -> None:
    set_up = read("README.md").split("## Set up")[1].split("\n## ")[0]
    blocks = re.findall(r"^```\w*\n(.*?)^```", read("README.md"), re.MULTILINE | re.DOTALL)
    assert [block.strip() for block in blocks] == ["make run", "make test"]
    assert all(block in set_up for block in blocks)


def test_wire_names_of_facts_are_unique_and_well_formed() -> None:
    names = [
        name
        for path in (ROOT / "apps").glob("*/events.py")
        for name in re.findall(r'kind: ClassVar\[str\] = "([^"]+)"', path.read_text())
    ]
    assert len(names) > 20
    assert {name: n for name, n in Counter(names).items() if n > 1} == {}
    assert [name for name in names if not re.fullmatch(r"[a-z]+\.[a-z_]+", name)] == []


def test_each_requirement_stands_once_with_a_known_state() -> None:
    rows = re.findall(
        r"^\| S-(\d{3}) \| ([^|]+) \| [^|]+ \| (\w+)[^|]* \|$",
        read("docs", "REQUIREMENTS.md"),
        re.MULTILINE,
    )
    assert [int(number) for number, _, _ in rows] == list(range(1, REQUIREMENTS + 1))
    assert {words for _, words, _ in rows if len(words.split()) > MOST_WORDS} == set()
    counts = Counter(state for _, _, state in rows)
    stated = f"{counts['done']} done, {counts['thin']} thin, {counts['open']} open, of 225."
    assert set(counts) <= {"done", "thin", "open"}
    assert stated in read("docs", "REQUIREMENTS.md")


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []
