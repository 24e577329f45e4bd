"""The files that pages, reports and pictures are made of (``templates``), and the hash by which a policy allows one."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

TEMPLATES = Path(__file__).resolve().with_name("templates")


def read_template(name: str) -> str:
    """Return the text of a template file."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def hash_text(text: str) -> str:
    """Return the hash by which a policy allows an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
