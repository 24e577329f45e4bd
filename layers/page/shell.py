"""One offline HTML page: folium draws a constant shell, and everything else is put in after rendering.

No text from the data passes through folium, branca or Jinja: they compile rendered output a second time, and a place
name could run commands. The page loads nothing; its policy allows the scripts of `HASHES` and no other.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from branca.element import Figure

from geo.check import find_origins
from geo.online import ATTRIBUTION
from geo.reference import reference_path
from geo.regions import ONLINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
MODULES = (
    "i18n.js",
    "dom.js",
    "data.js",
    "counted.js",
    "state.js",
    "canvas.js",
    "basemap.js",
    "marks.js",
    "coverage.js",
    "regions.js",
    "notes.js",
    "crowd.js",
    "tiles.js",
    "symbols.js",
    "matrix.js",
    "timeline.js",
    "filters.js",
    "sums.js",
    "legend.js",
    "claims.js",
    "card.js",
    "findings.js",
    "table.js",
    "about.js",
    "main.js",
)
"""The map page's script."""
STYLES = ("page.css", "panel.css", "card.css", "print.css")


@dataclass(frozen=True)
class Kit:
    """The template files that one kind of page is made of.

    Parameters
    ----------
    markup
        Its own markup; ``<!-- map -->`` in it stands for what folium draws, ``<!-- notice -->`` for the notice.
    modules
        Its own script, in the order in which the modules are joined into one inline script.
    styles
        Its own style sheets.
    hashes
        What its policy allows, see `fixed_hashes`.
    """

    markup: str
    modules: tuple[str, ...]
    styles: tuple[str, ...]
    hashes: str


MAP = Kit("page.html", MODULES, STYLES, "hashes.json")
LEAFLET = "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/"
"""Where folium links Leaflet; the same files come with XStatic-Leaflet and go inside the page."""

VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'

