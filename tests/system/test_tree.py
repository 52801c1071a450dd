"""House rules that show in the tree: size, names, exact numbers, borders, and what the READMEs promise."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

LONGEST_FILE = 400
SOURCES = {".py", ".sql", ".html", ".yaml", ".yml"}
TEXTS = SOURCES | {".md", ".toml", ".txt", ".json", ".ndjson", ".sh", ".cfg", ".ini", ""}
# The law and the cases are data: one offence is one file, however long its history.
DATA = ("law", "cases")
SHAPELESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
# Where amounts, quantities, shares and thresholds are read, held and compared.
COMPARING = ("packages/lawbook/src/", "services/transfer/src/xianjie/transfer/domain/")
READING = ("packages/contracts/src/",)
SERVICES = ("intake", "transfer", "notification", "audit")
# What tools leave behind in a checkout, and what is not of the tree.
LEFT_BEHIND = {"__pycache__", "node_modules", "var", "build", "dist"}
PLACES = re.compile(r"`([\w.*<>-]+(?:/[\w.*<>-]+)*/?)`")
LINKS = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CALLS = re.compile(r"(?<![\w/.-])(?:\.venv/bin/)?(make|xianjie) ([a-z][a-z-]+)")


def files(root: Path) -> Iterator[Path]:
    """Yield every file of the tree; of hidden directories only the one that continuous integration reads."""
    for directory, below, names in os.walk(root):
        below[:] = sorted(
            name
            for name in below
            if name not in LEFT_BEHIND
            and not name.endswith(".egg-info")
            and (not name.startswith(".") or name == ".ci")
        )
        yield from (Path(directory) / name for name in sorted(names))


@pytest.fixture(scope="module")
def tree(root: Path) -> dict[str, Path]:
    """Every file by its path in the tree."""
    return {path.relative_to(root).as_posix(): path for path in files(root)}


def readmes(tree: dict[str, Path]) -> dict[str, Path]:
    return {
        name: path
        for name, path in tree.items()
        if re.fullmatch(r"(.*/)?(README|CONTRIBUTING)(\.[\w-]+)?\.md", name)
    }


def test_no_source_file_is_longer_than_a_reader_holds(tree: dict[str, Path]) -> None:
    lengths = {
        name: len(path.read_text(encoding="utf-8").splitlines())
        for name, path in tree.items()
        if path.suffix in SOURCES and name.partition("/")[0] not in DATA
    }
    assert len(lengths) > 100
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_module_is_named_after_what_it_does(tree: dict[str, Path]) -> None:
    named = [
        name
        for name in tree
        if name.endswith(".py") and SHAPELESS & {part.removesuffix(".py") for part in name.split("/")}
    ]
    assert named == []


def test_no_binary_float_comes_near_money(tree: dict[str, Path]) -> None:
    modules = {name: path for name, path in tree.items() if name.endswith(".py")}
    inexact = [
        f"{name}:{node.lineno}"
        for name, path in modules.items()
        if name.startswith(COMPARING + READING)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _converts_to_float(node) or (name.startswith(COMPARING) and _is_a_float(node))
    ]
    assert any(name.startswith(COMPARING) for name in modules)
    assert inexact == []


def _converts_to_float(node: ast.AST) -> bool:
    """Whether a node calls float(...); `case float():` in a match is a pattern and no call."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"


def _is_a_float(node: ast.AST) -> bool:
    """Whether a node writes a number with a binary fraction."""
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def test_the_scan_for_floats_sees_them() -> None:
    nodes = list(ast.walk(ast.parse("x = float('1')\ny = 0.5\nz = 1\nmatch z:\n case float(): x\n")))
    assert [node.lineno for node in nodes if _converts_to_float(node)] == [1]
    assert [node.lineno for node in nodes if _is_a_float(node)] == [2]


