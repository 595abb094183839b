"""The one way a start is refused: a sentence for the person at the terminal, then exit code 1."""


class CannotStart(Exception):
    """Something outside the code is in the way of starting.

    It is raised before Django's translations are available, so it carries both languages;
    `manage.py` prints it and exits with 1.
    """

    def __init__(self, *, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(f"{zh}\n{en}")
