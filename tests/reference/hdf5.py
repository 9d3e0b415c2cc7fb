"""Writes hdf5.json: files that h5py wrote, with the pixels and labels that it reads of them, and files that
must be refused, with a word that the error has to say.

Run with h5py 3.16 and NumPy 2.4: python tests/reference/hdf5.py
"""

import base64
import gzip
import hashlib
import json
import pathlib
import tempfile
import zlib

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent
FOLDER = pathlib.Path(tempfile.mkdtemp())
sets, refused = [], []


def made(count, *shape, step=7):
    size = count * int(np.prod(shape))
    return (np.arange(size) * step % 251).astype(np.uint8).reshape(count, *shape)


def written(write, **how):
    path = FOLDER / "file.h5"
    path.unlink(missing_ok=True)
    with h5py.File(path, "w", **how) as file:
        write(file)
    return path.read_bytes()


def packed(files):
    return {k: base64.b64encode(gzip.compress(v, 9, mtime=0)).decode() for k, v in files.items()}


def split(pixels, labels=None):
    """Pixels as image, row, column, channel."""
    data = np.ascontiguousarray(pixels if pixels.ndim == 4 else pixels[..., None])
    values = hashlib.sha256(data.astype("<f8").tobytes()).hexdigest()
    marks = {} if labels is None else {"labels": [str(label) for label in labels]}
    return {"shape": list(data.shape), "sha256": values, **marks}


def add(name, write, train, test=None, class_names=None, files=None, open="a.h5", **how):
    one = {"name": name, "files": packed(files or {"a.h5": written(write, **how)}), "open": open, "train": train}
    sets.append({**one, **({"test": test} if test else {}), **({"classNames": class_names} if class_names else {})})


def pair(**arrays):
    """Writes arrays under names that cannot be keywords, too: __ stands for /."""
    return lambda file: [file.create_dataset(k.replace("__", "/"), data=v) for k, v in arrays.items()]


grey, labels = made(6, 4, 3), np.array([0, 1, 2, 1, 0, 2])
tested, answers = made(4, 4, 3, step=11), np.array([2, 1, 0, 1])
whole = split(grey, labels)

# names
for x, y in [("x", "y"), ("images", "labels"), ("data", "label"), ("x_train", "y_train"), ("train__x", "train__y")]:
    add(f"arrays {x} and {y}", pair(**{x: grey, y: labels}), whole)
four = pair(train__images=grey, train__labels=labels, test__images=tested, test__labels=answers)
add("groups train and test", four, whole, split(tested, answers))
four = pair(x_train=grey, y_train=labels, x_valid=tested, y_valid=answers)
add("validation images", four, whole, split(tested, answers))
four = pair(fashion__x_train=grey, fashion__y_train=labels, fashion__x_test=tested, fashion__y_test=answers)
add("all in one group", four, whole, split(tested, answers))
beside = pair(deep__set__x=grey, deep__set__y=labels, notes=np.arange(4), other__ids=np.arange(6))
add("a group beside others", beside, whole)
named = pair(train_set_x=grey, train_set_y=labels, list_classes=np.array([b"ant", b"bee", b"cow"]))
add("a set of Coursera with names of classes", named, split(grey, labels), None, ["ant", "bee", "cow"])
named = pair(test_set_x=tested, test_set_y=answers, list_classes=np.array([b"ant", b"bee", b"cow"]))
add("test images of Coursera", named, split(tested, answers), None, ["ant", "bee", "cow"])
patches = {
    "pcam_train_x.h5": written(pair(x=made(6, 4, 3, 3))),
    "pcam_train_y.h5": written(pair(y=labels.astype(np.uint8).reshape(6, 1, 1, 1))),
}
add("images and labels in two files, as PatchCamelyon", None, split(made(6, 4, 3, 3), labels), files=patches, open="pcam_train_x.h5")

# shapes
add("colour", pair(x=made(6, 4, 3, 3), y=labels), split(made(6, 4, 3, 3), labels))
first = made(6, 3, 5, 4)
add("channels first", pair(x=first, y=labels), split(first.transpose(0, 2, 3, 1), labels))
add("rows of numbers", pair(x=made(6, 9), y=labels), split(made(6, 9).reshape(6, 3, 3), labels))
add("a column of labels", pair(x=grey, y=labels[:, None]), whole)
add("one-hot labels", pair(x=grey, y=np.eye(3, dtype=bool)[labels]), whole)
names = np.array(["ant", "bee", "kühe"])[labels]
add("texts of a fixed length", pair(x=grey, y=np.char.encode(names, "utf8")), split(grey, names))
add("texts of any length", pair(x=grey, y=names.astype(object)), split(grey, names))
add("without labels", pair(x=grey), split(grey))

# types
signed = made(6, 4, 3).astype(int) * 100 - 12000
for type in ["u1", "<u2", ">u2", "i1", ">i2", "<i4", ">i4", "<u4", "<u8", ">i8", "<f2", "<f4", ">f4", "<f8", ">f8", "?"]:
    kind = np.dtype(type)
    values = grey / 7 - 9 if kind.kind == "f" else signed if kind.kind == "i" and kind.itemsize > 1 else grey // 2 % 100
    typed = (values > 20) if kind.kind == "b" else values.astype(kind)
    add(f"numbers of type {type}", pair(x=typed, y=labels), split(typed, labels))

# storage
def stored(**how):
    return lambda file: (file.create_dataset("x", data=grey, **how), file.create_dataset("y", data=labels))


