"""Data sets of arrays: IDX, NPY, NPZ, pickles, safetensors and CIFAR's files."""

import gzip
import io
import pickle

import numpy as np

PLAIN = ["u1", "i1", "?", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]
IDX = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def numbers(rng, shape, type):
    """Numbers over the whole range of a type; of floats also tiny and large ones."""
    kind = np.dtype(type)
    if kind.kind == "f":
        powers = {2: (-12, 4), 4: (-44, 37), 8: (-44, 37)}[kind.itemsize]
        scale = 10.0 ** rng.uniform(*powers) if rng.random() < 0.5 else 1
        return (rng.standard_normal(shape) * scale).astype(kind)
    if kind.kind == "b":
        return rng.random(shape) < 0.5
    limits = np.iinfo(kind)
    small = rng.random() < 0.5
    low, high = (max(limits.min, 0), min(limits.max, 255)) if small else (limits.min, limits.max)
    return rng.integers(low, high, shape, dtype=kind, endpoint=True)


def shape_of(rng):
    """A shape of images, and how the array is read: as docs/USING.md has it."""
    count, height, width = (int(rng.integers(1, high)) for high in (6, 13, 13))
    return [
        (count, height, width),
        (count, height, width, 1),
        (count, height, width, 3),
        (count, 1, height + 3, width + 3),
        (count, 3, height + 3, width + 3),
        (count, height * height),
        (count, 3 * height * height),
    ][int(rng.integers(7))]


def as_images(array):
    """Images, rows, columns, channels."""
    if array.ndim == 4:
        return array if array.shape[3] in (1, 3) else array.transpose(0, 2, 3, 1)
    if array.ndim == 2:
        for channels in (1, 3):
            side = round((array.shape[1] / channels) ** 0.5)
            if side * side * channels == array.shape[1]:
                return array.reshape(len(array), side, side, channels)
    return array


def labels_of(rng, count, fewest=1):
    """At least one of each class, so that numbers are classes as they are."""
    return rng.permutation(np.arange(count) % int(rng.integers(fewest, count + 1)))


def ordered(rng, array):
    """In either order of the axes and of the bytes."""
    array = np.asfortranarray(array) if rng.random() < 0.4 else array
    return array.astype(array.dtype.newbyteorder(">")) if rng.random() < 0.3 else array


def packed(rng, name, data):
    return (f"{name}.gz", gzip.compress(data, mtime=0)) if rng.random() < 0.25 else (name, data)


def npy_bytes(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def say(array):
    order = "C" if array.flags.c_contiguous else "Fortran"
    return f"{array.dtype.str} {array.shape} {order}"


def idx(rng):
    type = str(rng.choice(list(IDX)))
    shape = tuple(int(rng.integers(1, high)) for high in (6, 13, 13)) + ((3,) if rng.random() < 0.2 else ())
    array, labels = numbers(rng, shape, type), labels_of(rng, shape[0])

    def file(array, code):
        head = bytes([0, 0, code, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        return head + array.astype(array.dtype.newbyteorder(">")).tobytes()

    images = packed(rng, "a-images-idx3-ubyte", file(array, IDX[type]))
    marks = packed(rng, "a-labels-idx1-ubyte", file(labels.astype("u1"), 0x08))
    return {"files": dict([images, marks]), "open": images[0], "pixels": array, "labels": labels, "how": say(array)}


def npy(rng):
    array = ordered(rng, numbers(rng, shape_of(rng), str(rng.choice(PLAIN))))
    labels = labels_of(rng, len(array))
    name, data = packed(rng, "x.npy", npy_bytes(array))
    files = {name: data, "y.npy": npy_bytes(labels.astype(str(rng.choice(["u1", "<i4", ">i8"]))))}
    return {"files": files, "open": name, "pixels": as_images(array), "labels": labels, "how": say(array)}


def marks_of(rng, labels):
    """Labels as numbers, a column of them, or one-hot rows."""
    # a column of ones could be either
    form = int(rng.integers(3 if labels.max() > 0 else 2))
    return [labels, labels[:, None], np.eye(int(labels.max()) + 1, dtype="f4")[labels]][form]


NAMES = [("x_train", "y_train"), ("train_images", "train_labels"), ("images", "labels"), ("x", "y")]


def npz(rng):
    array = ordered(rng, numbers(rng, shape_of(rng), str(rng.choice(PLAIN))))
    labels = labels_of(rng, len(array))
    images, marks = NAMES[int(rng.integers(len(NAMES)))]
    out = io.BytesIO()
    write = np.savez_compressed if rng.random() < 0.5 else np.savez
    write(out, **{images: array, marks: marks_of(rng, labels)})
    how = f"{write.__name__} {images} {say(array)}"
    return {"files": {"a.npz": out.getvalue()}, "open": "a.npz", "pixels": as_images(array), "labels": labels, "how": how}


def pickled(rng):
    array = ordered(rng, numbers(rng, shape_of(rng), str(rng.choice(PLAIN))))
    labels = labels_of(rng, len(array))
    protocol = int(rng.integers(6))
    marks = labels.tolist() if rng.random() < 0.5 else labels
    value = (array, marks) if rng.random() < 0.5 else {"images": array, "labels": marks}
    name, data = packed(rng, "a.pkl", pickle.dumps(value, protocol))
    how = f"protocol {protocol} {say(array)}"
    return {"files": {name: data}, "open": name, "pixels": as_images(array), "labels": labels, "how": how}


def safetensors(rng):
    # not where TensorFlow writes
    from safetensors.numpy import save

    array = numbers(rng, shape_of(rng), str(rng.choice(PLAIN)))
    labels = labels_of(rng, len(array))
    images, marks = NAMES[int(rng.integers(len(NAMES)))]
    name, data = packed(rng, "a.safetensors", save({images: array, marks: np.ascontiguousarray(marks_of(rng, labels))}))
    return {"files": {name: data}, "open": name, "pixels": as_images(array), "labels": labels, "how": say(array)}


def cifar(rng):
    count = int(rng.integers(1, 5))
    rows, labels = rng.integers(0, 256, (count, 3072), dtype=np.uint8), labels_of(rng, count)
    pixels = rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    if rng.random() < 0.5:
        data = np.concatenate([labels[:, None].astype(np.uint8), rows], 1).tobytes()
        return {"files": {"data_batch_1.bin": data}, "open": "data_batch_1.bin", "pixels": pixels, "labels": labels, "how": "binary"}
    batch = {b"batch_label": b"training batch 1 of 5", b"data": rows, b"labels": labels.tolist()}
    data = pickle.dumps(batch, int(rng.integers(6)))
    return {"files": {"data_batch_1": data}, "open": "data_batch_1", "pixels": pixels, "labels": labels, "how": "Python"}


KINDS = {"idx": idx, "npy": npy, "npz": npz, "pickle": pickled, "safetensors": safetensors, "cifar": cifar}
