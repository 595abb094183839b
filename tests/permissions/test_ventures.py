"""Who gets what answer from the addresses of ventures."""

from tests.permissions.asked import (
    test_answers_are_those_of_the_matrix,
    test_answers_to_everyone_are_those_of_the_matrix,
    test_nobody_can_tell_the_hidden_from_the_absent,
    test_what_does_not_exist_is_answered_like_what_is_hidden,
)

APPS = ("ventures",)
__all__ = [
    "test_answers_are_those_of_the_matrix",
    "test_answers_to_everyone_are_those_of_the_matrix",
    "test_nobody_can_tell_the_hidden_from_the_absent",
    "test_what_does_not_exist_is_answered_like_what_is_hidden",
]
