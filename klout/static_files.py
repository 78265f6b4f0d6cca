"""Where stylesheets, fonts and pictures are served from."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names (cached for ever) once collected; plain names before that.

    So a test or a fresh clone needs no `collectstatic`.
    """

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name
