"""What changed between two texts and two lists of rows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ventures.rules.differences import GONE, NEW, Piece, differences, row_pairs

TEXT = st.text(alphabet="每周三四 下午 20次\nabc", max_size=40)


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT)
def test_both_texts_can_be_read_off_the_difference(older, newer):
    pieces = differences(older, newer)

    assert "".join(one.words for one in pieces if one.kind != GONE) == newer
    assert "".join(one.words for one in pieces if one.kind != NEW) == older


def test_numbers_and_latin_words_are_whole_and_chinese_goes_by_character():
    assert differences("每周三 20 次", "每周四 200 次") == [
        Piece("same", "每周"),
        Piece("gone", "三"),
        Piece("new", "四"),
        Piece("same", " "),
        Piece("gone", "20"),
        Piece("new", "200"),
        Piece("same", " 次"),
    ]


def test_rows_with_the_same_purpose_are_the_same_row():
    older = [("材料", 300), ("讲师", 800), ("保险", 120)]
    newer = [("茶水", 50), ("材料", 300), ("讲师", 600)]

    pairs = row_pairs(older, newer, ([one[0] for one in older], [one[0] for one in newer]))

    assert [(pair.kind, pair.older, pair.newer) for pair in pairs] == [
        ("new", None, ("茶水", 50)),
        ("same", ("材料", 300), ("材料", 300)),
        ("changed", ("讲师", 800), ("讲师", 600)),
        ("gone", ("保险", 120), None),
    ]
