"""The words an act must give: who takes something from somebody, or says no, says why."""

from accounts.errors import ReasonMissing


def required(words: str) -> str:
    """What was written, without the space around it. Refused as `ReasonMissing` where empty."""
    words = words.strip()
    if not words:
        raise ReasonMissing()
    return words
