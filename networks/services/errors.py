"""The anticipated errors of this app's services."""


class LinkError(Exception):
    """Something did not work, and nothing was changed. `sentence` is for the member."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
