"""What changed between two texts or two lists of rows. Pure, by difflib."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# A Chinese character is a word of its own; Latin words and numbers stay whole.
WORDS = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.S)
SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Piece:
    """A run of words: the same in both, gone from the older, or new in the newer."""

    kind: str
    words: str


def differences(older: str, newer: str) -> list[Piece]:
    """The newer text with what is gone and what is new, word by word.

    Joining what is not gone gives the newer text; joining what is not new, the older.
    """
    before, after = WORDS.findall(older), WORDS.findall(newer)
    pieces: list[Piece] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(after[b1:b2])))
            continue
        if a2 > a1:
            pieces.append(Piece(GONE, "".join(before[a1:a2])))
        if b2 > b1:
            pieces.append(Piece(NEW, "".join(after[b1:b2])))
    return pieces


@dataclass(frozen=True)
class RowPair[Row]:
    """A row of the older list beside the row of the newer that takes its place."""

    older: Row | None
    newer: Row | None

    @property
    def kind(self) -> str:
        if self.older is None:
            return NEW
        if self.newer is None:
            return GONE
        return SAME if self.older == self.newer else "changed"


def row_pairs[Row](
    older: Sequence[Row], newer: Sequence[Row], keys: tuple[Sequence[Hashable], Sequence[Hashable]]
) -> list[RowPair[Row]]:
    """Both lists side by side. Rows with the same key (what they are for) are the same row; between
    such rows those in the same place are, and what is left over is gone or new."""
    before, after = keys
    pairs: list[RowPair[Row]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _kind, a1, a2, b1, b2 in matcher.get_opcodes():
        for place in range(max(a2 - a1, b2 - b1)):
            pairs.append(
                RowPair(
                    older[a1 + place] if a1 + place < a2 else None,
                    newer[b1 + place] if b1 + place < b2 else None,
                )
            )
    return pairs
