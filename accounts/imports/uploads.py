"""A bound on uploads, before anything is kept: what is too large is read past and dropped."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from accounts.imports.archive import UPLOAD_MAX


class BoundedUpload(FileUploadHandler):
    """First of the handlers. The form then finds no file, and says how large one may be."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        self._size += len(raw_data)
        if self._size > UPLOAD_MAX:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""