_LINK = re.compile(r'<script src="([^"]*)"></script>|<link rel="stylesheet" href="([^"]*)"\s*/>')
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
_VIEWPORT = re.compile(r'<meta name="viewport".*?/>', re.DOTALL)
_BRANCA_ID = re.compile(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])")
_IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^\s*(?://[^\n]*\n|/\*.*?\*/\n)|^[ \t]+|^\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?=async|class|const|function|let)", re.MULTILINE)
_INERT = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class Page(Figure):
    """A branca figure that renders to a single offline file.

    Parameters
    ----------
    config
        What the page's script reads at its start; any text may stand in it.
    data
        Packed columns, base64.
    kit
        What kind of page it is.
    notice
        What is shown in its place where scripts are off, as HTML.
    share
        What sites that link to the page may show of it (see `layers.page.share`): properties and their contents.
    images
        Origins that its policy lets it ask for images; none.
    """

    def __init__(
        self,
        *,
        config: dict[str, Any],
        data: str,
        kit: Kit = MAP,
        notice: str = "",
        share: Mapping[str, str] | None = None,
        images: Sequence[str] = (),
    ) -> None:
        super().__init__(height="720px")
        self.share = share or {}
        self.config = config
        self.data = data
        self.kit = kit
        self.notice = notice
        self.images = images

    def render(self, **kwargs: object) -> str:
        """Return the page: the rendered shell, what it links inlined, then the data.

        Raises
        ------
        LookupError
            When something on the map links a file or uses a library that is not embedded.
        RuntimeError
            When the shell holds a script that is not on the page's fixed list.
        """
        shell = _renumber(_inline_links(super().render(**kwargs)))
        shell = _VIEWPORT.sub("", shell)
        head, _, body = shell.partition("</head>")
        policy = _policy(shell, self.kit, strict=not self._has_guests(), images=self.images)
        head = head.replace("<head>", f"<head>{policy}{VIEWPORT}", 1)
        opening, _, rest = body.partition("<body>")
        content, _, scripts = rest.partition("</body>")
        if "$(" in scripts:
            message = "an object on the map needs jQuery (as folium's popups do): an offline page does not hold it"
            raise LookupError(message)
        language, direction = self.config["language"], self.config["direction"]
        markup = read_template(self.kit.markup).replace("<!-- notice -->", self.notice, 1)
        return "".join(
            (
                head.replace("<html>", f'<html lang="{language}" dir="{direction}">', 1),
                f"<title>{html.escape(self.config['title'])}</title>\n",
                *(_meta(name, content) for name, content in self.share.items()),
                '<link rel="icon" href="data:,">\n',  # or a server would be asked for one
                f"<style>{page_style(self.kit)}</style>\n</head>{opening}<body>",
                markup.replace("<!-- map -->", content.strip(), 1),
                f'<script type="application/json" id="incidents-config">{inert_json(self.config)}</script>\n',
                f'<script type="text/plain" id="incidents-data">{self.data}</script>\n</body>',
                scripts.replace("</html>", f"<script>{page_script(self.kit)}</script>\n</html>", 1),
            )
        )

    def _has_guests(self) -> bool:
        """Whether the caller added folium objects of their own, whose scripts are theirs to answer for."""
        return any(child._children for child in self._children.values())  # noqa: SLF001 - branca has no public way


def read_template(name: str) -> str:
    """Return the text of a template file."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


REFERENCE = ("airfields.parquet", "basemap.json", "gazetteer.parquet", "regions.parquet")
"""Embedded files that stand behind every page, whatever list it shows."""


def reference_attribution(files: Iterable[str] = REFERENCE) -> list[str]:
    """Return the attribution lines of embedded files, each once."""
    registry = json.loads(reference_path("registry.json").read_text(encoding="utf-8"))
    return sorted({registry["files"][name]["attribution"] for name in files})


def credit_incidents(incidents: pd.DataFrame, attribution: Sequence[str] | None = None) -> list[str]:
    """Return the attribution lines of a product: those given, else of the embedded files; and of a service asked."""
    lines = list(reference_attribution() if attribution is None else attribution)
    online = find_origins(incidents).str.startswith(ONLINE).any()
    return [*lines, ATTRIBUTION] if online else lines


@cache
def page_style(kit: Kit = MAP) -> str:
    """Return the page's own style sheet."""
    return "".join(read_template(name) for name in kit.styles)


@cache
def page_script(kit: Kit = MAP) -> str:
    """Return the page's modules joined into one script, in a scope of their own.

    Imports, indentation and comments that have lines of their own stay behind: a sixth of the script.
    """
    modules = (_EXPORT.sub("", _COMMENT.sub("", _IMPORT.sub("", read_template(name)))) for name in kit.modules)
    return '"use strict";\n(() => {\n' + "".join(modules) + "})();\n"


def inert_json(content: object) -> str:
    """Return JSON that can stand in a ``<script>`` element and cannot end it."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_INERT)


def hash_sources(shell: str, kit: Kit = MAP) -> dict[str, list[str]]:
    """Return the policy's hashes of every inline script and style of a shell, of the markup and of the page's own."""
    found = [
        *_INLINE.findall(shell + read_template(kit.markup)),
        ("script", page_script(kit)),
        ("style", page_style(kit)),
    ]
    return {kind: sorted({hash_text(text) for tag, text in found if tag == kind}) for kind in ("script", "style")}


def fixed_hashes(kit: Kit = MAP) -> dict[str, list[str]]:
    """Return the hashes that the page's policy allows, as the repository holds them."""
    hashes: dict[str, list[str]] = json.loads(read_template(kit.hashes))
    return hashes


def _policy(shell: str, kit: Kit, *, strict: bool, images: Sequence[str]) -> str:
    """Return the content security policy; it stands first in the head."""
    allowed, found = fixed_hashes(kit), hash_sources(shell, kit)
    if not strict:
        allowed = {kind: sorted({*allowed[kind], *found[kind]}) for kind in found}
    elif missing := {h for kind in found for h in found[kind] if h not in allowed[kind]}:
        message = f"the page holds scripts or styles that templates/{kit.hashes} does not list: {sorted(missing)}"
        raise RuntimeError(message)
    directives = (
        "default-src 'none'",
        f"script-src {_quote(allowed['script'])}",
        f"style-src {_quote(allowed['style'])}",
        " ".join(["img-src data:", *images]),
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return (
        f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(directives)}">'
        '<meta name="referrer" content="no-referrer">'
    )


def _meta(name: str, content: str) -> str:
    attribute = "property" if name.startswith("og:") else "name"
    return f'<meta {attribute}="{name}" content="{html.escape(content)}">\n'


def _quote(hashes: Iterable[str]) -> str:
    return " ".join(f"'{h}'" for h in hashes)


def hash_text(text: str) -> str:
    """Return the hash by which a policy allows an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _inline_links(shell: str) -> str:
    """Put every linked script and style sheet inside the shell."""

    def inline(match: re.Match[str]) -> str:
        script, style = match.groups()
        return f"<script>{_linked(script)}</script>" if script else f"<style>{_linked(style)}</style>"

    return _LINK.sub(inline, shell)


@cache
def _linked(url: str) -> str:
    name = url.removeprefix(LEAFLET)
    if not url.startswith(LEAFLET) or name not in {"leaflet.js", "leaflet.css"}:
        message = f"{url} is not embedded: an offline page cannot hold what links it"
        raise LookupError(message)
    text = (resources.files("xstatic.pkg.leaflet") / "data" / name).read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=.*", "", text)  # a debugger would look for it beside the page


def _renumber(shell: str) -> str:
    """Replace branca's random ids by their order of appearance: same input, same bytes."""
    numbers: dict[str, str] = {}
    return _BRANCA_ID.sub(lambda m: numbers.setdefault(m[0], str(len(numbers) + 1)), shell)
