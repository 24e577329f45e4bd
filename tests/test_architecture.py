"""Which module may import which, and what stands nowhere in the code."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
SOURCES = sorted([*TOP.glob("geo/**/*.py"), *TOP.glob("layers/**/*.py")])
NAMED = {".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__"): path for path in SOURCES}
OUTPUTS = {"map", "static", "summary", "export", "manifest", "review", "reconcile_text", "report", "story"}
"""Modules of `layers` that each make one product; none knows another."""
KNOW_ALL = {"build", "cli"}
MAY_IMPORT = {
    "geo": {"geo.readers", "geo.toponyms"},
    "geo.readers": {"geo"},
    "geo.toponyms": {"geo", "geo.readers", "geo.toponyms.wordings"},
    "geo.toponyms.wordings": set(),
    "geo.linking": {"geo", "geo.readers", "geo.toponyms"},
    "layers": {"geo", "geo.linking", "geo.readers", "geo.toponyms", "layers.drawing", "layers.page", "layers.report"},
    "layers.page": {"geo", "layers"},
    "layers.drawing": {"geo", "layers", "layers.page"},
    "layers.report": {"geo", "layers", "layers.drawing", "layers.page"},
}
"""Folders whose modules each folder's modules import."""
NEVER = r"(?<![.\w])(?:eval|exec)\(|\bpickle\b|yaml\.load\(|shell=True|\binnerHTML\b|insertAdjacentHTML|document\.write"
MARKUP = re.compile(r"</?[a-z!]")
FOLIUM_TEXT = r"folium\.(?:Popup|Tooltip|Marker|GeoJson|Icon)\b|GeoJsonPopup"


def imports_of(path: Path, *, types: bool = True, foreign: bool = False) -> set[str]:
    """Modules that a file imports, also inside functions and, with ``types``, for types alone.

    Those of the two packages; with ``foreign`` all.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not types:
        tree.body = [n for n in tree.body if not (isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")]
    return {name for name in _imported(tree) if name and (foreign or name.split(".")[0] in {"geo", "layers"})}


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(TOP / "geo")], ids=lambda p: p.stem)
def test_geo_never_imports_layers(path: Path) -> None:
    assert not {name for name in imports_of(path) if name.startswith("layers")}


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(TOP / "layers")], ids=lambda p: p.stem)
def test_products_never_import_each_other(path: Path) -> None:
    own = path.relative_to(TOP / "layers").with_suffix("").parts[0]
    if own not in KNOW_ALL:
        others = {f"layers.{name}" for name in (OUTPUTS - {own}) | KNOW_ALL}
        assert not {".".join(name.split(".")[:2]) for name in imports_of(path)} & others


def test_folders_import_only_what_they_may() -> None:
    found: dict[str, set[str]] = {folder: set() for folder in MAY_IMPORT}
    for path in SOURCES:
        own = ".".join(path.parent.relative_to(TOP).parts)
        folders = {name if name in MAY_IMPORT else name.rpartition(".")[0] for name in imports_of(path)}
        found[own] |= {folder for folder in folders if folder != own}
    assert found == MAY_IMPORT


def test_no_module_imports_itself_round_about() -> None:
    graph = {name: imports_of(path, types=False) - {name} for name, path in NAMED.items()}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        for other in graph.get(name, ()):
            visit(other, (*trail, name))

    for name in graph:
        visit(name, ())


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *project["optional-dependencies"]["world"]]
    declared = {re.split(r"[^\w-]", line)[0].casefold() for line in listed}
    modules = {name.partition(".")[0] for path in SOURCES for name in _imported(ast.parse(path.read_text("utf-8")))}
    owners = packages_distributions()
    foreign = modules - {"", "geo", "layers"} - sys.stdlib_module_names
    assert not {name for name in foreign if declared.isdisjoint(one.casefold() for one in owners.get(name, [name]))}


@pytest.mark.parametrize("path", [*SOURCES, *sorted(TOP.glob("layers/templates/*"))], ids=lambda p: p.name)
def test_no_way_for_text_to_run(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(NEVER, text)
    assert not re.findall(FOLIUM_TEXT, text)


@pytest.mark.parametrize("path", sorted(TOP.glob("layers/report/*.py")), ids=lambda p: p.stem)
def test_the_report_is_made_of_elements(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert not [text for text in texts if MARKUP.search(text.replace("<!-- (", ""))]


@pytest.mark.parametrize("product", ["layers.report", "layers.static", "layers.reconcile_text"])
def test_only_pages_load_what_makes_pages_and_asks_services(product: str) -> None:
    graph = {name: imports_of(path, types=False, foreign=True) for name, path in NAMED.items()}
    found, new = set(), {product}
    while new:
        found |= new
        new = {other for name in new for other in graph.get(name, ())} - found
    assert len(found) > 10
    assert not {"branca", "folium", "jinja2", "geopy"} & {name.partition(".")[0] for name in found}


def _imported(tree: ast.AST) -> set[str]:
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return found | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
