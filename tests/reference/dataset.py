"""Writes dataset.json: small NumPy files (base64) of every type and order, with the values NumPy reads.

    python3 -m venv venv && venv/bin/pip install numpy && venv/bin/python dataset.py
"""
import base64
import io
import json
import pathlib

import numpy as np

rng = np.random.default_rng(7)


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return base64.b64encode(out.getvalue()).decode()


def npz(save, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    return base64.b64encode(out.getvalue()).decode()


arrays = []
for descr in ["|u1", "|i1", "|b1", "<u2", ">u2", "<i2", ">i2", "<u4", ">u4", "<i4", ">i4",
              "<u8", ">u8", "<i8", ">i8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]:
    dtype = np.dtype(descr)
    for order in "CF":
        for version in [(1, 0), (2, 0), (3, 0)]:
            if dtype.kind == "b":
                values = rng.integers(0, 2, (3, 2, 4)).astype(dtype)
            elif dtype.kind == "f":
                values = (rng.normal(size=(3, 2, 4)) * 100).astype(np.float16).astype(dtype)
            else:
                low = -100 if dtype.kind == "i" else 0
                high = 120 if dtype.itemsize == 1 else 30000
                values = rng.integers(low, high, (3, 2, 4)).astype(dtype)
            arrays.append({
                "descr": descr, "order": order, "version": version[0],
                "file": npy(np.asarray(values, order=order), version),
                "values": values.astype(float).ravel().tolist(),
            })

x = rng.integers(0, 256, (6, 3, 2), dtype=np.uint8)
y = np.array([0, 1, 2, 0, 1, 2])
archives = [
    {"save": "savez", "file": npz(np.savez, x_train=x[:4], y_train=y[:4], x_test=x[4:], y_test=y[4:])},
    {"save": "savez_compressed",
     "file": npz(np.savez_compressed, train_images=x[:4], train_labels=y[:4].astype("u1"),
                 test_images=x[4:], test_labels=y[4:].astype("f8"))},
]

moments = []
for dtype in ["u1", "u2", "f4"]:
    data = rng.integers(0, 256 if dtype == "u1" else 60000, (5, 2, 2, 3)).astype(dtype)
    wide = data.astype(np.float64 if dtype == "f4" else np.uint64).reshape(-1, 3)
    moments.append({
        "dtype": dtype, "file": npy(data),
        "sum": wide.sum(0).astype(float).tolist(), "sumOfSquares": (wide * wide).sum(0).astype(float).tolist(),
        "mean": wide.mean(0).tolist(), "std": wide.std(0).tolist(),
        "min": wide.min(0).astype(float).tolist(), "max": wide.max(0).astype(float).tolist(),
    })

out = {
    "numpy": np.__version__, "arrays": arrays, "archives": archives, "moments": moments,
    "archivePixels": x.ravel().tolist(), "archiveLabels": y.tolist(),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
