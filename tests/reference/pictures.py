"""Writes pictures.json: small picture files made by other software, and their pixels as it reads them.

Run with Pillow 13, NumPy 2, tifffile, imagecodecs and pydicom 3: python tests/reference/pictures.py

Pixels are those of Pillow, upright and without alpha, as grey where Pillow has one channel and else as RGB;
of 16-bit files those of tifffile; of DICOM files pydicom's pixel_array. They are little-endian and deflated.
"""

import base64
import io
import json
import pathlib
import zlib

import imagecodecs
import numpy as np
import pydicom
import tifffile
from PIL import Image, ImageOps
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

rows, columns = np.mgrid[0:13, 0:19]
pixels = np.stack([(columns * 13 + rows * k * 7) % 256 for k in (1, 2, 3)], -1).astype(np.uint8)
pixels[::3] ^= np.random.default_rng(0).integers(0, 64, pixels[::3].shape, dtype=np.uint8)
colour = Image.fromarray(pixels)
grey = colour.convert("L")
alpha = ((columns * 29 + rows * 17) % 256).astype(np.uint8)
clear = Image.fromarray(np.dstack([pixels, alpha]))
grey16 = (rows * 4000 + columns * 77).astype(np.uint16)
rgb16 = np.stack([grey16, grey16[::-1], grey16[:, ::-1]], -1)


def saved(image, kind="JPEG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def turned(orientation, kind="JPEG", **options):
    exif = Image.Exif()
    exif[274] = orientation
    return saved(colour, kind, exif=exif, **options)


def tiff(array, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, array, metadata=None, software=False, **options)
    return out.getvalue()


def read(data):
    image = Image.open(io.BytesIO(data))
    image = ImageOps.exif_transpose(image)
    if image.mode == "P" and all(a == b == c for a, b, c in zip(*[iter(image.getpalette())] * 3)):
        image = image.convert("L")
    if image.mode in ("L", "1", "LA"):
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert("RGBA" if image.mode == "RGBA" else "RGB"))[..., :3]


def dicom(stored, bits, syntax=ExplicitVRLittleEndian, photometric="MONOCHROME2", **more):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    meta.TransferSyntaxUID = syntax
    data = FileDataset("x", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, "1.2.3.4"
    data.Rows, data.Columns = stored.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, photometric
    data.BitsAllocated, data.BitsStored, data.HighBit = stored.itemsize * 8, bits, bits - 1
    data.PixelRepresentation = int(stored.dtype.kind == "i")
    for name, value in more.items():
        setattr(data, name, value)
    data.PixelData = stored.tobytes() + b"\0" * (stored.nbytes % 2)
    out = io.BytesIO()
    pydicom.dcmwrite(out, data, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=True)
    return out.getvalue()


plain = saved(colour, quality=50)
thumbnail = b"Exif\0\0" + saved(colour.resize((8, 6)))
segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
frames = [colour.quantize(8), Image.fromarray(pixels[::-1]).quantize(8)]

files = {
    "baseline.jpg": plain,
    "fine.jpg": saved(colour, quality=98, subsampling=0),
    "coarse.jpg": saved(colour, quality=1),
    "4-2-2.jpg": saved(colour, subsampling=1),
    "optimised.jpg": saved(colour, optimize=True),
    "progressive.jpg": saved(colour, progressive=True),
    "progressive-fine.jpg": saved(colour, progressive=True, quality=98, subsampling=0),
    "restart-1.jpg": saved(colour, restart_marker_blocks=1),
    "restart-rows.jpg": saved(colour, restart_marker_rows=1),
    "restart-progressive.jpg": saved(colour, restart_marker_blocks=1, progressive=True),
    "cmyk.jpg": saved(colour.convert("CMYK")),
    "cmyk-progressive.jpg": saved(colour.convert("CMYK"), progressive=True),
    "ycck.jpg": imagecodecs.jpeg8_encode(
        255 - np.asarray(colour.convert("CMYK")), level=95, colorspace="CMYK", outcolorspace="YCCK"
    ),
    "profile.jpg": saved(colour, icc_profile=b"not a profile, but kept apart from the colours"),
    "grey.jpg": saved(grey),
    "grey-progressive.jpg": saved(grey, progressive=True),
    "thumbnail.jpg": plain[:2] + segment + plain[2:],
    "trailing.jpg": plain + b"more\xff\xd8\xff",
    "filled.jpg": plain[:-2] + b"\xff\xff\xff" + plain[-2:],
    **{f"turned-{o}.jpg": turned(o) for o in range(1, 9)},
    "turned-6.png": turned(6, "PNG"),
    "turned-8.webp": turned(8, "WEBP", lossless=True),
    "turned-5.tif": saved(colour, "TIFF", tiffinfo={274: 5}),
    "lossy.webp": saved(colour, "WEBP"),
    "lossless.webp": saved(colour, "WEBP", lossless=True),
    "alpha.webp": saved(clear, "WEBP", lossless=True, exact=True),
    "alpha.png": saved(clear, "PNG"),
    "colour.bmp": saved(colour, "BMP"),
    "grey.bmp": saved(grey, "BMP"),
    "bits.bmp": saved(grey.convert("1"), "BMP"),
    "palette.bmp": saved(colour.quantize(16), "BMP"),
    "palette.gif": saved(colour.quantize(200), "GIF"),
    "interlaced.gif": saved(colour.quantize(16), "GIF", interlace=1),
    "grey.gif": saved(grey, "GIF"),
    "frames.gif": saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100),
    "transparent.gif": saved(colour.quantize(15), "GIF", transparency=3),
    "bits.tif": saved(grey.convert("1"), "TIFF", compression="group4"),
    "planar.tif": tiff(
        np.moveaxis(pixels, -1, 0), photometric="rgb", planarconfig="separate"
    ),
    "white-is-zero.tif": tiff(pixels[..., 0], photometric="miniswhite"),
    "alpha.tif": tiff(np.asarray(clear), photometric="rgb", extrasamples=["unassalpha"]),
    "predicted.tif": tiff(pixels, photometric="rgb", compression="lzw", predictor=True),
    "fine.avif": saved(colour, "AVIF", quality=100, subsampling="4:4:4"),
}
arrays = {"grey8": pixels[..., 0], "rgb8": pixels, "grey16": grey16, "rgb16": rgb16}
wide = {}
for name, array in arrays.items():
    photometric = "rgb" if array.ndim == 3 else "minisblack"
    for compression in (None, "lzw", "zlib", "packbits"):
        for part in ({"rowsperstrip": 4}, {"tile": (16, 16)}):
            kind = f"{name}-{compression or 'plain'}-{'tiles' if 'tile' in part else 'strips'}.tif"
            files[kind] = tiff(array, photometric=photometric, compression=compression, **part)
            if array.dtype == np.uint16:
                wide[kind] = array
