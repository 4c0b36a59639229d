"""Choose anew what is kept in tests/fuzz/corpus: `python -m tests.fuzz.keep`. Needs atheris.

libFuzzer takes the fewest inputs it can find, small ones first, that reach together what is reached by those
kept so far, by what fuzzing found in .tools/fuzz, and by the fixtures.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from hashlib import sha1
from pathlib import Path

from tests.fuzz.kinds import CORPUS, FOUND, KINDS

_FOUND_BY_FUZZING = Path(".tools/fuzz")
# Which branches are taken counts, not how often or with what: else ten times as many would be kept.
_MERGE = ("-merge=1", "-set_cover_merge=1", "-use_counters=0", "-use_cmp=0")


def keep(name: str) -> None:
    """Choose the inputs of one kind."""
    with tempfile.TemporaryDirectory() as folder:
        chosen, seeds = Path(folder, "chosen"), Path(folder, "seeds")
        for one in (chosen, seeds):
            one.mkdir()
        for data in KINDS[name].seeds():
            (seeds / sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)
        given = [seeds, CORPUS / name, FOUND / name, _FOUND_BY_FUZZING / name / "inputs"]
        subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.fuzz.target",
                name,
                *_MERGE,
                str(chosen),
                *(str(one) for one in given if one.is_dir()),
            ],
            check=True,
        )
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        for old in (CORPUS / name).iterdir():
            old.unlink()
        for new in chosen.iterdir():
            (CORPUS / name / new.name).write_bytes(new.read_bytes())


if __name__ == "__main__":
    for _name in sys.argv[1:] or KINDS:
        keep(_name)
