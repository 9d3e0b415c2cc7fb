"""Writes statistics.json: what NumPy and scikit-learn make of small sets of images.

    pip install numpy scikit-learn && python tests/reference/statistics.py

Each case: the pixels, and per choice the transformed values with their mean and std per channel,
min, max, histogram (numpy.histogram) and effective number of features.
"""

import json
import pathlib

import numpy as np
from sklearn.preprocessing import MinMaxScaler, Normalizer, RobustScaler, StandardScaler

random = np.random.default_rng(7)
BINS = [7, 64]


def cases():
    grey = random.integers(0, 256, (12, 3, 4, 1))
    grey[random.random(grey.shape) < 0.4] = 0
    grey[:, 0, 0] = 0  # a border pixel that is lit once, faintly: its std is below the floor
    grey[3, 0, 0] = 2
    grey[5] = 9  # a constant image
    grey[6] = 0  # an empty image
    yield "grey bytes", grey.astype("uint8")
    yield "colour bytes", random.integers([0, 40, 90], [256, 200, 255], (9, 3, 2, 3)).astype("uint8")
    yield "16-bit", random.integers(0, 65536, (6, 2, 3, 1)).astype("uint16")
    yield "16-bit colour", random.integers(0, 5000, (5, 2, 2, 3)).astype("uint16")
    yield "float in [0, 1]", (random.integers(0, 256, (8, 2, 3, 1)) / 255).astype("float32")
    yield "float", random.normal(3, 20, (10, 2, 2, 1)).astype("float32")
    yield "float far from 0", (1e4 + random.normal(0, 1, (8, 2, 2, 3))).astype("float32")
    yield "constant bytes", np.full((4, 2, 2, 1), 7, "uint8")
    yield "constant float", np.full((3, 2, 2, 1), 0.1, "float32")
    yield "one image", random.integers(0, 256, (1, 3, 3, 1)).astype("uint8")


def top(pixels):
    if pixels.dtype == np.uint8:
        return 255.0
    if pixels.dtype == np.uint16:
        return 65535.0
    return 1.0 if pixels.min() >= 0 and pixels.max() <= 1 else float(np.abs(pixels).max())


def transformed(pixels):
    """Every choice's values, float64, of the shape of the pixels."""
    x = pixels.astype("float64")
    count, channels = len(x), x.shape[-1]
    flat = x.reshape(count, -1)
    by_channel = x.reshape(-1, channels)
    most = top(pixels)
    negative = pixels.min() < 0
    axes = (1, 2, 3)
    scaled = StandardScaler().fit(by_channel)
    per_pixel_std = flat.std(axis=0)
    floor = most / 255
    robust = RobustScaler().fit(by_channel)
    iqr = np.subtract(*np.percentile(by_channel, [75, 25], axis=0))
    std = by_channel.std(axis=0)
    divisor = np.where(iqr > 0, iqr, np.where(std > 0, std, 1))
    yield "raw", x
    yield "unit", x / most
    yield "symmetric", x / most if negative else x / (most / 2) - 1
    yield "standardised", scaled.transform(by_channel)
    if (per_pixel_std > floor).all():
        yield "standardised-per-pixel", StandardScaler().fit_transform(flat)
    else:
        yield "standardised-per-pixel", (flat - flat.mean(axis=0)) / np.maximum(per_pixel_std, floor)
    yield "centred", StandardScaler(with_std=False).fit_transform(by_channel)
    yield "centred-per-pixel", StandardScaler(with_std=False).fit_transform(flat)
    # tf.image.per_image_standardization
    adjusted = np.maximum(x.std(axis=axes, keepdims=True), 1 / np.sqrt(flat.shape[1]))
    yield "per-image", (x - x.mean(axis=axes, keepdims=True)) / adjusted
    yield "per-image-range", MinMaxScaler().fit_transform(flat.T).T
    yield "per-image-length", Normalizer().fit_transform(flat)
    if (iqr > 0).all():
        yield "robust", robust.transform(by_channel)
    else:
        yield "robust", (by_channel - np.median(by_channel, axis=0)) / divisor
    if not negative:
        yield "log", np.log1p(x) / np.log1p(most)
    yield "equalised", np.stack(
        [
            np.stack(
                [
                    np.searchsorted(np.sort(image[..., c].ravel()), image[..., c], side="right")
                    / image[..., c].size
                    for c in range(channels)
                ],
                axis=-1,
            )
            for image in x
        ]
    )
    mean = flat.mean(axis=0)
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(flat, rowvar=False, bias=True)))
    values = np.maximum(values, 0)
    epsilon = 0.01 * values.mean() if values.mean() > 0 else 1
    whiten = (vectors / np.sqrt(values + epsilon)) @ vectors.T
    yield "whitened", (flat - mean) @ whiten
    yield "custom", (x - 3) / -2


def effective(values):
    weights = (values.reshape(len(values), -1) ** 2).sum(axis=0)
    if weights.sum() == 0:
        return 0.0
    shares = weights / weights.sum()
    shares = shares[shares > 0]
    return float(np.exp(-(shares * np.log(shares)).sum()))


def choice(values, shape):
    values = np.asarray(values).reshape(shape)
    by_channel = values.reshape(-1, shape[-1])
    histograms = {}
    for bins in BINS:
        counts, edges = np.histogram(values, bins=bins)
        histograms[bins] = {"edges": [float(edges[0]), float(edges[-1])], "counts": counts.tolist()}
    return {
        "values": [float(f"{value:.12g}") for value in values.ravel()],
        "mean": by_channel.mean(axis=0).tolist(),
        "std": by_channel.std(axis=0).tolist(),
        "min": float(values.min()),
        "max": float(values.max()),
        "effectiveFeatures": effective(values),
        "histograms": histograms,
    }


def moments(pixels):
    x = pixels.astype("float64")
    by_channel = x.reshape(-1, x.shape[-1])
    flat = x.reshape(len(x), -1)
    return {
        "sum": by_channel.sum(axis=0).tolist(),
        "sumOfSquares": (by_channel**2).sum(axis=0).tolist(),
        "mean": by_channel.mean(axis=0).tolist(),
        "std": by_channel.std(axis=0).tolist(),
        "min": by_channel.min(axis=0).tolist(),
        "max": by_channel.max(axis=0).tolist(),
        "featureMean": flat.mean(axis=0).tolist(),
        "featureStd": flat.std(axis=0).tolist(),
        "imageMean": flat.mean(axis=1).tolist(),
        "imageStd": flat.std(axis=1).tolist(),
        "quantiles": np.percentile(by_channel, [25, 50, 75, 90], axis=0).T.tolist(),
    }


result = [
    {
        "name": name,
        "dtype": str(pixels.dtype),
        "shape": list(pixels.shape),
        "pixels": pixels.ravel().tolist(),
        "moments": moments(pixels),
        "choices": {id: choice(values, pixels.shape) for id, values in transformed(pixels)},
    }
    for name, pixels in cases()
]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(f"{path.name}: {len(result)} cases, {path.stat().st_size} bytes")
