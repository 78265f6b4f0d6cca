"""Where stylesheets, fonts and pictures are served from."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Of the files that libraries bring, those that no page of ours asks for are not collected.
LEFT_OUT = ("*.map", "redoc.standalone.js")


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names (cached for ever) once collected; plain names before that.

    So a test or a fresh clone needs no `collectstatic`.
    """

    # Without those that look for source maps, which are left out above.
    patterns = tuple(
        (names, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for names, rules in CompressedManifestStaticFilesStorage.patterns
    )

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name
