"""Data sets that TensorFlow writes: TFRecord, with pictures that it has encoded itself."""

import pathlib
import tempfile

import numpy as np
import tensorflow as tf

from arrays import labels_of, numbers


def feature(value):
    if isinstance(value, bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
    values = np.ravel(value).tolist()
    if isinstance(values[0], float):
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def written(rows, compression):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "a.tfrecord"
        with tf.io.TFRecordWriter(str(path), compression) as writer:
            for row in rows:
                features = tf.train.Features(feature={name: feature(value) for name, value in row.items()})
                writer.write(tf.train.Example(features=features).SerializeToString())
        return path.read_bytes()


def tfrecord(rng):
    count, height, width = (int(rng.integers(low, high)) for low, high in ((2, 7), (2, 13), (2, 13)))
    form = str(rng.choice(["PNG", "JPEG", "raw bytes", "integers", "floats"]))
    colour = form in ("PNG", "JPEG", "raw bytes") and rng.random() < 0.5
    if form in ("integers", "floats"):
        width = height
    shape = (count, height, width, 3 if colour else 1)
    pixels = numbers(rng, shape, {"floats": "f4", "integers": "i4"}.get(form, "u1"))
    labels = labels_of(rng, count)
    label = str(rng.choice(["label", "image/class/label"]))
    rows, read = [], []
    for one, mark in zip(pixels, labels):
        row = {label: int(mark)}
        if form == "PNG":
            row |= {"image/encoded": tf.io.encode_png(one).numpy(), "image/format": b"png"}
        elif form == "JPEG":
            data = tf.io.encode_jpeg(one, quality=int(rng.integers(20, 101))).numpy()
            one = tf.io.decode_jpeg(data, dct_method="INTEGER_ACCURATE").numpy()
            row |= {"image/encoded": data, "image/format": b"jpeg"}
        elif form == "raw bytes":
            row |= {"image_raw": one.tobytes(), "height": height, "width": width, "depth": shape[3]}
        else:
            row |= {"image": one}
        rows.append(row)
        read.append(one)
    compression = "GZIP" if rng.random() < 0.3 else ""
    shards = rng.random() < 0.3
    if shards:
        half = count // 2
        parts = {0: rows[:half], 1: rows[half:]}
        files = {f"a.tfrecord-0000{at}-of-00002": written(part, compression) for at, part in parts.items()}
    else:
        files = {"a.tfrecord": written(rows, compression)}
    how = f"{form} {shape} {label} {compression}{' two shards' if shards else ''}"
    return {
        **{"files": files, "open": "" if shards else "a.tfrecord", "pixels": np.stack(read), "labels": labels},
        **{"how": how, "tolerance": 2 if form == "JPEG" else 0},
    }


KINDS = {"tfrecord": tfrecord}
