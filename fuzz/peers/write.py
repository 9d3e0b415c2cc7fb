"""Writes data sets by the software that people write them with, and what their pixels are.

python write.py SEED FIRST COUNT FOLDER MODULE...: of the kinds of these modules, from FIRST on COUNT sets, each from SEED and its number alone. Beside
the sets, written.jsonl has a line for each, and ID.f64 its pixels as little-endian float64 in the order of
image, row, column, channel. NumPy, Pillow, pyarrow, safetensors, h5py, tifffile, imagecodecs and
pydicom are needed, for records TensorFlow.
"""

import importlib
import json
import pathlib
import sys

import numpy as np


def main(seed, first, count, folder, modules):
    kinds = {name: kind for module in modules for name, kind in importlib.import_module(module).KINDS.items()}
    names = list(kinds)
    with open(folder / "written.jsonl", "w") as lines:
        for number in range(first, first + count):
            rng = np.random.default_rng([seed, number])
            kind = names[number % len(names)]
            made = kinds[kind](rng)
            place = folder / str(number)
            for name, data in made["files"].items():
                path = place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            pixels = np.asarray(made["pixels"]).astype("<f8")
            pixels = pixels if pixels.ndim == 4 else pixels[..., None]
            (folder / f"{number}.f64").write_bytes(np.ascontiguousarray(pixels).tobytes())
            line = {
                "id": str(number),
                "kind": kind,
                "how": made["how"],
                "open": f"{number}/{made.get('open', '')}",
                "shape": pixels.shape,
                "tolerance": made.get("tolerance", 0),
            }
            if made.get("labels") is not None:
                line["labels"] = [str(label) for label in made["labels"]]
            lines.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), pathlib.Path(sys.argv[4]), sys.argv[5:])
