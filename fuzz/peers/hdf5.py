"""Data sets in HDF5, as h5py writes them."""

import io

import h5py
import numpy as np

from arrays import NAMES, PLAIN, as_images, labels_of, marks_of, numbers, packed, shape_of

GROUPED = [("train/images", "train/labels"), ("train/x", "train/y"), ("data", "label"), ("set/deep/x", "set/deep/y")]


def storage(rng, array):
    """Contiguous, compact or in chunks of any shape, with filters in any combination."""
    if rng.random() < 0.3:
        return {}
    how = {"chunks": tuple(int(rng.integers(1, size + 1)) for size in array.shape)}
    if rng.random() < 0.6:
        how["compression"] = str(rng.choice(["gzip", "szip"]))
        # szip takes whole blocks of pixels
        if how["compression"] == "szip" and (np.prod(how["chunks"]) < 32 or array.dtype.kind == "b"):
            how["compression"] = "gzip"
    how["shuffle"], how["fletcher32"] = bool(rng.random() < 0.4), bool(rng.random() < 0.3)
    # of floats it leaves digits out, and it goes by itself
    if array.dtype.kind in "iu" and rng.random() < 0.2:
        how = {"chunks": how["chunks"], "scaleoffset": 0}
    if rng.random() < 0.2:
        how["maxshape"] = (None, *array.shape[1:])
    return how


def names_of(rng, labels):
    """Labels as texts of a fixed length or of any."""
    texts = np.array([f"ü{label}" for label in labels])
    return np.char.encode(texts, "utf8") if rng.random() < 0.5 else texts.astype(object)


def hdf5(rng):
    array = numbers(rng, shape_of(rng), str(rng.choice(PLAIN)))
    array = array.astype(array.dtype.newbyteorder(">")) if rng.random() < 0.4 else array
    labels = labels_of(rng, len(array))
    images, marks = [*NAMES, *GROUPED][int(rng.integers(len(NAMES) + len(GROUPED)))]
    how, named = storage(rng, array), rng.random() < 0.2
    file_how = {"libver": "latest"} if rng.random() < 0.3 else {}
    file_how |= {"userblock_size": int(rng.choice([512, 1024, 2048]))} if rng.random() < 0.2 else {}
    out = io.BytesIO()
    with h5py.File(out, "w", **file_how) as file:
        file.create_dataset(images, data=array, **how)
        held = names_of(rng, labels) if named else marks_of(rng, labels)
        if rng.random() < 0.2:
            file["apart/kept"] = held
            file[marks] = h5py.SoftLink("/apart/kept")
        else:
            file[marks] = held
        file.attrs["description"] = "made at random"
    name, data = packed(rng, "a.h5", out.getvalue())
    answers = [f"ü{label}" for label in labels] if named else labels
    said = f"{images} {array.dtype.str} {array.shape} {how} {file_how}"
    return {"files": {name: data}, "open": name, "pixels": as_images(array), "labels": answers, "how": said}


KINDS = {"hdf5": hdf5}
