"""Data sets in tables: CSV and Parquet."""

import gzip
import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from arrays import labels_of, numbers

COMPRESSIONS = ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]


def csv(rng):
    count, side = int(rng.integers(2, 7)), int(rng.integers(2, 9))
    type = str(rng.choice(["u1", "u2", "i4", "f4", "f8"]))
    array, labels = numbers(rng, (count, side * side), type), labels_of(rng, count)
    headed = rng.random() < 0.7
    if not headed:
        # what looks like labels is taken for them: two classes are told from pixels in any number of rows
        labels = np.arange(count) % 2
    separator = str(rng.choice([",", ";", "\t"]))
    columns = [f"p{at}" for at in range(side * side)]
    # where no name says so the label is first
    last = headed and rng.random() < 0.3
    rows = [[str(label), *map(repr, row.tolist())] for label, row in zip(labels, array)]
    header = [["label", *columns]] if headed else []
    lines = [row[1:] + row[:1] if last else row for row in header + rows]
    if rng.random() < 0.3:
        lines = [[f'"{cell}"' for cell in row] for row in lines]
    end = "\r\n" if rng.random() < 0.5 else "\n"
    encoding = str(rng.choice(["utf-8", "utf-8-sig", "utf-16"]))
    data = end.join(separator.join(row) for row in lines) + (end if rng.random() < 0.7 else "")
    data = data.encode(encoding)
    name, data = ("a.csv.gz", gzip.compress(data, mtime=0)) if rng.random() < 0.2 else ("a.csv", data)
    how = f"{type} {array.shape} {separator!r} {encoding} {'header ' if headed else ''}{'label last' if last else ''}"
    return {"files": {name: data}, "open": name, "pixels": array.reshape(count, side, side), "labels": labels, "how": how}


def encoded(rng, pixels):
    out = io.BytesIO()
    kind = str(rng.choice(["PNG", "BMP", "TIFF"]))
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def parquet(rng):
    count, height, width = (int(rng.integers(low, high)) for low, high in ((2, 8), (2, 9), (2, 9)))
    labels = labels_of(rng, count)
    form = str(rng.choice(["structs", "bytes", "lists", "flat lists", "columns"]))
    colour = form != "columns" and rng.random() < 0.5
    shape = (count, height, width, 3) if colour else (count, height, width)
    if form in ("flat lists", "columns"):
        shape = (count, height, height, *shape[3:])
    type = "u1" if form in ("structs", "bytes") else str(rng.choice(["u1", "i2", "i4", "i8", "f4", "f8"]))
    pixels = numbers(rng, shape, type)
    marks = {"label": labels if rng.random() < 0.5 else [f"c{label}" for label in labels]}
    if form == "structs":
        table = {"image": [{"bytes": encoded(rng, one), "path": f"{at}.png"} for at, one in enumerate(pixels)], **marks}
    elif form == "bytes":
        table = {"img": [encoded(rng, one) for one in pixels], **marks}
    elif form == "lists":
        table = {"image": [one.tolist() for one in pixels], **marks}
    elif form == "flat lists":
        table = {"pixels": [one.ravel().tolist() for one in pixels], **marks}
    else:
        flat = pixels.reshape(count, -1)
        table = {**marks, **{f"pixel{at}": flat[:, at] for at in range(flat.shape[1])}}
    out = io.BytesIO()
    compression = str(rng.choice(COMPRESSIONS))
    pq.write_table(
        pa.table(table),
        out,
        compression=compression,
        row_group_size=int(rng.integers(1, count + 1)),
        use_dictionary=bool(rng.random() < 0.5),
        data_page_version=str(rng.choice(["1.0", "2.0"])),
    )
    how = f"{form} {type} {shape} {compression}"
    return {"files": {"a.parquet": out.getvalue()}, "open": "a.parquet", "pixels": pixels, "labels": marks["label"], "how": how}


KINDS = {"csv": csv, "parquet": parquet}
