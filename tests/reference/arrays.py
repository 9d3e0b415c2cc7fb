"""Writes arrays.txt: files that NumPy writes and the numbers that it reads from them, as hashes.

    python3 -m venv venv && venv/bin/pip install numpy && venv/bin/python arrays.py

The bytes of array number n come from a generator that tests/core/format/arrays.test.ts has too.
One line each: format, type, order (C or F), dimensions, SHA-256 of the file, SHA-256 of its numbers
(float64, little-endian, in the order image, row, column, channel), both cut to 12 digits.
"""
import hashlib
import io
import pathlib
import struct

import numpy as np

NPY = ["|u1", "|i1", "|b1", "<u2", ">u2", "<i2", ">i2", "<u4", ">u4", "<i4", ">i4", "<u8", ">u8",
       "<i8", ">i8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]
IDX = {"|u1": 0x08, "|i1": 0x09, ">i2": 0x0B, ">i4": 0x0C, ">f4": 0x0D, ">f8": 0x0E}
rng = np.random.default_rng(11)


def payload(number, size):
    """Bytes 24 to 31 of a linear congruential generator (Numerical Recipes)."""
    state = (number + 1) * 2654435761 % 2**32
    out = bytearray(size)
    for at in range(size):
        state = (state * 1664525 + 1013904223) % 2**32
        out[at] = state >> 24
    return out


def data(number, dtype, count):
    out = payload(number, count * dtype.itemsize)
    if dtype.kind == "b":
        return bytes(byte & 1 for byte in out)
    if dtype.kind == "f":  # without the exponent's highest bit every float is finite
        first = 0 if dtype.str[0] == ">" else dtype.itemsize - 1
        for at in range(first, len(out), dtype.itemsize):
            out[at] &= 0xBF
    return bytes(out)


def sides(low=2):
    return [int(side) for side in rng.integers(low, 7, 2)]


def dimensions():
    count = int(rng.integers(1, 6))
    layout = rng.integers(0, 8)
    if layout < 3:
        return [count, *sides(1)]
    if layout < 5:
        return [count, *sides(1), int(rng.choice([1, 3, 4]))]
    if layout < 7:
        # sides that cannot be channels
        return [count, int(rng.choice([1, 3])), *(side if side > 4 else 5 for side in sides())]
    return [count, int(rng.choice([1, 4, 9, 16, 12, 27]))]


def images(array):
    """As the app documents it: channels are the last axis if that can be, else the second."""
    if array.ndim != 4:
        return array
    if array.shape[3] in (1, 3):
        return array
    if array.shape[1] in (1, 3):
        return array.transpose(0, 2, 3, 1)
    return array[..., :3]


def cut(content):
    return hashlib.sha256(content).hexdigest()[:12]


def line(number, form, descr, order, dims):
    dtype = np.dtype(descr)
    content = data(number, dtype, int(np.prod(dims)))
    array = np.frombuffer(content, dtype).reshape(dims, order=order)
    out = io.BytesIO()
    if form == "idx":
        out.write(struct.pack(f">BBBB{len(dims)}I", 0, 0, IDX[descr], len(dims), *dims))
    else:
        np.lib.format.write_array_header_1_0(
            out, {"descr": descr, "fortran_order": order == "F", "shape": tuple(dims)})
    header = out.getvalue()
    if form == "npy":  # NumPy itself reads the file back
        array = np.lib.format.read_array(io.BytesIO(header + content))
    values = np.ascontiguousarray(images(array).astype("<f8"))
    assert np.isfinite(values).all()
    shape = "x".join(map(str, dims))
    return f"{form} {descr} {order} {shape} {cut(header + content)} {cut(values.tobytes())}"


lines = []
for _ in range(80):
    for descr in NPY:
        lines.append(line(len(lines), "npy", descr, "CF"[int(rng.integers(0, 2))], dimensions()))
for _ in range(120):
    for descr in IDX:
        dims = dimensions()
        while len(dims) < 3:
            dims = dimensions()
        lines.append(line(len(lines), "idx", descr, "C", dims))
# longer than what is read at once
for form, descr, order, dims in [
    ("npy", "|u1", "F", [2100, 28, 28]), ("npy", ">f8", "C", [300, 25, 25]),
    ("npy", "<f4", "F", [150, 3, 35, 20]), ("npy", ">i2", "C", [400, 3, 25, 24]),
    ("idx", ">f4", "C", [500, 30, 30]), ("idx", "|u1", "C", [700, 30, 20, 4]),
]:
    lines.append(line(len(lines), form, descr, order, dims))

pathlib.Path(__file__).with_suffix(".txt").write_text(
    f"NumPy {np.__version__}\n" + "\n".join(lines) + "\n")
