"""No module of the lawbook can run what it reads."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from xianjie.lawbook.files import exact_yaml

LAWBOOK = Path(exact_yaml.__file__).parents[1]
FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "globals",
    "locals",
    "vars",
    "input",
    "breakpoint",
}
FORBIDDEN_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "subprocess",
    "os",
    "socket",
    "importlib",
    "ctypes",
    "code",
    "runpy",
}


@pytest.mark.parametrize("path", sorted(LAWBOOK.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_of_the_lawbook_can_run_what_it_reads(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS, f"{path.name}:{node.lineno}"
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
            assert not names & FORBIDDEN_MODULES, f"{path.name}:{node.lineno}"
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] not in FORBIDDEN_MODULES, (
                f"{path.name}:{node.lineno}"
            )
        if isinstance(node, ast.Attribute) and node.attr in {"load", "unsafe_load", "full_load", "load_all"}:
            assert not (isinstance(node.value, ast.Name) and node.value.id == "yaml"), (
                f"{path.name}:{node.lineno}"
            )
