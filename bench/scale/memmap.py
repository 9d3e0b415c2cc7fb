"""One pass over an IDX file of bytes with NumPy's memmap, in chunks that stay in the caches: counts of each
byte, mean, std, least and greatest of the set, of each image and of each pixel. Prints seconds and memory."""

import json
import resource
import sys
import time

import numpy as np

CHUNK = 2000


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


before = memory()
started = time.perf_counter()
count, height, width = np.fromfile(sys.argv[1], ">u4", 4)[1:]
size = int(height * width)
images = np.memmap(sys.argv[1], np.uint8, "r", 16, (int(count), size))
counts = np.zeros(256, np.int64)
sums, squares = np.zeros(size), np.zeros(size)
least, most = np.full(size, 255, np.uint8), np.zeros(size, np.uint8)
of_images = np.zeros((4, int(count)))
for at in range(0, int(count), CHUNK):
    chunk = images[at : at + CHUNK]
    own = of_images[:, at : at + CHUNK]
    counts += np.bincount(chunk.reshape(-1), minlength=256)
    # float32, as is quickest: sums of squares are rounded in the seventh digit
    values = chunk.astype(np.float32)
    own[0] = values.sum(1, dtype=np.float64)
    own[1] = np.einsum("ij,ij->i", values, values)
    own[2], own[3] = chunk.min(1), chunk.max(1)
    ones = np.ones(len(chunk), np.float32)
    sums += ones @ values
    np.square(values, out=values)
    squares += ones @ values
    least = np.minimum(least, chunk.min(0))
    most = np.maximum(most, chunk.max(0))
mean = sums / count
std = np.sqrt(np.maximum(squares / count - mean**2, 0))
image_mean = of_images[0] / size
image_std = np.sqrt(np.maximum(of_images[1] / size - image_mean**2, 0))
levels = np.arange(256)
total = counts @ levels
seconds = time.perf_counter() - started
# resident pages of the mapped file count as memory of the process, and are the system's to take back
print(json.dumps({"seconds": seconds, "more": memory() - before, "total": int(total)}))
