"""Data sets in archives that hold arrays, and labels in files of their own."""

import io
import json
import pickle
import zipfile

import numpy as np

from arrays import labels_of, numbers
from pictures import drawn, saved, size_of, tar_of


def batches(rng):
    """CIFAR's archives, as they are published, of a few images a batch."""
    count, binary = int(rng.integers(1, 4)), bool(rng.random() < 0.5)
    fine = bool(rng.random() < 0.3)
    names = ["train"] if fine else [f"data_batch_{at}" for at in range(1, 6)]
    total = count * len(names)
    rows = rng.integers(0, 256, (total, 3072), dtype=np.uint8)
    # CIFAR-10 has ten classes
    labels = labels_of(rng, min(total, 10))[np.arange(total) % min(total, 10)]
    coarse = rng.integers(0, 20, total)
    files = {}
    for at, name in enumerate(names):
        some = slice(at * count, (at + 1) * count)
        if binary:
            marks = [coarse[some, None], labels[some, None]] if fine else [labels[some, None]]
            files[f"{name}.bin"] = np.concatenate([*(each.astype("u1") for each in marks), rows[some]], 1).tobytes()
        else:
            marks = {b"fine_labels" if fine else b"labels": labels[some].tolist()}
            marks |= {b"coarse_labels": coarse[some].tolist()} if fine else {}
            files[name] = pickle.dumps({b"batch_label": name.encode(), b"data": rows[some], **marks}, int(rng.integers(2, 5)))
    folder = f"cifar-{100 if fine else 10}-{'binary' if binary else 'python'}"
    files = dict(sorted({f"{folder}/{name}": data for name, data in files.items()}.items()))
    ending = str(rng.choice(["tar", "tar.gz"]))
    packed, how = tar_of(rng, files, ending)
    pixels = rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return {"files": packed, "open": f"a.{ending}", "pixels": pixels, "labels": labels, "how": f"{folder} {how} {ending}"}


def labelled(rng):
    """Pictures in one folder, and a file that names each beside its label, or labels in their order."""
    count, size = int(rng.integers(2, 7)), size_of(rng)
    images = [drawn(rng, "RGB", size) for _ in range(count)]
    names = [f"{at:03}.png" for at in range(count)]
    labels = [f"c{mark}" for mark in labels_of(rng, count, 2)]
    files = {name: saved(image, "PNG") for name, image in zip(names, images)}
    pairs = [(names[at], labels[at]) for at in rng.permutation(count)]
    form = str(rng.choice(["csv", "csv, quoted", "object", "records", "pairs"]))
    if form.startswith("csv"):
        quote = '"' if "quoted" in form else ""
        lines = ["file,label", *(f"{quote}{name}{quote},{quote}{label}{quote}" for name, label in pairs)]
        files["labels.csv"] = str(rng.choice(["\n", "\r\n"])).join(lines).encode(str(rng.choice(["utf-8", "utf-8-sig"])))
    else:
        value = {
            "object": dict(pairs),
            "records": [{"file": name, "label": label} for name, label in pairs],
            "pairs": {"labels": [list(pair) for pair in pairs]},
        }[form]
        indent = [None, 2][int(rng.integers(2))]
        files["labels.json"] = json.dumps(value, indent=indent).encode()
    pixels = np.stack([np.asarray(image) for image in images])
    return {"files": files, "pixels": pixels, "labels": labels, "how": f"{form} {pixels.shape}"}


def arrays(rng):
    """A zip of arrays as one packs it by hand: with a comment, or with sizes of 64 bits."""
    count = int(rng.integers(2, 6))
    pixels, labels = numbers(rng, (count, 5, 4), str(rng.choice(["u1", "<u2", "<f4"]))), labels_of(rng, count)
    out, method = io.BytesIO(), [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED][int(rng.integers(2))]
    wide = bool(rng.random() < 0.5)
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, array in (("images.npy", pixels), ("labels.npy", labels.astype("<i8"))):
            member = io.BytesIO()
            np.save(member, array)
            with archive.open(name, "w", force_zip64=wide) as entry:
                entry.write(member.getvalue())
        archive.comment = b"packed by hand" if rng.random() < 0.5 else b""
    return {"files": {"a.zip": out.getvalue()}, "open": "a.zip", "pixels": pixels, "labels": labels, "how": f"{pixels.dtype} {wide}"}


KINDS = {"batches": batches, "labels": labelled, "arrays, zip": arrays}
