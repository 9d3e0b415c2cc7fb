"""Trains the tutorial's network with Keras fit and prints images/s of every epoch after the first.

The same work as `normscope train --choice unit`: 784-128 relu-10, Adam 1e-3, exact loss, batch 32,
shuffled each epoch, loss and accuracy kept, no validation inside the timed part.
Usage: keras_training.py FASHION_MNIST_FOLDER EPOCHS
"""

import gzip
import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # noqa: E402
import numpy  # noqa: E402

folder, epochs = sys.argv[1], int(sys.argv[2])


def values(name, header):
    with gzip.open(os.path.join(folder, name)) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


images = values("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28) / numpy.float32(255)
labels = values("train-labels-idx1-ubyte.gz", 8)


class EpochSeconds(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.started)


keras.utils.set_random_seed(0)
model = keras.Sequential(
    [
        keras.layers.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10),
    ]
)
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
clock = EpochSeconds()
history = model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0, callbacks=[clock])
print(
    json.dumps(
        {
            "version": keras.__version__,
            "rates": [len(images) / seconds for seconds in clock.seconds[1:]],
            "trainAccuracy": history.history["accuracy"][-1],
        }
    )
)
