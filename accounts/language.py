"""The language of what is kept: official words in rows are Chinese, whoever caused them."""

OFFICIAL_LANGUAGE = "zh-hans"
