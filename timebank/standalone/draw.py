"""双随机: how the lot falls. Python's standard library alone, so that anyone can run it again.

    python draw.py CJ1001.json

The file is the one that is published with the result. It holds the pool (numbers of records by
town, codes of inspectors, and which inspector is kept from which record), the hash of the pool that
was published before the draw, the hash of the secret, the secret, the witness's word, and what was
drawn. Run again, the draw must give the same.

In each town the records are put in order by SHA-256 of "seed|town|number", and the first ones are
drawn: so many of a thousand, never fewer than the least. Each drawn record goes to the inspector
who has the fewest so far; among those, to the first by SHA-256 of "seed|number|code".
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

type Pool = dict[str, Any]
type Drawn = list[tuple[str, str, str]]


def digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def hash_of_pool(pool: Pool) -> str:
    """The pool's hash, over its one canonical writing."""
    return digest(json.dumps(pool, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def size_of(count: int, *, per_mille: int, at_least: int) -> int:
    """How many of a town's records are drawn; rounded up, never more than there are."""
    return min(count, max(at_least, -(-count * per_mille // 1000)))


def drawn_from(pool: Pool, seed: str) -> Drawn:
    """Town, number of the record, code of its inspector, in the order of the draw.

    `pool` has `towns` (code of a town: numbers of records), `inspectors` (codes), `kept_from`
    (number: codes that may not look at it), `per_mille` and `at_least`. A record that every
    inspector is kept from is passed over.
    """
    load = dict.fromkeys(sorted(pool["inspectors"]), 0)
    kept_from: dict[str, list[str]] = pool["kept_from"]
    drawn: Drawn = []
    for town, numbers in sorted(pool["towns"].items()):
        wanted = size_of(len(numbers), per_mille=pool["per_mille"], at_least=pool["at_least"])
        for number in sorted(numbers, key=lambda one: digest(f"{seed}|{town}|{one}")):
            if wanted == 0:
                break
            free = [code for code in load if code not in kept_from.get(number, ())]
            if not free:
                continue
            code = min(free, key=lambda one: (load[one], digest(f"{seed}|{number}|{one}")))
            load[code] += 1
            drawn.append((town, number, code))
            wanted -= 1
    return drawn


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
        found.append("the same pool and seed draw other records or inspectors")
    return found


def main(path: str) -> int:
    published = json.loads(Path(path).read_text(encoding="utf-8"))
    found = differences(published)
    for line in found:
        print(f"DIFFERENT: {line}")
    if not found:
        print(f"THE SAME: {len(published['drawn'])} records of {published['number']}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
