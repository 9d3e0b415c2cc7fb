"""Full statistics of ten preprocessing choices of Fashion-MNIST's training images with NumPy.

For each choice: a histogram of 100 bins of the values, and mean and std of the set, of each image, of
each pixel and of each class. `plain` is the way a user writes it, in float32; `good` knows NumPy well:
byte counts, BLAS, float64 in chunks, no pass where counts say it all; `exact` is `plain` in float64,
to compare with.
Usage: peers.py plain|good|exact FASHION_MNIST_FOLDER OUT.json|-
"""

import gzip
import json
import os
import re
import resource
import sys
import time

import numpy as np

BINS = 100
way, folder, out = sys.argv[1:4]


def values(name, header):
    with gzip.open(os.path.join(folder, name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


images = values("train-images-idx3-ubyte.gz", 16).reshape(-1, 784)
labels = values("train-labels-idx1-ubyte.gz", 8)


def transformed(x):
    """The ten choices by their formulas, one after the other."""
    mean, std = x.mean(), x.std()
    pixel_mean = x.mean(axis=0)
    yield "raw", x
    yield "unit", x / 255
    # of x / 127.5 - 1 rounding decides for values that lie on an edge of a bin
    yield "symmetric", (x - 127.5) / 127.5
    yield "standardised", (x - mean) / std
    yield "standardised-per-pixel", (x - pixel_mean) / np.maximum(x.std(axis=0), 1)
    yield "centred", x - mean
    yield "centred-per-pixel", x - pixel_mean
    least = x.min(axis=1, keepdims=True)
    span = x.max(axis=1, keepdims=True) - least
    image_std = np.maximum(x.std(axis=1, keepdims=True), 1 / 28)
    yield "per-image", (x - x.mean(axis=1, keepdims=True)) / image_std
    yield "per-image-range", (x - least) / np.where(span > 0, span, 1)
    length = np.sqrt((x * x).sum(axis=1, keepdims=True))
    yield "per-image-length", x / np.maximum(length, 1e-12)


def plain(dtype):
    found = {}
    for name, y in transformed(images.astype(dtype)):
        counts, edges = np.histogram(y, BINS)
        classes = [y[labels == label] for label in range(10)]
        found[name] = {
            "counts": counts,
            "edges": edges,
            "set": (y.mean(), y.std()),
            "images": (y.mean(axis=1), y.std(axis=1)),
            "pixels": (y.mean(axis=0), y.std(axis=0)),
            "classes": ([one.mean() for one in classes], [one.std() for one in classes]),
        }
    return found


def from_images(mean, variance):
    """Of each class, from mean and variance of each image."""
    size = np.bincount(labels, minlength=10)
    class_mean = np.bincount(labels, mean, 10) / size
    second = np.bincount(labels, variance + mean**2, 10) / size
    return class_mean, np.sqrt(np.maximum(0, second - class_mean**2))


def good():
    n, d = images.shape
    table = np.zeros((d, 256), np.int64)
    image_sum, image_square = np.empty(n), np.empty(n)
    least, most = images.min(axis=1).astype(float), images.max(axis=1).astype(float)
    slots = np.arange(d, dtype=np.int32) * 256
    for at in range(0, n, 2000):
        some = images[at : at + 2000]
        table += np.bincount((some + slots).ravel(), minlength=d * 256).reshape(d, 256)
        wide = some.astype(np.float32)
        image_sum[at : at + 2000] = wide.sum(axis=1)
        image_square[at : at + 2000] = np.einsum("ij,ij->i", wide, wide, dtype=np.float64)
    levels = np.arange(256.0)
    pixel_mean = table @ levels / n
    pixel_std = np.sqrt(np.maximum(0, table @ levels**2 / n - pixel_mean**2))
    counts = table.sum(axis=0)
    mean = counts @ levels / (n * d)
    std = np.sqrt(counts @ levels**2 / (n * d) - mean**2)
    image_mean = image_sum / d
    image_variance = np.maximum(0, image_square / d - image_mean**2)
    found = {}
    affine = {
        "raw": (0, 1),
        "unit": (0, 255),
        "symmetric": (127.5, 127.5),
        "standardised": (mean, std),
        "centred": (mean, 1),
    }
    for name, (centre, divisor) in affine.items():
        y = (levels - centre) / divisor
        there = counts > 0
        edges = np.linspace(y[there].min(), y[there].max(), BINS + 1)
        images_of = (image_mean - centre) / divisor, image_variance / divisor**2
        found[name] = {
            "counts": np.histogram(y[there], edges, weights=counts[there])[0],
            "edges": edges,
            "set": ((mean - centre) / divisor, std / divisor),
            "images": (images_of[0], np.sqrt(images_of[1])),
            "pixels": ((pixel_mean - centre) / divisor, pixel_std / divisor),
            "classes": from_images(*images_of),
        }
    floored = np.maximum(pixel_std, 1)
    for name, divisor in ("standardised-per-pixel", floored), ("centred-per-pixel", np.ones(d)):
        y = (levels[None] - pixel_mean[:, None]) / divisor[:, None]
        there = table > 0
        edges = np.linspace(y[there].min(), y[there].max(), BINS + 1)
        images_mean, images_square = np.empty(n), np.empty(n)
        weights = np.stack([1 / divisor, pixel_mean / divisor**2], axis=1)
        for at in range(0, n, 4000):
            x = images[at : at + 4000].astype(np.float64)
            first, second = (x @ weights).T
            images_mean[at : at + 4000] = (first - (pixel_mean / divisor).sum()) / d
            square = (x * x) @ (1 / divisor**2) - 2 * second + (pixel_mean**2 / divisor**2).sum()
            images_square[at : at + 4000] = square / d
        variance = np.maximum(0, images_square - images_mean**2)
        pixels = np.zeros(d), pixel_std / divisor
        found[name] = {
            "counts": np.histogram(y[there], edges, weights=table[there])[0],
            "edges": edges,
            "set": (0.0, np.sqrt((pixels[1] ** 2).mean())),
            "images": (images_mean, np.sqrt(variance)),
            "pixels": pixels,
            "classes": from_images(images_mean, variance),
        }
    span = most - least
    of_image = {
        "per-image": (image_mean, np.maximum(np.sqrt(image_variance), 1 / 28)),
        "per-image-range": (least, np.where(span > 0, span, 1)),
        "per-image-length": (np.zeros(n), np.maximum(np.sqrt(image_square), 1e-12)),
    }
    sums = {name: np.zeros((2, d)) for name in of_image}
    bins = {name: np.zeros(BINS, np.int64) for name in of_image}
    ranges = {
        name: (((least - c) / v).min(), ((most - c) / v).max()) for name, (c, v) in of_image.items()
    }
    for at in range(0, n, 1000):
        x = images[at : at + 1000].astype(np.float64)
        for name, (centre, divisor) in of_image.items():
            y = (x - centre[at : at + 1000, None]) / divisor[at : at + 1000, None]
            low, high = ranges[name]
            places = ((y - low) * (BINS / (high - low))).astype(np.int32)
            bins[name] += np.bincount(places.ravel(), minlength=BINS + 1)[:BINS]
            bins[name][-1] += np.count_nonzero(places == BINS)
            sums[name][0] += y.sum(axis=0)
            sums[name][1] += np.einsum("ij,ij->j", y, y)
    for name, (centre, divisor) in of_image.items():
        pixel = sums[name] / n
        images_of = (image_mean - centre) / divisor, image_variance / divisor**2
        total = pixel[0].mean()
        found[name] = {
            "counts": bins[name],
            "edges": np.linspace(*ranges[name], BINS + 1),
            "set": (total, np.sqrt(pixel[1].mean() - total**2)),
            "images": (images_of[0], np.sqrt(images_of[1])),
            "pixels": (pixel[0], np.sqrt(np.maximum(0, pixel[1] - pixel[0] ** 2))),
            "classes": from_images(*images_of),
        }
    return found


def peak():
    """Kilobytes held at most; on Linux ru_maxrss would begin with what the parent held."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open("/proc/self/status") as file:
        return int(re.search(r"VmHWM:\s+(\d+) kB", file.read())[1])


before = peak()
started = time.perf_counter()
found = good() if way == "good" else plain(np.float64 if way == "exact" else np.float32)
seconds = time.perf_counter() - started
held = peak()
if out != "-":
    arrays = {
        f"{name}/{key}": np.asarray(value, dtype=np.float64).ravel()
        for name, one in found.items()
        for key, value in one.items()
    }
    with open(out, "w") as file:
        json.dump({key: value.tolist() for key, value in arrays.items()}, file)
print(json.dumps({"seconds": seconds, "megabytes": held / 1024, "more": (held - before) / 1024}))
