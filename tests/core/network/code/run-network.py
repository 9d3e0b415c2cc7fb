"""Runs programs of networks: cases as JSON on stdin, what each network is and does as JSON on stdout.

A case: its code, images with their shape (N, height, width, channels), labels, and weights in the
plan's order, those of convolutions (height, width, inputs, outputs), of dense layers (inputs, outputs).
Results: the shapes of the weights in that order, how many numbers training changes, the weights it
starts with, the values it gives for the images with the weights of the case, and the weights after
`train` from there, with the mean loss of the last epoch where Keras is told to keep the order of the
images. Usage: run-network.py keras|pytorch
"""

import json
import sys

import numpy as np


class InOrder:
    """A model of Keras that is given the images as they lie."""

    def __init__(self, model):
        self.model = model

    def fit(self, x, y, **more):
        return self.model.fit(x, y, shuffle=False, verbose=0, **more)


def in_keras(names, images, labels, weights, in_order):
    import keras

    model = names["model"]
    layers = [layer for layer in created if layer in model.layers]
    variables = [variable for layer in layers for variable in layer.weights]
    result = {
        "shapes": [list(variable.shape) for variable in variables],
        "trained": sum(int(np.prod(one.shape)) for one in model.trainable_weights),
        "start": [np.ravel(variable).tolist() for variable in variables],
    }
    for variable, values in zip(variables, weights):
        variable.assign(np.reshape(np.float32(values), variable.shape))
    result["outputs"] = np.ravel(model(images, training=False)).tolist()
    if labels is not None:
        model.run_eagerly = not in_order
        if in_order:
            names["model"] = InOrder(model)
        result["loss"] = names["train"](images, labels).history["loss"][-1]
        result["after"] = [np.ravel(variable).tolist() for variable in variables]
    keras.utils.clear_session()
    return result


def in_pytorch(names, images, labels, weights, in_order):
    import torch
    from torch import nn

    model = names["model"]
    # as (outputs, inputs, height, width) and (outputs, inputs) in PyTorch
    orders = {nn.Conv2d: (2, 3, 1, 0), nn.Linear: (1, 0)}
    variables = []
    for module in model.modules():
        own = ["weight", "bias", "running_mean", "running_var"]
        if isinstance(module, (nn.Conv2d, nn.Linear, nn.LayerNorm, nn.modules.batchnorm._BatchNorm)):
            for name in own:
                if getattr(module, name, None) is not None:
                    order = orders.get(type(module)) if name == "weight" else None
                    tensor = getattr(module, name).data
                    variables.append(tensor.permute(order) if order else tensor)
    read = lambda: [np.ravel(np.ascontiguousarray(one)).tolist() for one in variables]
    result = {
        "shapes": [list(variable.shape) for variable in variables],
        "trained": sum(one.numel() for one in model.parameters()),
        "start": read(),
    }
    for variable, values in zip(variables, weights):
        variable.copy_(torch.tensor(values, dtype=torch.float32).reshape(variable.shape))
    x = torch.tensor(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))
    model.eval()
    with torch.no_grad():
        result["outputs"] = np.ravel(model(x).numpy()).tolist()
    if labels is not None:
        names["train"](x, torch.tensor(labels).long())
        result["after"] = read()
    return result


RUN = {"keras": in_keras, "pytorch": in_pytorch}
library = sys.argv[1]
created = []
if library == "keras":
    import keras

    start = keras.layers.Layer.__init__

    def tracked(layer, *args, **more):
        created.append(layer)
        start(layer, *args, **more)

    keras.layers.Layer.__init__ = tracked


def run(code, images, shape, weights, labels=None, inOrder=False):
    created.clear()
    names = {}
    exec(compile(code, library, "exec"), names)
    images = np.float32(images).reshape(shape)
    labels = None if labels is None else np.array(labels)
    return RUN[library](names, images, labels, weights, inOrder)


answers = [run(**case) for case in json.load(sys.stdin)]
print()
print(json.dumps(answers))
