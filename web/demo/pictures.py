"""Pictures for the demo's evidence: a conveyor drawn as pixels, different for each name."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO
from typing import BinaryIO

WIDTH, HEIGHT = 480, 320
_WALL, _FLOOR, _FRAME, _BELT = (226, 229, 233), (176, 172, 166), (70, 84, 104), (44, 47, 52)
_BOXES = ((196, 148, 92), (182, 132, 80), (208, 168, 116))


def picture(name: str) -> BinaryIO:
    """Return a PNG."""
    chance = random.Random(name)  # noqa: S311 - a drawing
    canvas = [bytearray(WIDTH * 3) for _ in range(HEIGHT)]
    horizon = chance.randint(190, 220)
    _fill(canvas, 0, 0, WIDTH, horizon, _WALL)
    _fill(canvas, 0, horizon, WIDTH, HEIGHT, _FLOOR)
    top = chance.randint(150, 175)
    for x in range(30, WIDTH, chance.randint(90, 130)):
        _fill(canvas, x, top, x + 10, top + 100, _FRAME)
    _fill(canvas, 0, top, WIDTH, top + 22, _FRAME)
    _fill(canvas, 0, top - 8, WIDTH, top, _BELT)
    for x in range(chance.randint(-20, 20), WIDTH, 24):
        _fill(canvas, x, top + 8, x + 12, top + 14, _WALL)
    x = chance.randint(0, 60)
    while x < WIDTH - 60:
        size = chance.randint(40, 80)
        _fill(canvas, x, top - 8 - size, x + size, top - 8, chance.choice(_BOXES))
        _fill(canvas, x + size // 2 - 4, top - 8 - size, x + size // 2 + 4, top - 8, (222, 206, 170))
        x += size + chance.randint(30, 110)
    return BytesIO(_png(canvas))


def _fill(canvas: list[bytearray], left: int, top: int, right: int, bottom: int, colour: tuple[int, int, int]) -> None:
    left, right = max(0, left), min(WIDTH, right)
    for row in canvas[max(0, top) : min(HEIGHT, bottom)]:
        row[left * 3 : right * 3] = bytes(colour) * (right - left)


def _png(canvas: list[bytearray]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in canvas))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
