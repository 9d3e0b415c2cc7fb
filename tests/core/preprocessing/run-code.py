"""Runs snippets: cases as JSON on stdin, the values that `preprocess` gives as JSON on stdout.

A case: the framework, its code, and images with their type and shape (N, height, width, channels).
The images are the training images too, and go to PyTorch as (N, channels, height, width).
"""

import json
import sys

import numpy as np


def run(framework, code, dtype, shape, pixels):
    images = np.array(pixels, dtype=dtype).reshape(shape)
    if framework == "pytorch":
        images = torch_images(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))
    names = {"x_train": images}
    exec(compile(code, framework, "exec"), names)
    values = names["preprocess"](images)
    if framework == "sklearn":
        assert np.array_equal(names["transformer"].fit_transform(images), values)
    values = np.asarray(values)
    assert values.dtype == np.float32, values.dtype
    if framework == "pytorch":
        values = values.transpose(0, 2, 3, 1)
    return values.ravel().tolist()


def torch_images(images):
    import torch

    # PyTorch before 2.3 has no 16-bit numbers without a sign
    if images.dtype == np.uint16 and not hasattr(torch, "uint16"):
        images = images.astype("int32")
    return torch.from_numpy(images)


json.dump([run(**case) for case in json.load(sys.stdin)], sys.stdout)
