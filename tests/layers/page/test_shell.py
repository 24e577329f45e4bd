from __future__ import annotations

import re
from typing import TYPE_CHECKING

import folium
import pytest
from branca.element import Element, JavascriptLink

from layers.assets import TEMPLATES, read_template
from layers.map import IncidentMap
from layers.page.shell import (
    MODULES,
    Page,
    fixed_hashes,
    hash_sources,
    inert_json,
    page_script,
)

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = {"language": "en", "direction": "ltr", "title": "A title"}


def make_page(**config: str) -> Page:
    page = Page(config={**CONFIG, **config}, data="AAAA")
    IncidentMap(page)
    return page


def policy_of(html: str) -> str:
    found = re.search(r'<head><meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    assert found, "the policy stands first in the head"
    return found[1]


def test_the_policy_names_the_fixed_scripts_and_no_other() -> None:
    html = make_page().render()
    policy = policy_of(html)
    assert set(re.findall(r"'(sha256-[^']*)'", policy)) == {h for kind in fixed_hashes().values() for h in kind}
    assert "connect-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_fixed_hashes_are_those_of_the_page() -> None:
    inline = re.sub(r"<script type=.*?</script>", "", make_page().render(), flags=re.DOTALL)
    found = hash_sources(inline)
    assert found == fixed_hashes(), f"templates/hashes.json should hold {found}"


def test_nothing_is_linked() -> None:
    html = make_page().render()
    assert not re.search(r"<script[^>]* src=|<link[^>]* href=\"(?!data:)|@import|<iframe|<img", html)


def test_what_is_not_embedded_is_refused() -> None:
    page = make_page()
    page.header.add_child(JavascriptLink("https://example.org/other.js"))
    with pytest.raises(LookupError, match=r"example\.org/other\.js"):
        page.render()


def test_a_script_that_is_not_listed_stops_the_page() -> None:
    page = make_page()
    page.header.add_child(Element("<script>window.other = 1</script>"))
    with pytest.raises(RuntimeError, match=r"hashes\.json"):
        page.render()


def test_the_callers_own_layers_are_allowed() -> None:
    guest = IncidentMap(Page(config=CONFIG, data=""))
    folium.Circle((36.3, 43.1), radius=500).add_to(guest)
    assert "L.circle(" in guest.get_root().render()


def test_what_needs_jquery_is_refused() -> None:
    guest = IncidentMap(Page(config=CONFIG, data=""))
    folium.Circle((36.3, 43.1), popup="text").add_to(guest)
    with pytest.raises(LookupError, match="jQuery"):
        guest.get_root().render()


def test_two_renderings_are_the_same() -> None:
    page = make_page()
    assert page.render() == page.render() == make_page().render()


def test_language_and_title_stand_in_the_markup() -> None:
    html = make_page(language="ar", direction="rtl", title="<b>A & B</b>").render()
    assert '<html lang="ar" dir="rtl">' in html
    assert "<title>&lt;b&gt;A &amp; B&lt;/b&gt;</title>" in html


def test_json_cannot_end_its_element() -> None:
    with pytest.raises(ValueError, match="JSON"):
        inert_json({"a": float("nan")})
    text = inert_json({"a": "</script><!--\u2028\u2029&"})
    assert not set(text) & set("<>&\u2028\u2029")


def test_every_module_is_in_the_script_once() -> None:
    assert len(set(MODULES)) == len(MODULES)
    sources = "\n".join(read_template(name) for name in MODULES)
    names = re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", sources, re.MULTILINE)
    assert sorted(names) == sorted(set(names)), "the modules share one scope"
    assert len(names) > 200
    assert not re.search(r"^(?:import|export) ", page_script(), re.MULTILINE)


def test_the_script_carries_no_comments_and_all_code() -> None:
    def code_of(text: str) -> list[str]:
        lines = [
            line.strip()
            for line in re.sub(r"^ *(?://.*|/\*.*?\*/)$", "", text, flags=re.MULTILINE | re.DOTALL).split("\n")
        ]
        return [re.sub(r"^export (?!\{)", "", line) for line in lines if line and not line.startswith("import ")]

    modules = [re.sub(r"^import .*?;\n", "", read_template(name), flags=re.MULTILINE | re.DOTALL) for name in MODULES]
    assert page_script().split("\n")[2:-2] == [line for text in modules for line in code_of(text)]


@pytest.mark.parametrize("path", [TEMPLATES / name for name in MODULES], ids=lambda path: path.name)
def test_modules_import_what_exists_from_modules_before_them(path: Path) -> None:
    for names, source in re.findall(
        r'^import \{(.*?)\} from "\./(.*?)";', path.read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        assert MODULES.index(source) < MODULES.index(path.name)
        exported = set(
            re.findall(
                r"^export (?:async )?(?:function|const|let|class) (\S+?)\b",
                (TEMPLATES / source).read_text("utf-8"),
                re.MULTILINE,
            )
        )
        missing = {name.strip() for name in names.split(",")} - {"", "$"} - exported
        assert not missing


def test_no_module_parses_markup() -> None:
    banned = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|fetch\(|XMLHttpRequest"
    )
    assert not [path.name for path in TEMPLATES.glob("*.js") if banned.search(path.read_text("utf-8"))]


def test_both_languages_have_the_same_words() -> None:
    source = (TEMPLATES / "i18n.js").read_text("utf-8")
    english, _, arabic = source.partition("const STRINGS")[2].partition("\nexport const")[0].partition("\n  ar: {")
    keys = [re.findall(r"^    (?:  )?(\w+):", part, re.MULTILINE) for part in (english, arabic)]
    assert keys[0] == keys[1]
    assert len(keys[0]) > 100