files["grey16-big-endian.tif"] = tiff(grey16, byteorder=">")
files["grey16-predicted.tif"] = tiff(grey16, compression="zlib", predictor=True)
files["grey16.png"] = imagecodecs.png_encode(grey16)
files["rgb16.png"] = imagecodecs.png_encode(rgb16)
wide |= {"grey16-big-endian.tif": grey16, "grey16-predicted.tif": grey16}
wide |= {"grey16.png": grey16, "rgb16.png": rgb16}

floats = (grey16 / 7 - 3000).astype(np.float32)
signed16 = (grey16.astype(np.int32) - 20000).astype(np.int16)
rare = {
    "float32.tif": (floats, {}),
    "float32-big-endian.tif": (floats, {"byteorder": ">"}),
    "float32-predicted.tif": (floats, {"compression": "zlib", "predictor": 3}),
    "float32-rgb.tif": (np.stack([floats, floats[::-1], floats / 3], -1), {"photometric": "rgb"}),
    "float16.tif": (floats.astype(np.float16), {"rowsperstrip": 4}),
    "float64.tif": (floats.astype(np.float64) / 3, {"compression": "lzw"}),
    "int8.tif": (signed16.astype(np.int8), {}),
    "int16.tif": (signed16, {"tile": (16, 16)}),
    "int16-predicted.tif": (signed16, {"compression": "lzw", "predictor": 2}),
    "int32.tif": (signed16.astype(np.int32) * 4099, {"compression": "packbits"}),
    "uint32.tif": (grey16.astype(np.uint32) * 65537, {}),
    "big-grey8.tif": (pixels[..., 0], {"bigtiff": True, "tile": (16, 16), "compression": "zlib"}),
    "big-rgb16.tif": (rgb16, {"bigtiff": True, "photometric": "rgb", "rowsperstrip": 5}),
    "apart-tiles.tif": (rgb16, {"planar": True, "compression": "lzw", "tile": (16, 16)}),
    "big-planar.tif": (rgb16, {"bigtiff": True, "planar": True, "compression": "lzw"}),
    "tiles-predicted-big-endian.tif": (
        rgb16,
        {"photometric": "rgb", "byteorder": ">", "compression": "lzw", "predictor": 2, "tile": (16, 16)},
    ),
    "apart-predicted-big-endian.tif": (
        rgb16, {"planar": True, "byteorder": ">", "compression": "zlib", "predictor": 2, "rowsperstrip": 4}
    ),
    "int32-predicted-big-endian.tif": (
        signed16.astype(np.int32) * 4099, {"byteorder": ">", "compression": "zlib", "predictor": 2}
    ),
    "float32-predicted-big-endian.tif": (
        np.stack([floats, floats[::-1], floats / 3], -1),
        {"photometric": "rgb", "byteorder": ">", "compression": "lzw", "predictor": 3, "tile": (16, 16)},
    ),
    "float64-predicted-big-endian.tif": (
        floats.astype(np.float64) / 3, {"byteorder": ">", "compression": "zlib", "predictor": 3}
    ),
    "float16-predicted.tif": (
        floats.astype(np.float16), {"compression": "zlib", "predictor": 3, "rowsperstrip": 4}
    ),
    "big-float32.tif": (floats, {"bigtiff": True, "byteorder": ">", "compression": "zlib"}),
}
for name, (array, how) in rare.items():
    how = dict(how)
    if how.pop("planar", False):
        how |= {"photometric": "rgb", "planarconfig": "separate"}
        files[name] = tiff(np.ascontiguousarray(np.moveaxis(array, -1, 0)), **how)
    else:
        files[name] = tiff(array, **{"photometric": "minisblack", **how})
    wide[name] = array
