"""Trains a network with Keras fit and prints images/s of every epoch after the first.

The network is a program that `normscope code --network --for keras` has printed: the same layers, loss
and optimiser as in `normscope train`. Images divided by 255, shuffled each epoch, loss and accuracy
kept, no validation inside the timed part.
Usage: keras_fit.py PROGRAM FASHION_MNIST_FOLDER EPOCHS IMAGES BATCH
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

program, folder = sys.argv[1:3]
epochs, count, batch = (int(word) for word in sys.argv[3:6])


def values(name, header):
    with gzip.open(os.path.join(folder, name)) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


images = values("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28, 1)[:count]
images = images / numpy.float32(255)
labels = values("train-labels-idx1-ubyte.gz", 8)[:count]


class EpochSeconds(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.started)


keras.utils.set_random_seed(0)
names = {}
with open(program) as file:
    exec(compile(file.read(), program, "exec"), names)
clock = EpochSeconds()
history = names["model"].fit(
    images, labels, batch_size=batch, epochs=epochs, verbose=0, callbacks=[clock]
)
print(
    json.dumps(
        {
            "version": keras.__version__,
            "rates": [len(images) / seconds for seconds in clock.seconds[1:]],
            "trainAccuracy": history.history["accuracy"][-1],
        }
    )
)
