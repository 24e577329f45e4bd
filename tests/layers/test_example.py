"""The committed example is what the product makes of the built-in incidents today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "maps" / "syria-iraq-2017"


def test_the_example_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("incidentmap")), "build", "-o", str(tmp_path)]
    subprocess.run(command, capture_output=True, check=True)
    names = {p.name for p in EXAMPLE.iterdir()}
    assert {p.name for p in tmp_path.iterdir()} == names
    different = [n for n in sorted(names) if (tmp_path / n).read_bytes() != (EXAMPLE / n).read_bytes()]
    assert not different, "rebuild it: incidentmap build -o maps/syria-iraq-2017"