files["grey-alpha.tif"] = saved(Image.merge("LA", (grey, Image.fromarray(alpha))), "TIFF", compression="tiff_lzw")
wide["grey-alpha.tif"] = np.asarray(grey)
# a whole tile at the end of which Rust's tiff crate misses the end code
flat = (sum(np.mgrid[0:16, 0:7]) * 7).astype(np.uint8)
files["flat-lzw-tiles.tif"] = tiff(flat, photometric="minisblack", compression="lzw", tile=(16, 16))
wide["flat-lzw-tiles.tif"] = flat
files["palette.tif"] = saved(colour.quantize(200), "TIFF", compression="tiff_lzw")
files["grey-palette.tif"] = tiff(
    pixels[..., 0], photometric="palette", colormap=np.tile(np.arange(256, dtype=np.uint16) * 257, (3, 1))
)
files["big-palette.tif"] = tiff(
    np.asarray(colour.quantize(200)),
    photometric="palette",
    colormap=np.arange(768, dtype=np.uint16).reshape(3, 256)[:, ::-1] * 85,
    bigtiff=True,
)

twelve = (grey16 % 4096).astype(np.uint16)
signed = (grey16.astype(np.int32) - 20000).astype(np.int16)
wide_dicom = {
    "eight.dcm": dicom(pixels[..., 0], 8),
    "eight-implicit.dcm": dicom(pixels[..., 0], 8, ImplicitVRLittleEndian),
    "twelve.dcm": dicom(twelve, 12),
    "twelve-implicit.dcm": dicom(twelve, 12, ImplicitVRLittleEndian),
    "sixteen.dcm": dicom(grey16, 16),
    "signed.dcm": dicom(signed, 16),
    "signed-twelve.dcm": dicom((signed % 4096 - 2048).astype(np.int16), 12),
    "inverted.dcm": dicom(twelve, 12, photometric="MONOCHROME1"),
    "rescaled.dcm": dicom(twelve, 12, RescaleSlope="1.5", RescaleIntercept="-1024"),
}
for name, data in wide_dicom.items():
    files[name] = data
    wide[name] = pydicom.dcmread(io.BytesIO(data)).pixel_array

out = []
for name, data in files.items():
    found = wide[name] if name in wide else read(data)
    if found.dtype == np.float16:
        found = found.astype(np.float32)
    out.append(
        {
            "name": name,
            "height": found.shape[0],
            "width": found.shape[1],
            "channels": 3 if found.ndim == 3 else 1,
            "type": str(found.dtype),
            "file": base64.b64encode(data).decode(),
            "pixels": base64.b64encode(zlib.compress(np.ascontiguousarray(found).tobytes(), 9)).decode(),
        }
    )
path = pathlib.Path(__file__).with_name("pictures.json")
path.write_text(json.dumps(out, indent=2) + "\n")


def deflated(image):
    return base64.b64encode(zlib.compress(np.asarray(image).tobytes(), 9)).decode()


# What Pillow makes of one picture: resized, padded, composited.
made = {"file": base64.b64encode(saved(clear, "PNG")).decode(), "sizes": [], "backgrounds": {}}
for height, width in ((13, 19), (5, 7), (28, 28), (40, 10), (1, 1), (13, 8)):
    size = (width, height)
    stretched = colour.resize(size, Image.Resampling.BILINEAR)
    padded = ImageOps.pad(colour, size, Image.Resampling.BILINEAR)
    wide = Image.fromarray(grey16.astype(np.float32)).resize(size, Image.Resampling.BILINEAR)
    made["sizes"].append(
        {
            "height": height,
            "width": width,
            "stretch": deflated(stretched),
            "pad": deflated(padded),
            "stretch16": deflated(np.asarray(wide).astype("<f4")),
        }
    )
for background in ("black", "white"):
    behind = Image.new("RGBA", clear.size, background)
    made["backgrounds"][background] = deflated(Image.alpha_composite(behind, clear).convert("RGB"))
path.with_name("picture-options.json").write_text(json.dumps(made, indent=2) + "\n")
