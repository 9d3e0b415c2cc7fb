"""Trains the tutorial's network with Keras fit under ten choices, one after the other; prints test accuracies.

From Fashion-MNIST's files on: each choice is fitted on the training images and applied in NumPy, float32.
Usage: keras_job.py FASHION_MNIST_FOLDER EPOCHS
"""

import gzip
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # noqa: E402
import numpy  # noqa: E402

folder, epochs = sys.argv[1], int(sys.argv[2])


def values(name, header):
    with gzip.open(os.path.join(folder, name)) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


def images(name):
    return values(name, 16).reshape(-1, 784).astype(numpy.float32)


train, test = images("train-images-idx3-ubyte.gz"), images("t10k-images-idx3-ubyte.gz")
labels = values("train-labels-idx1-ubyte.gz", 8), values("t10k-labels-idx1-ubyte.gz", 8)
mean, std = train.mean(dtype=numpy.float64), train.std(dtype=numpy.float64)
means, stds = train.mean(0, dtype=numpy.float64), train.std(0, dtype=numpy.float64)
mean, std, means = numpy.float32(mean), numpy.float32(std), means.astype(numpy.float32)
stds = numpy.where(stds > 0, stds, 1).astype(numpy.float32)


def per_image(x):
    centred = x - x.mean(1, keepdims=True)
    return centred / numpy.maximum(centred.std(1, keepdims=True), numpy.float32(1 / 28))


def per_image_range(x):
    low, high = x.min(1, keepdims=True), x.max(1, keepdims=True)
    return (x - low) / numpy.maximum(high - low, 1)


def per_image_length(x):
    length = numpy.sqrt((x * x).sum(1, keepdims=True))
    return x / numpy.where(length > 0, length, 1)


CHOICES = {
    "raw": lambda x: x,
    "unit": lambda x: x / numpy.float32(255),
    "symmetric": lambda x: x / numpy.float32(127.5) - numpy.float32(1),
    "standardised": lambda x: (x - mean) / std,
    "standardised-per-pixel": lambda x: (x - means) / stds,
    "centred": lambda x: (x - mean) / numpy.float32(255),
    "centred-per-pixel": lambda x: (x - means) / numpy.float32(255),
    "per-image": per_image,
    "per-image-range": per_image_range,
    "per-image-length": per_image_length,
}


def accuracy(choice):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.layers.Input((784,)),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    model.fit(choice(train), labels[0], batch_size=32, epochs=epochs, verbose=0)
    return model.evaluate(choice(test), labels[1], batch_size=256, verbose=0)[1]


print(json.dumps({name: float(accuracy(choice)) for name, choice in CHOICES.items()}))
