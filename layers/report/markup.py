"""HTML as elements, never as text: what comes from the data can only become text and, checked, an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from xml.etree.ElementTree import Element, tostring

from layers.words import END, FIRST, LEFT, isolate, spell_addresses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.words import Words


@dataclass(frozen=True)
class Node:
    """An element that stands wherever it is put, any number of times.

    Parameters
    ----------
    tag, attributes
        Its name and attributes.
    content
        What it holds: elements and texts, in order.
    """

    tag: str
    attributes: Mapping[str, str]
    content: tuple[Node | str, ...]


Content: TypeAlias = Node | str | Iterable["Content"] | None
"""What stands in an element: elements and words of ours; None is nothing."""

ADDRESS = re.compile(r"https?://[^\s]+", re.IGNORECASE)
"""What may become a link, as on the page: an address of the web and nothing else."""
_RUN = re.compile(f"([{FIRST}{LEFT}][^{END}]*{END})")
_SURROGATES = re.compile("[\ud800-\udfff\ufffe\uffff]")
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


def clean(text: str) -> str:
    """Return a text of the data in one line, without controls; what is no character becomes a replacement one."""
    return isolate(_SURROGATES.sub("\ufffd", text))[1:-1]


def el(tag: str, *content: Content, **attributes: str | None) -> Node:
    """Return an element.

    Parameters
    ----------
    content
        Elements and words of ours; texts of the data stand in `bdi` or `phrase`.
    attributes
        Names end in ``_`` where Python has its own use of them, ``_`` elsewhere is ``-``; None leaves one out.
    """
    named = {name.rstrip("_").replace("_", "-"): text for name, text in attributes.items() if text is not None}
    return Node(tag, named, tuple(_flatten(content)))


def _flatten(content: Content) -> Iterable[Node | str]:
    if isinstance(content, Node | str):
        yield content
    elif content is not None:
        for part in content:
            yield from _flatten(part)


def bdi(text: str) -> Node:
    """Return a text of the data, isolated: its direction touches nothing around it."""
    return el("bdi", clean(text))


def english(text: str) -> Node:
    """Return a text that is English in a report of any language, names in other scripts among it."""
    return el("bdi", clean(text), lang="en", dir="ltr") if re.search("[A-Za-z]", text) else bdi(text)


def phrase(text: str, words: Words) -> list[Content]:
    """Return words of a language as content: what `layers.words` isolates in them becomes elements.

    Figures read from left to right in every language; in one that does so itself they need no element.
    """
    return [_isolated(part, words) if part[:1] in (FIRST, LEFT) else part for part in _RUN.split(text) if part]


def _isolated(run: str, words: Words) -> Content:
    if run[0] == FIRST:
        return bdi(run[1:-1])
    return el("bdi", clean(run), dir="ltr") if words.is_rtl else clean(run)


def link(address: str, *content: Content) -> Node:
    """Return a link when an address is one of the web, else its text; without ``content`` it is told short."""
    address = clean(spell_addresses(address))
    if not ADDRESS.fullmatch(address):
        return el("span", content or bdi(address))
    return el("a", content or bdi(_SCHEME.sub("", address)), href=address, rel="noopener noreferrer")


def serialise(nodes: Iterable[Node]) -> str:
    """Return elements as HTML."""
    return "".join(tostring(_build(node), encoding="unicode", method="html") for node in nodes)


def read_text(content: Content) -> str:
    """Return the text of content, as where it is read aloud."""
    return "".join(part if isinstance(part, str) else read_text(part.content) for part in _flatten(content))


def _build(node: Node) -> Element:
    """Return an element of the standard library, in which a text behind a child is that child's tail."""
    built = Element(node.tag, dict(node.attributes))
    last: Element | None = None
    for part in node.content:
        if isinstance(part, Node):
            last = _build(part)
            built.append(last)
        elif last is None:
            built.text = (built.text or "") + part
        else:
            last.tail = (last.tail or "") + part
    return built
