"""Writes pictures.json: JPEG and WebP files made by Pillow, all valid, each of 19 x 13 pixels.

Run with Pillow 13 and NumPy: python tests/reference/pictures.py
"""

import base64
import io
import json
import pathlib

import numpy as np
from PIL import Image

rows, columns = np.mgrid[0:13, 0:19]
pixels = np.stack([(columns * 13 + rows * k * 7) % 256 for k in (1, 2, 3)], -1).astype(np.uint8)
pixels[::3] ^= np.random.default_rng(0).integers(0, 64, pixels[::3].shape, dtype=np.uint8)
colour = Image.fromarray(pixels)
grey = colour.convert("L")


def saved(image, kind="JPEG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


plain = saved(colour, quality=50)
exif = Image.Exif()
exif[274] = 6
thumbnail = b"Exif\0\0" + saved(colour.resize((8, 6)))
segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail

files = {
    "baseline.jpg": plain,
    "fine.jpg": saved(colour, quality=98, subsampling=0),
    "coarse.jpg": saved(colour, quality=1),
    "4-2-2.jpg": saved(colour, subsampling=1),
    "optimised.jpg": saved(colour, optimize=True),
    "progressive.jpg": saved(colour, progressive=True),
    "progressive-fine.jpg": saved(colour, progressive=True, quality=98, subsampling=0),
    "restart-1.jpg": saved(colour, restart_marker_blocks=1),
    "restart-rows.jpg": saved(colour, restart_marker_rows=1),
    "restart-progressive.jpg": saved(colour, restart_marker_blocks=1, progressive=True),
    "cmyk.jpg": saved(colour.convert("CMYK")),
    "cmyk-progressive.jpg": saved(colour.convert("CMYK"), progressive=True),
    "grey.jpg": saved(grey),
    "grey-progressive.jpg": saved(grey, progressive=True),
    "turned.jpg": saved(colour, exif=exif),
    "thumbnail.jpg": plain[:2] + segment + plain[2:],
    "trailing.jpg": plain + b"more\xff\xd8\xff",
    "filled.jpg": plain[:-2] + b"\xff\xff\xff" + plain[-2:],
    "lossy.webp": saved(colour, "WEBP"),
    "lossless.webp": saved(colour, "WEBP", lossless=True),
}
out = [{"name": name, "file": base64.b64encode(data).decode()} for name, data in files.items()]
path = pathlib.Path(__file__).with_name("pictures.json")
path.write_text(json.dumps(out, indent=2) + "\n")
