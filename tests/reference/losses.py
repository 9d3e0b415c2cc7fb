"""Writes losses.json: losses and gradients by the logits as Keras 3.15.1 and TensorFlow compute them, in float64.

Needs keras==3.15.1, jax==0.10.2, tensorflow-cpu==2.21.0:
`KERAS_BACKEND=jax python losses.py > losses.json`. The form of 2018 is the lines of TensorFlow 1.11.0,
tensorflow/python/keras/backend.py, run by today's TensorFlow.
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import jax  # noqa: E402

jax.config.update("jax_enable_x64", True)

import keras  # noqa: E402
import numpy  # noqa: E402
import tensorflow  # noqa: E402
from jax import numpy as jnp  # noqa: E402

keras.config.set_floatx("float64")

SOFTMAX = [
    ([0.5, -0.25, 1, 0], 2),
    ([6, 0, -1, 2.5], 0),
    ([12, -8, -9, -10], 0),
    ([12, -3.5, -9, -10], 0),
    ([0, 5, 1, -2], 0),
    ([-10, 12, -9, -8], 0),
    ([-8, 10, 9, -12], 0),
    ([-9, 9, -6, -12], 0),
    ([10, 9, -8, -9], 0),
]
SIGMOID = [([0.5], 0), ([5], 1), ([5], 0), ([15.875], 0), ([-15.875], 0)]


def exact(z, label):
    return -jax.nn.log_softmax(z)[label]


def clipped(z, label):
    return keras.losses.sparse_categorical_crossentropy(jnp.array([label]), jax.nn.softmax(z)[None])[0]


def exact_binary(z, label):
    return keras.ops.binary_crossentropy(jnp.array([float(label)]), z, from_logits=True)[0]


def clipped_binary(z, label):
    return keras.ops.binary_crossentropy(jnp.array([float(label)]), jax.nn.sigmoid(z))[0]


def in_jax(loss, logits, label):
    value, slope = jax.value_and_grad(loss)(jnp.array(logits, "float64"), label)
    return float(value), [float(each) for each in slope]


def of_2018(logits, label):
    z = tensorflow.Variable([logits], dtype="float64")
    with tensorflow.GradientTape() as tape:
        output = tensorflow.clip_by_value(tensorflow.nn.softmax(z), 1e-7, 1 - 1e-7)
        loss = tensorflow.nn.sparse_softmax_cross_entropy_with_logits(
            labels=[label], logits=tensorflow.math.log(output)
        )
    return float(loss[0]), [float(each) for each in tape.gradient(loss, z)[0]]


def of_2018_binary(logits, label):
    z = tensorflow.Variable(logits, dtype="float64")
    with tensorflow.GradientTape() as tape:
        output = tensorflow.clip_by_value(tensorflow.sigmoid(z), 1e-7, 1 - 1e-7)
        loss = tensorflow.nn.sigmoid_cross_entropy_with_logits(
            labels=tensorflow.constant([float(label)], "float64"), logits=tensorflow.math.log(output / (1 - output))
        )
    return float(loss[0]), [float(each) for each in tape.gradient(loss, z)]


FORMS = [
    ("exact", "softmax", SOFTMAX, lambda z, y: in_jax(exact, z, y)),
    ("clipped", "softmax", SOFTMAX, lambda z, y: in_jax(clipped, z, y)),
    ("clipped-2018", "softmax", SOFTMAX, of_2018),
    ("exact", "sigmoid", SIGMOID, lambda z, y: in_jax(exact_binary, z, y)),
    ("clipped", "sigmoid", SIGMOID, lambda z, y: in_jax(clipped_binary, z, y)),
    ("clipped-2018", "sigmoid", SIGMOID, of_2018_binary),
]

rows = []
for loss, output, cases, compute in FORMS:
    for logits, label in cases:
        value, gradient = compute([float(z) for z in logits], label)
        rows.append({"loss": loss, "output": output, "logits": logits, "label": label, "value": value, "gradient": gradient})
print(json.dumps({"keras": keras.__version__, "tensorflow": tensorflow.__version__, "rows": rows}, indent=1))
