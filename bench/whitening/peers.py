"""ZCA whitening with NumPy, as the code that Normscope writes for NumPy does it.

Fits it on at most 10,000 images, spread over all of them, and applies it to at most 2,000 more.
Usage: peers.py float32|float64 VALUES IMAGES OUT.bin|-, where IMAGES is a file of bytes, VALUES an image.
Prints seconds as JSON; OUT.bin gets the matrix in float64, for comparison.
"""

import json
import sys
import time

import numpy as np

dtype, values, path, out = sys.argv[1:5]
images = np.fromfile(path, np.uint8).reshape(-1, int(values))

started = time.perf_counter()
every = -(-len(images) // 10000)
mean = images.mean(axis=0, dtype=np.float64)
some = images[::every].astype(dtype)
some -= some.mean(axis=0)
covariance = some.T @ some / len(some)
eigenvalues, vectors = np.linalg.eigh(covariance)
epsilon = 0.01 * np.trace(covariance) / len(covariance)
whiten = (vectors / np.sqrt(np.maximum(eigenvalues, 0) + epsilon)) @ vectors.T
fitted = time.perf_counter()
sample = images[:: -(-len(images) // 2000)].astype(dtype)
whitened = (sample - mean.astype(dtype)) @ whiten
ended = time.perf_counter()
if out != "-":
    whiten.astype(np.float64).tofile(out)
print(
    json.dumps(
        {
            "seconds": ended - started,
            "fit": fitted - started,
            "apply": ended - fitted,
            "checksum": float(np.abs(whitened).mean()),
        }
    )
)
