"""Writes containers.json: data sets packed by NumPy, pickle, safetensors, pyarrow, Pillow and TensorFlow,
with the pixels and labels that these read of them.

Run with NumPy 2.4, safetensors 0.8, pyarrow 26, Pillow 13 and TensorFlow 2.21:
python tests/reference/containers.py
"""

import base64
import gzip
import hashlib
import io
import json
import pathlib
import pickle

import numpy as np
from safetensors.numpy import save

sets = []


def made(count, *shape, step=7):
    size = count * int(np.prod(shape))
    return (np.arange(size) * step % 251).astype(np.uint8).reshape(count, *shape)


def split(pixels, labels=None):
    """Pixels as image, row, column, channel, as they are to be stored."""
    data = np.ascontiguousarray(pixels)
    return {
        "shape": list(data.shape if data.ndim == 4 else (*data.shape, 1)),
        "dtype": data.dtype.name,
        "sha256": hashlib.sha256(data.astype(data.dtype.newbyteorder("<")).tobytes()).hexdigest(),
        **({} if labels is None else {"labels": [int(label) for label in labels]}),
    }


def add(name, format, files, open, train, test=None, class_names=None):
    packed = {k: base64.b64encode(gzip.compress(v, 9, mtime=0)).decode() for k, v in files.items()}
    entry = {"name": name, "format": format, "files": packed, "open": open, "train": train}
    if test is not None:
        entry["test"] = test
    if class_names is not None:
        entry["classNames"] = class_names
    sets.append(entry)


# pickles
images, labels = made(5, 4, 3), np.array([0, 1, 2, 1, 0])
held_out, answers = made(3, 4, 3, step=11), np.array([2, 1, 0])
together = {"x_train": images, "y_train": labels, "x_test": held_out, "y_test": answers}
train, test = split(images, labels), split(held_out, answers)
for protocol in range(6):
    pickled = pickle.dumps(together, protocol)
    add(f"a pickled dictionary, protocol {protocol}", "pickle", {"a.pkl": pickled}, "a.pkl", train, test)
    # more than what is held of a pickle at once
    large = np.random.default_rng(0).integers(0, 4, (40, 16, 16), dtype=np.uint8) * 85
    pair = pickle.dumps((large, [at % 4 for at in range(40)]), protocol)
    wanted = split(large, [at % 4 for at in range(40)])
    add(f"a pickled pair, protocol {protocol}", "pickle", {"a.pickle": pair}, "a.pickle", wanted)

for dtype in ("u1", "<u2", ">u2", "<i4", ">f4", "<f8", "?"):
    whole = (made(4, 3, 2) % 2 if dtype == "?" else made(4, 3, 2)).astype(dtype)
    stored = whole.astype(
        {"u2": "u2", "f4": "f4", "f8": "f4"}.get(whole.dtype.str[1:], "u1")
    )
    if dtype == "<i4":
        whole[0, 0, 0] = 300
        stored = whole.astype("u2")
    fortran = np.asfortranarray(whole)
    files = {"a.pkl": pickle.dumps({"images": fortran, "labels": [np.int64(at) for at in range(4)]})}
    add(f"pickled {dtype} in Fortran order", "pickle", files, "a.pkl", split(stored, range(4)))

keras = pickle.dumps(((images, labels), (held_out, answers)))
add("pickled pairs as Keras has them", "pickle", {"a.pkl": keras}, "a.pkl", train, test)
flat = tuple(
    ((one.reshape(len(one), -1)[:, :9] / 256).astype(np.float32), about)
    for one, about in ((images, labels), (held_out[:2], answers[:2]), (held_out, answers))
)
add(
    "three pairs of float32, gzipped, as mnist.pkl.gz",
    "pickle",
    {"mnist.pkl.gz": gzip.compress(pickle.dumps(flat, 2), mtime=0)},
    "mnist.pkl.gz",
    split(flat[0][0].reshape(-1, 3, 3), labels),
    split(flat[2][0].reshape(-1, 3, 3), answers),
)


