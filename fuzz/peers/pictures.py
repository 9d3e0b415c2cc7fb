"""Data sets of picture files, in folders and archives. Their pixels are those of Pillow, upright, with alpha
dropped; of 16 bits, floats and signed numbers those of the array that was written, or pydicom's."""

import io
import tarfile
import zipfile

import imagecodecs
import numpy as np
import pydicom
import tifffile
from PIL import Image, ImageOps
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from arrays import labels_of, numbers


def size_of(rng):
    return int(rng.integers(1, 25)), int(rng.integers(1, 25))


def drawn(rng, mode, size=None):
    """Noise, or a smooth picture: they are packed in different ways."""
    height, width = size or size_of(rng)
    channels = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}[mode]
    if rng.random() < 0.5:
        pixels = rng.integers(0, 256, (height, width, channels), dtype=np.uint8)
    else:
        rows, columns = np.mgrid[0:height, 0:width]
        slopes = rng.uniform(-9, 9, (2, channels))
        pixels = (rows[..., None] * slopes[0] + columns[..., None] * slopes[1] + 128).clip(0, 255).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if channels == 1 else pixels, mode)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def read(data):
    """As Pillow reads it; grey where it has one channel, or a palette of greys."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode == "P" and all(a == b == c for a, b, c in zip(*[iter(image.getpalette())] * 3)):
        image = image.convert("L")
    if image.mode == "P" and "transparency" in image.info:
        return np.asarray(image.convert("RGBA"))[..., :3]
    if image.mode == "LA":
        return np.asarray(image)[..., 0]
    if image.mode in ("L", "1"):
        return np.asarray(image.convert("L"))
    return np.asarray(image if image.mode == "RGBA" else image.convert("RGB"))[..., :3]


def alone(name, data, how, pixels=None, tolerance=0):
    pixels = read(data) if pixels is None else pixels
    return {"files": {f"a/{name}": data}, "pixels": pixels[None], "how": how, "tolerance": tolerance}


def png(rng):
    mode = str(rng.choice(["1", "L", "LA", "P", "RGB", "RGBA", "16", "48"]))
    options = {"optimize": bool(rng.random() < 0.3), "compress_level": int(rng.integers(10))}
    if mode in ("16", "48"):
        height, width = size_of(rng)
        pixels = numbers(rng, (height, width, 3) if mode == "48" else (height, width), "u2")
        return alone("a.png", imagecodecs.png_encode(pixels), f"{mode} bits", pixels)
    image = drawn(rng, "RGB" if mode == "P" else "L" if mode == "1" else mode)
    if mode == "1":
        image = image.convert("1")
    if mode == "P":
        image = image.quantize(int(rng.integers(2, 257)))
        if rng.random() < 0.3:
            options["transparency"] = int(rng.integers(2))
    return alone("a.png", saved(image, "PNG", **options), f"{mode} {image.size} {options}")


def jpeg(rng):
    mode = str(rng.choice(["L", "RGB", "CMYK"]))
    image = drawn(rng, mode)
    options = {
        "quality": int(rng.integers(1, 101)),
        "progressive": bool(rng.random() < 0.4),
        "optimize": bool(rng.random() < 0.3),
    }
    if mode == "RGB":
        options["subsampling"] = int(rng.integers(3))
    if rng.random() < 0.3:
        options["restart_marker_blocks"] = int(rng.integers(1, 5))
    said = dict(options)
    if rng.random() < 0.4:
        exif = Image.Exif()
        exif[274] = said["orientation"] = int(rng.integers(1, 9))
        options["exif"] = exif
    return alone("a.jpg", saved(image, "JPEG", **options), f"{mode} {image.size} {said}", tolerance=2)


def webp(rng):
    mode = str(rng.choice(["RGB", "RGBA"]))
    options = {"lossless": bool(rng.random() < 0.6), "quality": int(rng.integers(101)), "method": int(rng.integers(7))}
    options["exact"] = True
    image = drawn(rng, mode)
    return alone("a.webp", saved(image, "WEBP", **options), f"{mode} {image.size} {options}")


def avif(rng):
    """Lossless as RGB exactly; else within what rounding from YUV gives: 2 levels, 3 where chroma is halved."""
    mode = str(rng.choice(["identity", "L", "4:4:4", "4:2:2", "4:2:0", "RGBA"]))
    height, width = size_of(rng)
    if mode in ("4:2:2", "4:2:0"):
        # in the last column of an odd width the app's decoder interpolates chroma in another way
        height, width = height + height % 2, width + width % 2
    image = drawn(rng, mode if mode in ("L", "RGBA") else "RGB", (height, width))
    if mode == "identity":
        data = imagecodecs.avif_encode(np.asarray(image), level=100, pixelformat="yuv444", matrix=0)
        return alone("a.avif", data, f"{mode} {image.size}", np.asarray(image))
    options = {
        "quality": int(rng.integers(20, 101)),
        "range": str(rng.choice(["full", "limited"])),
        "subsampling": {"L": "4:0:0", "RGBA": "4:4:4"}.get(mode, mode),
    }
    data = saved(image, "AVIF", **options)
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))[..., :3]
    return alone("a.avif", data, f"{mode} {image.size} {options}", pixels, 3 if "2" in mode else 2)


def gif(rng):
    image = drawn(rng, "RGB").quantize(int(rng.integers(2, 257))) if rng.random() < 0.7 else drawn(rng, "L")
    options = {"interlace": int(rng.random() < 0.5)}
    if image.mode == "P" and rng.random() < 0.3:
        options["transparency"] = int(rng.integers(2))
    said = dict(options)
    if rng.random() < 0.2:
        said["frames"] = 2
        options |= {"save_all": True, "append_images": [image.transpose(Image.Transpose.ROTATE_180)]}
    return alone("a.gif", saved(image, "GIF", **options), f"{image.mode} {image.size} {said}")


def bmp(rng):
    mode = str(rng.choice(["1", "L", "P", "RGB", "RGBA"]))
    image = drawn(rng, {"1": "L", "P": "RGB"}.get(mode, mode))
    image = image.convert("1") if mode == "1" else image.quantize(int(rng.integers(2, 257))) if mode == "P" else image
    return alone("a.bmp", saved(image, "BMP"), f"{mode} {image.size}")


def tiff_by_pillow(rng):
    mode = str(rng.choice(["1", "L", "LA", "P", "RGB", "RGBA"]))
    image = drawn(rng, {"1": "L", "P": "RGB"}.get(mode, mode))
    image = image.convert("1") if mode == "1" else image.quantize(int(rng.integers(2, 257))) if mode == "P" else image
    compressions = [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"] + (["group4"] if mode == "1" else [])
    compression = compressions[int(rng.integers(len(compressions)))]
    data = saved(image, "TIFF", compression=compression)
    return alone("a.tif", data, f"Pillow {mode} {image.size} {compression}")


def tiff(rng):
    if rng.random() < 0.4:
        return tiff_by_pillow(rng)
    type = str(rng.choice(["u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8"]))
    height, width = size_of(rng)
    colour = rng.random() < 0.4
    pixels = numbers(rng, (height, width, 3) if colour else (height, width), type)
    big = rng.random() < 0.3
    order = ">" if rng.random() < 0.3 else "<"
    options = {
        "photometric": "rgb" if colour else "minisblack",
        "compression": [None, "lzw", "zlib", "packbits"][int(rng.integers(4))],
        "byteorder": order,
        "bigtiff": bool(big),
    }
    options |= {"tile": (16, 16)} if rng.random() < 0.4 else {"rowsperstrip": int(rng.integers(1, height + 1))}
    read_by_us = order == "<" or type in ("u1", "i1")
    if options["compression"] in ("lzw", "zlib") and read_by_us and rng.random() < 0.5:
        options["predictor"] = 3 if type[0] == "f" else 2
    written = pixels
    if colour and rng.random() < 0.4:
        options["planarconfig"], written = "separate", np.ascontiguousarray(np.moveaxis(pixels, -1, 0))
    out = io.BytesIO()
    tifffile.imwrite(out, written, metadata=None, software=False, **options)
    # as they are kept
    kept = pixels.astype("f4") if type in ("u4", "i4", "f8") else pixels
    return alone("a.tif", out.getvalue(), f"{type} {pixels.shape} {options}", kept)


def dicom(rng):
    syntax = [ExplicitVRLittleEndian, ImplicitVRLittleEndian][int(rng.integers(2))]
    type = str(rng.choice(["u1", "u2", "i2"]))
    bits = 8 if type == "u1" else int(rng.integers(9, 17))
    height, width = size_of(rng)
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if type == "i2" else (0, 2**bits)
    stored = rng.integers(low, high, (height, width)).astype(type)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    meta.TransferSyntaxUID = syntax
    data = FileDataset("x", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, "1.2.3.4"
    data.Rows, data.Columns = stored.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit = stored.itemsize * 8, bits, bits - 1
    data.PixelRepresentation = int(type == "i2")
    data.PixelData = stored.tobytes() + b"\0" * (stored.nbytes % 2)
    out = io.BytesIO()
    pydicom.dcmwrite(out, data, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=True)
    found = pydicom.dcmread(io.BytesIO(out.getvalue())).pixel_array
    return alone("a.dcm", out.getvalue(), f"{type} {bits} bits {stored.shape} {syntax.name}", found)


def several(rng):
    """Pictures of one size by class: their names, files, pixels and labels."""
    count, size = int(rng.integers(2, 6)), size_of(rng)
    mode = str(rng.choice(["L", "RGB"]))
    images = [drawn(rng, mode, size) for _ in range(count)]
    # one class alone would be a folder around all pictures, which names nothing
    labels = np.sort(labels_of(rng, count, 2))
    files = {
        f"class {label}/{at}.{kind.lower()}": saved(image, kind)
        for at, (image, label) in enumerate(zip(images, labels))
        for kind in [str(rng.choice(["PNG", "BMP", "TIFF"]))]
    }
    return files, np.stack([np.asarray(image) for image in images]), [f"class {label}" for label in labels]


def folder(rng):
    files, pixels, labels = several(rng)
    return {"files": files, "pixels": pixels, "labels": labels, "how": f"{pixels.shape}"}


def zipped(rng):
    files, pixels, labels = several(rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if rng.random() < 0.5 else zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(f"set/{name}", data)
    return {"files": {"a.zip": out.getvalue()}, "open": "a.zip", "pixels": pixels, "labels": labels, "how": f"{pixels.shape}"}


def tar_of(rng, files, ending):
    out = io.BytesIO()
    format = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT][int(rng.integers(3))]
    with tarfile.open(fileobj=out, mode="w:gz" if ending != "tar" else "w", format=format) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return {f"a.{ending}": out.getvalue()}, f"format {format}"


def tarred(rng):
    files, pixels, labels = several(rng)
    ending = str(rng.choice(["tar", "tar.gz", "tgz"]))
    # names beyond a header's 100 bytes are written in three ways
    long = "x" * int(rng.integers(1, 140)) + "/" if rng.random() < 0.5 else ""
    if long and len(long) > 90:
        long = f"{long[:60]}/{long[60:]}"
    packed, how = tar_of(rng, {f"{long}{name}": data for name, data in files.items()}, ending)
    return {"files": packed, "open": f"a.{ending}", "pixels": pixels, "labels": labels, "how": f"{how} {ending} {pixels.shape}"}


def webdataset(rng):
    files, pixels, labels = several(rng)
    members = {}
    for at, (name, data) in enumerate(files.items()):
        members[f"{at:06}.{name.rsplit('.')[-1]}"] = data
        members[f"{at:06}.cls"] = labels[at].encode()
    packed, how = tar_of(rng, members, "tar")
    return {"files": packed, "open": "a.tar", "pixels": pixels, "labels": labels, "how": f"{how} {pixels.shape}"}


KINDS = {
    **{"png": png, "jpeg": jpeg, "webp": webp, "gif": gif, "bmp": bmp, "avif": avif, "tiff": tiff, "dicom": dicom},
    **{"folder": folder, "zip": zipped, "tar": tarred, "webdataset": webdataset},
}
