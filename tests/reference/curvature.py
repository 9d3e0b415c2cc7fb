"""Writes curvature.json: what NumPy makes of the eigenvalues of E[x x^T] of small sets.

    pip install numpy && python tests/reference/curvature.py

x is the stored values, centred or not, and a 1 for the bias.
"""

import json
import pathlib

import numpy as np

random = np.random.default_rng(11)


def case(name, pixels, moved):
    x = np.hstack([moved, np.ones((len(moved), 1))])
    values = np.linalg.eigvalsh(x.T @ x / len(x))
    zero = values <= values.max() * len(values) * np.finfo(float).eps
    return {
        "name": name,
        "pixels": pixels.tolist(),
        "centre": (pixels - moved)[0].tolist(),
        "largest": values.max(),
        "smallest": values[~zero].min(),
        "zero": int(zero.sum()),
    }


grey = random.integers(0, 256, (40, 12)).astype(float)
grey[:, 3] = 0  # a pixel that is always dark
grey[:, 7] = 9  # one that is always the same
few = random.integers(0, 256, (5, 12)).astype(float)
result = [
    case("bytes", grey, grey),
    case("bytes, centred each pixel", grey, grey - grey.mean(axis=0)),
    case("fewer images than pixels", few, few),
]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(f"{path.name}: {len(result)} cases, {path.stat().st_size} bytes")