def test_the_tree_names_no_package_index(tree: dict[str, Path]) -> None:
    places = _package_places()
    assert places, "pip names at least the index that it uses by itself"
    naming = [
        f"{name} names {place}"
        for name, path in tree.items()
        if path.suffix in TEXTS
        for text in (path.read_text(encoding="utf-8", errors="replace"),)
        for place in places
        if place in text
    ]
    assert naming == []


def _package_places() -> set[str]:
    """Return the hosts and directories from which this machine takes packages.

    They are asked of pip and of the environment when the test runs, because naming them here would be the
    very fault that is looked for.
    """
    pip = [sys.executable, "-m", "pip"]
    said = [
        subprocess.run([*pip, *words], capture_output=True, text=True, check=True).stdout
        for words in (("config", "list"), ("install", "--help"))
    ]
    said += [
        value
        for name, value in os.environ.items()
        if name.startswith(("PIP_", "UV_")) and not name.endswith("CERT")
    ]
    hosts = {urlsplit(url).hostname for text in said for url in re.findall(r"https?://[^\s'\"),]+", text)}
    found = {host for host in hosts if host is not None} - {"localhost", "127.0.0.1"}
    return found | set(re.findall(r"find-links='([^']+)'", said[0]))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_names_no_other_service(service: str, tree: dict[str, Path]) -> None:
    others = "|".join(other for other in SERVICES if other != service)
    # `cn.xianjie.transfer.reported.v1` is the name of an event, not of a package.
    package = re.compile(rf"(?<!cn\.)\bxianjie(?:\.|/| import )(?:{others})\b")
    naming = [
        f"{name}: {found[0]}"
        for name, path in tree.items()
        if name.startswith(f"services/{service}/") and path.suffix in TEXTS
        for found in package.finditer(path.read_text(encoding="utf-8"))
    ]
    assert naming == []
    assert any(name.startswith(f"services/{service}/src/") for name in tree)


def test_what_readmes_name_is_there(tree: dict[str, Path], root: Path) -> None:
    missing = [
        f"{name}: {place}"
        for name, path in readmes(tree).items()
        for place in _places_named(path.read_text(encoding="utf-8"), root)
        if not _is_there(place, beside=path.parent, root=root)
    ]
    assert missing == []


def test_links_of_the_documents_lead_somewhere(tree: dict[str, Path], root: Path) -> None:
    broken = [
        f"{name}: {link}"
        for name, path in tree.items()
        if name.endswith(".md")
        for link in LINKS.findall(path.read_text(encoding="utf-8"))
        if "://" not in link and not link.startswith("mailto:") and not (path.parent / link).exists()
    ]
    assert broken == []


def test_commands_that_readmes_show_are_there(tree: dict[str, Path], root: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    main = (root / "command/src/xianjie/command/main.py").read_text(encoding="utf-8")
    commands = set(re.findall(r'name="([a-z-]+)"|^def ([a-z]+)\(|\("([a-z]+)", [a-z]+_app\)', main, re.M))
    known = {"make": targets, "xianjie": {word for found in commands for word in found if word}}
    shown = {
        (name, program, word)
        for name, path in readmes(tree).items()
        for block in _code(path.read_text(encoding="utf-8"))
        for program, word in CALLS.findall(block)
    }
    assert ("README.md", "make", "run") in shown
    assert sorted(each for each in shown if each[2] not in known[each[1]]) == []


def _code(text: str) -> list[str]:
    """Return what a document sets as code: fenced, indented or between backticks."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [*fenced, *re.findall(r"^ {4}(.+)$", text, re.MULTILINE), *re.findall(r"`([^`\n]+)`", text)]


def _places_named(text: str, root: Path) -> set[str]:
    """Return the paths in backticks that begin with a directory of the tree."""
    tops = {path.name for path in root.iterdir() if path.is_dir()}
    return {place for place in PLACES.findall(text) if "/" in place and place.partition("/")[0] in tops}


def _is_there(place: str, *, beside: Path, root: Path) -> bool:
    pattern = re.sub(r"<[^>]*>", "*", place.replace("...", "**")).rstrip("/")
    return any(next(start.glob(pattern), None) is not None for start in (root, beside))
