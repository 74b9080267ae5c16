"""Files: reserved, sent to an address of their own, and shared in a message."""

import mimetypes
from dataclasses import dataclass

from sandbox.slack.refused import Json, RefusedError

LARGEST = 64 * 1024 * 1024
CREATED = 1_700_000_000


@dataclass(slots=True)
class File:
    """A file; without content it was only reserved yet."""

    id: str
    name: str
    length: int
    title: str = ""
    alt: str = ""
    content: bytes | None = None


class Files:
    """The files of the workspace."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}

    def reserve(self, name: str, length: int, alt: str = "") -> File:
        """Make room for a file of so many bytes; ``alt`` says in words what a picture shows."""
        file = File(f"F{len(self._files) + 1:08d}", name, length, alt=alt)
        self._files[file.id] = file
        return file

    def receive(self, file_id: str, content: bytes) -> None:
        """Take what a file holds. Raises RefusedError unless it is as long as was said."""
        file = self._files.get(file_id)
        if file is None or len(content) != file.length:
            raise RefusedError("file_not_found" if file is None else "length_mismatch")
        file.content = content

    def sent(self, file_id: str) -> File:
        """Return a file that was sent."""
        file = self._files.get(file_id)
        if file is None or file.content is None:
            raise RefusedError("file_not_found")
        return file


def mimetype(file: File) -> str:
    """Return what kind of file its name says it is."""
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def file_json(file: File, url: str) -> Json:
    """Return a file as the Web API shows it; ``url`` is the workspace's."""
    address = f"{url}/files/{file.id}"
    return {
        "id": file.id,
        "created": CREATED,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": mimetype(file),
        "alt_txt": file.alt,
        "filetype": file.name.rpartition(".")[2],
        "size": file.length,
        "mode": "hosted",
        "url_private": address,
        "url_private_download": f"{address}?download=1",
        "permalink": address,
    }
