"""What is added to a text file while we look on."""

from pathlib import Path


class Tail:
    def __init__(self, path: Path) -> None:
        """What is in the file already is old news."""
        self.path = path
        self.position = path.stat().st_size if path.exists() else 0

    def new_lines(self) -> list[str]:
        """The whole lines written since the last call."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.position)
                text = file.read(1_000_000)
        except OSError:
            return []
        whole = text[: text.rfind(b"\n") + 1]
        self.position += len(whole)
        return whole.decode(errors="replace").splitlines()
