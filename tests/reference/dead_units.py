"""Trains the default network on raw Fashion-MNIST and counts its dead units over different images.

    pip install numpy && python tests/reference/dead_units.py FOLDER-OF-FASHION-MNIST

784 - 128 ReLU - 10, Glorot-uniform weights, Adam (1e-3, epsilon 1e-7), batches of 32, exact loss, 3
epochs, seeds 0 to 5. A unit is dead where its pre-activation is at most 0 for every one of the images.
"""

import gzip
import pathlib
import sys

import numpy as np

FOLDER = pathlib.Path(sys.argv[1])


def read(name, offset):
    return np.frombuffer(gzip.open(FOLDER / f"{name}.gz").read(), np.uint8, offset=offset)


def split(name):
    pixels = read(f"{name}-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32)
    return pixels, read(f"{name}-labels-idx1-ubyte", 8)


def glorot(random, inputs, outputs):
    a = np.sqrt(6 / (inputs + outputs))
    return random.uniform(-a, a, (inputs, outputs)).astype(np.float32)


def train(x, y, seed, epochs=3, batch=32, rate=1e-3):
    random = np.random.default_rng(seed)
    weights = [glorot(random, 784, 128), np.zeros(128, np.float32)]
    weights += [glorot(random, 128, 10), np.zeros(10, np.float32)]
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    step = 0
    for _ in range(epochs):
        order = random.permutation(len(x))
        for at in range(0, len(x), batch):
            rows = order[at : at + batch]
            z = x[rows] @ weights[0] + weights[1]
            a = np.maximum(z, 0)
            logits = a @ weights[2] + weights[3]
            p = np.exp(logits - logits.max(1, keepdims=True))
            delta = p / p.sum(1, keepdims=True)
            delta[np.arange(len(rows)), y[rows]] -= 1
            delta /= len(rows)
            hidden = (delta @ weights[2].T) * (z > 0)
            gradients = [x[rows].T @ hidden, hidden.sum(0), a.T @ delta, delta.sum(0)]
            step += 1
            now = np.float32(rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step))
            for w, g, m, v in zip(weights, gradients, first, second):
                m += (g - m) * np.float32(0.1)
                v += (g * g - v) * np.float32(0.001)
                w -= now * m / (np.sqrt(v) + np.float32(1e-7))
    return weights


def dead(weights, images):
    return (images @ weights[0] + weights[1] <= 0).all(0).mean()


x, y = split("train")
tested, labels = split("t10k")
for seed in range(6):
    weights = train(x, y, seed)
    logits = np.maximum(tested @ weights[0] + weights[1], 0) @ weights[2] + weights[3]
    print(
        f"seed {seed}: accuracy {(logits.argmax(1) == labels).mean():.3f}; dead over "
        f"all training images {dead(weights, x):.3f}, all test images {dead(weights, tested):.3f}, "
        f"1,000 test images {dead(weights, tested[:1000]):.3f}"
    )