add("chunks across rows and columns", stored(chunks=(4, 3, 2)), whole)
add("gzip, shuffle and fletcher32", stored(chunks=(4, 4, 3), compression="gzip", shuffle=True, fletcher32=True), whole)
add("scale-offset", stored(chunks=(4, 4, 3), scaleoffset=0), whole)
add("szip", stored(chunks=(4, 4, 3), compression="szip"), whole)
add("the newest version of the format", stored(chunks=(2, 4, 3), maxshape=(None, 4, 3)), whole, libver="latest")
add("a user's block before the file", stored(), whole, userblock_size=1024)


def partly(file):
    x = file.create_dataset("x", (6, 4, 3), "u1", chunks=(2, 4, 3), fillvalue=7)
    x[:2] = grey[:2]
    file["y"] = labels


add("chunks that were never written", partly, split(np.concatenate([grey[:2], np.full((4, 4, 3), 7)]), labels))


def linked(file):
    stored()(file.create_group("kept"))
    file["x"], file["y"] = h5py.SoftLink("/kept/x"), file["kept/y"]
    file["kept/all"] = file["/"]


add("links within the file, and groups in a circle", linked, whole)


def listed(file):
    file["x"] = grey
    kind = h5py.enum_dtype({"ant": 0, "bee": 1, "cow": 2}, basetype="u1")
    file.create_dataset("y", data=labels.astype("u1"), dtype=kind)


add("labels of an enumeration", listed, whole)


# what must be refused
def refuse(name, code, says, write, change=lambda data: data, **how):
    refused.append({"name": name, "code": code, "says": says, "file": packed({"a": change(written(write, **how))})["a"]})


def outside(file):
    file["x"], file["y"] = h5py.ExternalLink("/etc/hostname", "/x"), labels


def around(file):
    file.create_dataset("x", (6, 2, 2), "u1", external=[("/etc/hostname", 0, 24)])


def virtual(file):
    layout = h5py.VirtualLayout((6, 4, 3), "u1")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", (6, 4, 3))
    file.create_virtual_dataset("x", layout)


def circle(file):
    file["x"], file["y"] = h5py.SoftLink("/y"), h5py.SoftLink("/x")


def lists(file):
    x = file.create_dataset("x", (2,), h5py.vlen_dtype(np.uint8))
    x[0], x[1] = [1, 2], [3]


def chunked(shape, chunks, **how):
    def write(file):
        file.create_dataset("x", shape, "u1", chunks=chunks, **how)[0, 0, 0] = 1

    return write


def bomb(file):
    """A chunk of 96 bytes that unpacks to 128 MiB."""
    x, packer = file.create_dataset("x", (8, 4, 3), "u1", chunks=(8, 4, 3), compression="gzip"), zlib.compressobj(9)
    zeros = [packer.compress(bytes(1 << 24)) for _ in range(8)]
    x.id.write_direct_chunk((0, 0, 0), b"".join([*zeros, packer.flush()]))


def many(file):
    for at in range(10):
        file[f"{at}/up"] = file["/"]


fields = np.zeros(3, [("a", "i4"), ("b", "f4")])
refuse("a link to another file", "other-file", "/etc/hostname", outside)
refuse("numbers in another file", "other-file", "/etc/hostname", around)
refuse("a virtual data set", "other-file", "/etc/hostname", virtual)
refuse("links in a circle", "broken-link", "x", circle)
refuse("a text without end", "corrupt-hdf5", "longer than 65536 bytes", pair(x=grey, y=np.array(["a" * 70000] + ["b"] * 5, object)))
refuse("lzf", "unknown-compression", "lzf", stored(compression="lzf"))
refuse("records", "unsupported-dtype", "records of several fields", pair(x=fields))
refuse("lists", "unsupported-dtype", "lists of different lengths", lists)
refuse("references", "unsupported-dtype", "references", lambda f: f.create_dataset("x", data=np.array([f.ref], h5py.ref_dtype)))
refuse("complex numbers", "unsupported-dtype", "x", pair(x=np.zeros((3, 2, 2), "c8")))
refuse("a huge shape", "implausible-shape", "1099511627776", chunked((2**40, 28, 28), (1, 28, 28)))
refuse("huge packed chunks", "chunk-too-large", "in chunks of 400000000 bytes", chunked((1, 20000, 20000), (1, 20000, 20000), compression="gzip"))
refuse("nothing", "unknown-arrays", "no arrays", lambda file: None)
refuse("other names", "unknown-arrays", "weights", pair(weights=grey, bias=labels))
refuse("two groups of the same names", "unknown-arrays", "fold/1/x", pair(fold__1__x=grey, fold__1__y=labels, fold__2__x=grey, fold__2__y=labels))
refuse("groups in circles without end", "too-many-arrays", "more than 2000", many)
refuse("texts for images", "not-images", "texts", pair(x=np.array([b"a", b"b"])))
refuse("a single number", "not-images", "x", pair(x=3))
refuse("no value at all", "not-images", "x", pair(x=h5py.Empty("f4")))
refuse("no image", "empty-dataset", "0 × 4 × 3", pair(x=grey[:0]))
refuse("a MAT-file", "unknown-format", "MATLAB 7.3", stored(), lambda d: b"MATLAB 7.3 MAT-file".ljust(512) + d[512:], userblock_size=512)
refuse("a file that ends early", "truncated-file", "bytes", stored(), lambda data: data[:-100])
refuse("a signature alone", "corrupt-hdf5", "cannot be read as HDF5", stored(), lambda data: data[:8] + bytes(500))

(HERE / "hdf5.json").write_text(json.dumps({"sets": sets, "refused": refused, "bomb": packed({"a": written(bomb)})["a"]}, indent=2) + "\n")