class Python2(pickle._Pickler):
    """Writes bytes as Python 2 wrote its str."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_bytes(self, value):
        if len(value) < 256:
            self.write(pickle.SHORT_BINSTRING + bytes([len(value)]) + value)
        else:
            self.write(pickle.BINSTRING + len(value).to_bytes(4, "little") + value)
        self.memoize(value)

    dispatch[bytes] = save_bytes


def python2(value):
    out = io.BytesIO()
    Python2(out, 2).dump(value)
    return out.getvalue().replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")


# CIFAR: rows of 1024 red, 1024 green, 1024 blue values
def rows(count, step):
    return made(count, 3072, step=step)


def as_images(data):
    return data.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)


names10 = "airplane automobile bird cat deer dog frog horse ship truck".split()
batches = {f"data_batch_{n}": (rows(2, n), [n % 10, (3 * n) % 10]) for n in range(1, 6)}
batches["test_batch"] = (rows(3, 13), [9, 0, 4])
ten = as_images(np.concatenate([batches[f"data_batch_{n}"][0] for n in range(1, 6)]))
ten_labels = [label for n in range(1, 6) for label in batches[f"data_batch_{n}"][1]]
train = split(ten, ten_labels)
test = split(as_images(batches["test_batch"][0]), batches["test_batch"][1])
pickled = {
    name: python2(
        {
            b"batch_label": name.encode(),
            b"labels": labels,
            b"data": data,
            b"filenames": [b"leptodactylus_pentadactylus_s_%06d.png" % at for at in range(len(data))],
        }
    )
    for name, (data, labels) in batches.items()
}
pickled["batches.meta"] = python2(
    {b"num_cases_per_batch": 2, b"label_names": [n.encode() for n in names10], b"num_vis": 3072}
)
add("CIFAR-10 for Python", "pickle", pickled, "", train, test, names10)
# its two labels, 3 and 9, by their names
two = ["cat", "truck"]
one = split(as_images(batches["data_batch_3"][0]), [0, 1])
add("one batch of CIFAR-10", "pickle", pickled, "data_batch_3", one, class_names=two)


def binary(data, *labels):
    return np.concatenate([np.array(labels, np.uint8).T, data], axis=1).tobytes()


files = {f"{name}.bin": binary(data, labels) for name, (data, labels) in batches.items()}
files["batches.meta.txt"] = "\n".join([*names10, ""]).encode()
add("CIFAR-10 binary", "cifar", files, "", train, test, names10)
add("one binary batch", "cifar", files, "data_batch_3.bin", one, class_names=two)
packed = {"data_batch_3.bin.gz": gzip.compress(files["data_batch_3.bin"], mtime=0)}
add("one binary batch, gzipped", "cifar", packed, "data_batch_3.bin.gz", split(as_images(batches["data_batch_3"][0]), [3, 9]))

fine, coarse = [99, 0, 50, 7], [19, 0, 5, 1]
data, held = rows(4, 17), rows(2, 19)
train, test = split(as_images(data), fine), split(as_images(held), [7, 50])
names100 = [f"class {at}" for at in range(100)]
hundred = {
    "train.bin": binary(data, coarse, fine),
    "test.bin": binary(held, [1, 5], [7, 50]),
    "fine_label_names.txt": "\n".join([*names100, ""]).encode(),
}
add("CIFAR-100 binary", "cifar", hundred, "", train, test)


def hundred_python(data, fine, coarse):
    value = {b"filenames": [b"a.png"] * len(data), b"batch_label": b"training batch 1 of 1"}
    return python2({**value, b"fine_labels": fine, b"coarse_labels": coarse, b"data": data})


pickled = {
    "train": hundred_python(data, fine, coarse),
    "test": hundred_python(held, [7, 50], [1, 5]),
    "meta": python2({b"fine_label_names": [n.encode() for n in names100], b"coarse_label_names": []}),
}
add("CIFAR-100 for Python", "pickle", pickled, "", train, test)

# safetensors
for dtype in ("u1", "u2", "i4", "i8", "f2", "f4", "f8", "?"):
    whole = (made(4, 3, 2) % 2 if dtype == "?" else made(4, 3, 2)).astype(dtype)
    stored = whole.astype("f4" if dtype[0] == "f" else "u2" if dtype in ("u2", "i4", "i8") else "u1")
    files = {"a.safetensors": save({"images": whole, "labels": np.arange(4).reshape(4, 1)})}
    add(f"safetensors of {dtype}", "safetensors", files, "a.safetensors", split(stored, range(4)))
planes = made(4, 3, 5, 2)
one_hot = np.eye(3, dtype=np.float32)[[2, 0, 1, 1]]
files = {"a.safetensors": save({"x_train": planes, "y_train": one_hot, "x_test": planes[:2], "y_test": one_hot[:2]})}
wanted = planes.transpose(0, 2, 3, 1)
add(
    "safetensors of images, channels, rows, columns with one-hot labels",
    "safetensors",
    files,
    "a.safetensors",
    split(wanted, [2, 0, 1, 1]),
    split(wanted[:2], [2, 0]),
)
packed = {"a.safetensors.gz": gzip.compress(files["a.safetensors"], mtime=0)}
add("safetensors, gzipped", "safetensors", packed, "a.safetensors.gz", split(wanted, [2, 0, 1, 1]), split(wanted[:2], [2, 0]))

# tables
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image


def png(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def table(columns, **options):
    out = io.BytesIO()
    pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(columns), out, **options)
    return out.getvalue()


colour, marks = made(6, 5, 4, 3), [2, 0, 1, 1, 0, 2]
pictures = [png(one) for one in colour]
train = split(colour, marks)
noted = {"info": {"features": {"image": {"_type": "Image"}, "label": {"names": ["ant", "bee", "cow"], "_type": "ClassLabel"}}}}
for compression in ("none", "snappy", "gzip", "zstd"):
    structs = [{"bytes": data, "path": f"{at}.png"} for at, data in enumerate(pictures)]
    whole = pa.table({"image": structs, "label": marks})
    whole = whole.replace_schema_metadata({"huggingface": json.dumps(noted)})
    data = table(whole, compression=compression, row_group_size=4)
    add(f"Hugging Face's Parquet, {compression}", "parquet", {"a.parquet": data}, "a.parquet", train, None, ["ant", "bee", "cow"])
data = table({"img": pictures, "fine_label": ["b", "a", "c", "c", "a", "b"]})
add("Parquet of PNG bytes with names", "parquet", {"a.parquet": data}, "a.parquet", split(colour, [1, 0, 2, 2, 0, 1]), None, ["a", "b", "c"])
grey = made(7, 3, 3)
flat = {f"pixel{at}": grey.reshape(7, 9)[:, at] for at in range(9)}
data = table({"label": [0, 1, 2, 0, 1, 2, 0], **flat}, row_group_size=3)
add("Parquet with a column for each pixel", "parquet", {"a.parquet": data}, "a.parquet", split(grey, [0, 1, 2, 0, 1, 2, 0]))
data = table({"image": [one.tolist() for one in colour], "y": marks})
add("Parquet of nested lists", "parquet", {"a.parquet": data}, "a.parquet", train)
data = table({"label": [0, 1, 2, 1], **{name: column[:4] for name, column in flat.items()}})
add("Parquet with columns for four images", "parquet", {"a.parquet": data}, "a.parquet", split(grey[:4], [0, 1, 2, 1]))
shards = {
    f"data/{name}-0000{at}-of-00002.parquet": table({"image": pictures[3 * at : 3 * at + 3], "label": marks[3 * at : 3 * at + 3]})
    for at in range(2)
    for name in ("train", "test")
}
add("shards of Parquet", "parquet", shards, "data", train, train)

# TFRecords
import tensorflow as tf


def feature(value):
    if isinstance(value, bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
    if isinstance(value, float) or (isinstance(value, list) and isinstance(value[0], float)):
        return tf.train.Feature(float_list=tf.train.FloatList(value=value if isinstance(value, list) else [value]))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=value if isinstance(value, list) else [value]))


def tfrecord(rows, compression=""):
    file = pathlib.Path("/tmp") / "containers.tfrecord"
    with tf.io.TFRecordWriter(str(file), compression) as writer:
        for row in rows:
            features = {name: feature(value) for name, value in row.items()}
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())
    data = file.read_bytes()
    file.unlink()
    return data


encoded = [
    {"image/encoded": data, "image/class/label": label, "image/height": 5, "image/width": 4, "image/format": b"png"}
    for data, label in zip(pictures, marks)
]
for compression in ("", "GZIP"):
    data = tfrecord(encoded, compression)
    add(f"TFRecord of PNG bytes {compression}", "tfrecord", {"a.tfrecord": data}, "a.tfrecord", train)
raw = [
    {"image_raw": one.tobytes(), "label": label, "height": 5, "width": 4, "depth": 3}
    for one, label in zip(colour, marks)
]
add("TFRecord of raw bytes", "tfrecord", {"a.tfrecords": tfrecord(raw)}, "a.tfrecords", train)
floats = (grey / 8).astype(np.float32)
rows = [{"image": one.ravel().tolist(), "label": at % 3} for at, one in enumerate(floats)]
add("TFRecord of floats", "tfrecord", {"a": tfrecord(rows)}, "a", split(floats, [0, 1, 2, 0, 1, 2, 0]))
rows = [{"image": one.ravel().tolist()} for one in grey]
add("TFRecord of integers without labels", "tfrecord", {"a": tfrecord(rows)}, "a", split(grey))
rows = [{"image": one.ravel().tolist(), "label": at % 3} for at, one in enumerate(grey[:4])]
add("TFRecord of integers for four images", "tfrecord", {"a": tfrecord(rows)}, "a", split(grey[:4], [0, 1, 2, 0]))
shards = {
    "mnist-train.tfrecord-00000-of-00002": tfrecord(encoded[:3]),
    "mnist-train.tfrecord-00001-of-00002": tfrecord(encoded[3:]),
    "mnist-test.tfrecord-00000-of-00001": tfrecord(encoded),
}
add("shards of TFRecord", "tfrecord", shards, "", train, train)

path = pathlib.Path(__file__).with_name("containers.json")
path.write_text(json.dumps(sets, indent=2) + "\n")
