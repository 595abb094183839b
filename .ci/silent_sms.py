"""A short-message adapter for the check of production settings: it is never called."""


class SilentSmsAdapter:
    def send(self, phone: str, text: str, **template: object) -> None:
        raise AssertionError("a deployment check sends nothing")
