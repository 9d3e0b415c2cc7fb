"""Writes optimisers.json: what optimisers of Keras 3.15.1 make of four weights in ten steps.

Needs keras==3.15.1 and jax==0.10.2: `KERAS_BACKEND=jax python optimisers.py > optimisers.json`.
Epsilon is 0.01, so large that its place in the formula shows.
"""

import json

import keras
import numpy

START = [0.5, -0.25, 0.1, 0.0]
GRADIENTS = [
    [round(0.05 * (w + 1) * (-1) ** (w + t // 3) / (1 + 0.3 * t), 6) for w in range(4)] for t in range(10)
]
DECAY = 0.1

OPTIMISERS = {
    "sgd": lambda: keras.optimizers.SGD(0.01),
    "momentum": lambda: keras.optimizers.SGD(0.01, momentum=0.9),
    "nesterov": lambda: keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01, rho=0.9, epsilon=0.01),
    "adam": lambda: keras.optimizers.Adam(0.01, beta_1=0.9, beta_2=0.999, epsilon=0.01),
    "adamw": lambda: keras.optimizers.AdamW(0.01, weight_decay=DECAY, beta_1=0.9, beta_2=0.999, epsilon=0.01),
}


def trained(make):
    weights = keras.Variable(numpy.array(START, "float32"))
    optimiser = make()
    optimiser.build([weights])
    for gradient in GRADIENTS:
        optimiser.apply([keras.ops.convert_to_tensor(numpy.array(gradient, "float32"))], [weights])
    return [float(value) for value in numpy.asarray(weights.value)]


print(
    json.dumps(
        {
            "keras": keras.__version__,
            "start": START,
            "gradients": GRADIENTS,
            "decay": DECAY,
            "weights": {name: trained(make) for name, make in OPTIMISERS.items()},
        },
        indent=1,
    )
)
