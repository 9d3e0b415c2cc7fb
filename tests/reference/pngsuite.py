"""Writes pngsuite.json: the SHA-256 of the pixels of each file of PngSuite that lies in a folder.

Run with Pillow 13, NumPy 2 and imagecodecs: python tests/reference/pngsuite.py FOLDER

Pixels are Pillow's, without alpha, as grey where Pillow has one channel and else as RGB; of files with
16 bits, which Pillow narrows, those of libpng (imagecodecs), little-endian.
"""

import hashlib
import json
import pathlib
import sys

import imagecodecs
import numpy as np
from PIL import Image

hashes = {}
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.png")):
    data = file.read_bytes()
    depth, colour_type = data[24], data[25]
    if depth == 16:
        pixels = imagecodecs.png_decode(data)
        pixels = pixels.reshape(*pixels.shape[:2], -1)
        pixels = pixels[..., :-1] if pixels.shape[2] in (2, 4) else pixels
    else:
        image = Image.open(file)
        if colour_type in (0, 4):
            pixels = np.asarray(image.convert("LA" if colour_type == 4 else "L"))
            pixels = pixels[..., 0] if colour_type == 4 else pixels
        else:
            pixels = np.asarray(image.convert("RGBA"))[..., :3]
    hashes[file.name] = hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()
path = pathlib.Path(__file__).with_name("pngsuite.json")
path.write_text(json.dumps(hashes, indent=2) + "\n")
