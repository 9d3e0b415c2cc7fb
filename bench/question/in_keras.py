"""Trains the tutorial's network with Keras 3 on raw bytes and on x / 255; prints test accuracies as JSON.

The tutorial's code as it was in 2018: Flatten, Dense 128 relu, Dense 10 softmax, Adam,
sparse_categorical_crossentropy, batch 32. The backend is KERAS_BACKEND's. With the form "2018" (TensorFlow
alone) the loss is the lines of TensorFlow 1.11's sparse_categorical_crossentropy, and Adam's epsilon 1e-8.
Usage: in_keras.py FASHION_MNIST_FOLDER EPOCHS SEEDS LIMIT FORM
       SEEDS like 0,1,2; LIMIT 0 for all training images; FORM today or 2018
"""

import gzip
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import keras  # noqa: E402
import numpy  # noqa: E402

folder, epochs, seeds, limit, form = sys.argv[1:]


def values(name, header):
    with gzip.open(os.path.join(folder, name)) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


def images(name):
    return values(name, 16).reshape(-1, 28, 28).astype("float32")


count = int(limit) or 60000
train = images("train-images-idx3-ubyte.gz")[:count], values("train-labels-idx1-ubyte.gz", 8)[:count]
test = images("t10k-images-idx3-ubyte.gz"), values("t10k-labels-idx1-ubyte.gz", 8)


def loss_of_2018(labels, output):
    """tensorflow/python/keras/backend.py of v1.11.0, from_logits=False."""
    import tensorflow

    epsilon = 1e-7
    logits = tensorflow.math.log(tensorflow.clip_by_value(output, epsilon, 1 - epsilon))
    labels = tensorflow.cast(tensorflow.reshape(labels, [-1]), "int64")
    return tensorflow.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


def accuracy(divisor, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.layers.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    if form == "2018":
        model.compile(optimizer=keras.optimizers.Adam(epsilon=1e-8), loss=loss_of_2018, metrics=["accuracy"])
    else:
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(train[0] / numpy.float32(divisor), train[1], batch_size=32, epochs=int(epochs), verbose=0)
    scores = model.evaluate(test[0] / numpy.float32(divisor), test[1], batch_size=500, verbose=0)
    return float(scores[1])


told = {
    name: [accuracy(divisor, int(seed)) for seed in seeds.split(",")]
    for name, divisor in [("raw", 1), ("unit", 255)]
}
print(json.dumps({"version": keras.__version__, "backend": keras.backend.backend(), **told}))
