"""抽取评委: how the lot falls. Python 3.9 or later and nothing else: anyone can run it again.

    python draw_reviewers.py PW1001.json

The file is the one that is published with the result. It holds the pool (codes of experts by
field, how many of each field, who was excluded and why), the hash of the pool that was published
before the draw, the hash of the secret, the secret, the witness's word, and who was drawn. Run
again, the draw must give the same.

Field by field, in the pool's order, the experts of the field who are neither excluded nor drawn
already are put in order by SHA-256 of "seed|field|code". The first ones are drawn, the next ones
stand by (替补) in that order. Nobody is drawn twice; who stands by in one field may still be drawn
in another.

The order of a defence (路演答辩, a number that begins with LY) falls by the same lot: its pool
holds the numbers of proposals where experts' codes stand otherwise, all of them are drawn, and the
order in which they come out is the order of the stage.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

Pool = dict[str, Any]
Drawn = list[tuple[str, str, str]]

DRAWN, STANDS_BY = "drawn", "stands_by"


def digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def hash_of_pool(pool: Pool) -> str:
    """The pool's hash, over its one canonical writing."""
    return digest(json.dumps(pool, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def able_of(pool: Pool, field: str) -> list[str]:
    """Codes of the field that are not excluded, in order."""
    return sorted(code for code in pool["experts"][field] if code not in pool["excluded"])


def drawn_from(pool: Pool, seed: str) -> Drawn:
    """Field, code of the expert, drawn or standing by, in the order of the draw.

    `pool` has `wanted` (pairs of field and number, in order), `stand_by` (how many more of each
    field), `experts` (field: codes) and `excluded` (code: why).
    """
    taken: set[str] = set()
    drawn: Drawn = []
    for field, wanted in pool["wanted"]:
        able = [code for code in able_of(pool, field) if code not in taken]
        able.sort(key=lambda code: digest(f"{seed}|{field}|{code}"))
        taken.update(able[:wanted])
        drawn += [(field, code, DRAWN) for code in able[:wanted]]
        drawn += [(field, code, STANDS_BY) for code in able[wanted : wanted + pool["stand_by"]]]
    return [one for one in drawn if one[2] == DRAWN or one[1] not in taken]


def differences(published: dict[str, Any]) -> list[str]:
    """What does not fit in a published draw; nothing when it is as it says."""
    found = []
    if hash_of_pool(published["pool"]) != published["pool_hash"]:
        found.append("the pool is not the one whose hash was published")
    if digest(published["secret"]) != published["secret_hash"]:
        found.append("the secret is not the one whose hash was published")
    seed = f"{published['secret']}:{published['word']}"
    again = [list(one) for one in drawn_from(published["pool"], seed)]
    if again != [list(one) for one in published["drawn"]]:
        found.append("the same pool and seed draw other experts")
    return found


def main(path: str) -> int:
    published = json.loads(Path(path).read_text(encoding="utf-8"))
    found = differences(published)
    for line in found:
        print(f"DIFFERENT: {line}")
    if not found:
        print(f"THE SAME: {len(published['drawn'])} drawn of {published['number']}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
