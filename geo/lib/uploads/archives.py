"""ZIP archives from strangers: counted and measured before anything is unpacked.

Members are read by name into memory and never written anywhere, so a name cannot lead out of
a folder; it is refused all the same, because no honest program writes it.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from geo.lib.uploads.faults import Refused

MOST_MEMBERS = 200
MOST_MB = 200
MOST_RATIO = 200
# Below this a member of nothing but zeros is no bomb.
SMALL_BYTES = 1 << 20
LOCAL_HEADER = struct.Struct("<4s5HLLLHH")
STORED, DEFLATED = 0, 8
OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f]")
PIECE = 1 << 16


class Archive:
    """A ZIP whose directory was found sound; ``read`` and ``pieces`` unpack one member."""

    def __init__(self, content: bytes) -> None:
        """Check the directory.

        Raises
        ------
        Refused
            One of the ``zip_…`` codes.
        """
        self.content = content
        members = _directory(content)
        if len(members) > MOST_MEMBERS:
            raise Refused("zip_too_many", found=len(members), most=MOST_MEMBERS)
        for member in members:
            _check(member)
        declared = sum(member.file_size for member in members)
        if declared > MOST_MB << 20:
            raise Refused("zip_too_large", found_mb=declared >> 20, most_mb=MOST_MB)
        names = [member.filename.replace("\\", "/").lower() for member in members]
        for name in names:
            if names.count(name) > 1:
                raise Refused("zip_twice", member=_short(name))
        self.starts = self._place(members)
        self.members = {m.filename.replace("\\", "/"): m for m in members if not m.is_dir()}

    def _place(self, members: list[zipfile.ZipInfo]) -> dict[str, int]:
        """Where each member's bytes start; none may reach into the next."""
        starts, ends = {}, 0
        for member in sorted(members, key=lambda one: one.header_offset):
            raw = self.content[member.header_offset : member.header_offset + LOCAL_HEADER.size]
            if len(raw) < LOCAL_HEADER.size or not raw.startswith(b"PK\x03\x04"):
                raise Refused("zip_broken", reason=_short(member.filename))
            if member.header_offset < ends:
                raise Refused("zip_overlap", member=_short(member.filename))
            name_length, extra_length = LOCAL_HEADER.unpack(raw)[-2:]
            start = member.header_offset + LOCAL_HEADER.size + name_length + extra_length
            ends = start + member.compress_size
            if ends > len(self.content):
                raise Refused("zip_broken", reason=_short(member.filename))
            starts[member.filename.replace("\\", "/")] = start
        return starts

    def names(self) -> list[str]:
        """Names of all files, in the order of the directory."""
        return list(self.members)

    def read(self, name: str) -> bytes:
        """Unpack one member into memory.

        Raises
        ------
        Refused
            ``zip_broken``: it is longer, shorter or other than the directory says.
        """
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Unpack one member piece by piece, never more than the directory declares."""
        member = self.members[name]
        raw = memoryview(self.content)[self.starts[name] :][: member.compress_size]
        length, checksum = 0, 0
        for piece in _inflate(raw, member):
            length += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if length > member.file_size:
                raise Refused("zip_broken", reason=_short(name))
            yield piece
        if length != member.file_size or checksum != member.CRC:
            raise Refused("zip_broken", reason=_short(name))


def _directory(content: bytes) -> list[zipfile.ZipInfo]:
    # The number at the end is read first: sixty thousand entries are not worth half a second.
    end = content.rfind(b"PK\x05\x06")
    if end >= 0 and len(content) >= end + 12:
        (found,) = struct.unpack_from("<H", content, end + 10)
        if MOST_MEMBERS < found < 0xFFFF:
            raise Refused("zip_too_many", found=found, most=MOST_MEMBERS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error) as error:
        reason = str(error) if isinstance(error, zipfile.BadZipFile) else type(error).__name__
        raise Refused("zip_broken", reason=_short(reason)) from error


def _check(member: zipfile.ZipInfo) -> None:
    name = _short(member.filename)
    if OUTSIDE.search(member.orig_filename):
        raise Refused("zip_name", member=name)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Refused("zip_link", member=name)
    if member.flag_bits & 0x41:
        raise Refused("zip_encrypted", member=name)
    if member.compress_type not in {STORED, DEFLATED}:
        raise Refused("zip_method", member=name)
    if member.file_size > MOST_MB << 20:
        raise Refused("zip_too_large", found_mb=member.file_size >> 20, most_mb=MOST_MB)
    if member.file_size > SMALL_BYTES:
        ratio = member.file_size // max(member.compress_size, 1)
        if ratio > MOST_RATIO:
            raise Refused("zip_ratio", member=name, found=ratio, most=MOST_RATIO)


def _inflate(raw: memoryview, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.compress_type == STORED:
        yield bytes(raw)
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        # In small bites: what is left of one is copied each time.
        for at in range(0, len(raw), PIECE):
            rest: bytes | memoryview = raw[at : at + PIECE]
            while rest and not inflater.eof:
                yield inflater.decompress(rest, 4 * PIECE)
                rest = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error as error:
        raise Refused("zip_broken", reason=_short(member.filename)) from error


def _short(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:80]
