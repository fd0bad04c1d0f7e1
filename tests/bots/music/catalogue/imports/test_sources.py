"""What is read of a file: all lines, packed or not, from any place on, and a sentence where that can't be."""

import bz2
import gzip
import io
import lzma
import sys
import tracemalloc
import zlib

import pytest

from steward.bots.music.catalogue.imports.problems import UnreadableFile
from steward.bots.music.catalogue.imports.sources import LONGEST_LINE, ImportSource
from tests.bots.music.catalogue.imports.files import lines, tar

TEXT = lines(*(f"line {number}" for number in range(1, 2001)))
PACKED = {"plain": bytes, "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


def read(content, place=0, number=0):
    source = ImportSource(io.BytesIO(content), "a.txt")
    return [line for file in source.files() for line in file.lines(place, number)]


@pytest.mark.parametrize("packed", PACKED)
def test_a_packed_file_is_read_to_its_end_and_from_any_place_on(packed):
    content = PACKED[packed](TEXT)
    whole = read(content)
    assert b"".join(line.content for line in whole) == TEXT
    assert [line.number for line in whole] == [*range(1, 2001)]
    for index in (0, 1, 1234, 1998):
        assert read(content, whole[index].end, whole[index].number) == whole[index + 1 :]
    assert read(content, whole[-1].end, 2000) == []


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_an_archive_gives_its_files_in_order_and_a_folder_is_none(mode):
    content = tar(mode, a=TEXT, b=b"", c__d=b"x\ny")
    found = [(file.index, file.name, len([*file.lines()])) for file in ImportSource(io.BytesIO(content), "t").files()]
    assert found == [(0, "a", 2000), (1, "b", 0), (2, "c/d", 2)]


def test_what_is_cut_off_or_damaged_is_said_and_what_came_before_was_given():
    for cut in (gzip.compress(TEXT)[:-200], lzma.compress(TEXT)[:-40], tar("w:gz", a=TEXT)[:300]):
        with pytest.raises(UnreadableFile, match=r"is cut off|is damaged"):
            read(cut)
    content = bytearray(zlib.compress(b"", wbits=31) + gzip.compress(TEXT))
    content[-4] ^= 255
    with pytest.raises(UnreadableFile, match="is damaged"):
        read(bytes(content))


def test_a_zip_is_refused_with_what_to_do():
    with pytest.raises(UnreadableFile, match="is a ZIP archive") as said:
        read(b"PK\x03\x04" + bytes(100))
    assert said.value.remedy.startswith("Unpack it")


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python unpacks zstd")
def test_zstd_is_refused_with_what_to_do():
    with pytest.raises(UnreadableFile, match="zstd") as said:
        read(b"\x28\xb5\x2f\xfd" + bytes(100))
    assert "zstd -d" in said.value.remedy


def test_a_line_that_never_ends_takes_no_memory_and_costs_itself_alone():
    class Endless(io.RawIOBase):
        left = 40 * LONGEST_LINE

        def readable(self):
            return True

        def tell(self):
            return 0

        def seek(self, *_):
            return 0

        def readinto(self, buffer):
            many = min(len(buffer), self.left)
            self.left -= many
            buffer[:many] = b"x" * many
            if not self.left and many:
                self.left = -1
                buffer[many - 4 : many] = b"\nyz\n"
            return max(0, many)

    tracemalloc.start()
    found = [(line.number, line.content) for file in ImportSource(Endless(), "t").files() for line in file.lines()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [(1, None), (2, b"yz\n")]
    assert peak < 8 * LONGEST_LINE
