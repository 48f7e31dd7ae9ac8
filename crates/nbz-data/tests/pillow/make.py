"""Makes operations.txt.gz and images.bin.gz: what Pillow makes of some images.

    python3 make.py [FOLDER]

Needs pillow and numpy; made with Pillow 13.0.0. The images are drawn from numpy's PCG64 with seed 0: noise, smooth
slopes, little contrast, few values, one value, and two that are not square. A line of operations.txt is the
image's number, the operation, the index of its magnitude, its sign, and the first 16 hexadecimal digits of the
SHA-256 of the result in the order [3, H, W]. The operations are those of AutoAugment as ZenNAS's training
script has them: bicubic shears and nearest translations with (128, 128, 128) outside, rotation over RGBA.
"""

import gzip
import hashlib
import sys

import numpy
from PIL import Image, ImageEnhance, ImageOps

GREY = (128, 128, 128)
SIZES = [(32, 32)] * 7 + [(20, 12), (9, 31)]
LEVELS = {
    "shear_x": numpy.linspace(0, 0.3, 10), "shear_y": numpy.linspace(0, 0.3, 10),
    "translate_x": numpy.linspace(0, 150 / 331, 10), "translate_y": numpy.linspace(0, 150 / 331, 10),
    "rotate": numpy.linspace(0, 30, 10),
    "color": numpy.linspace(0.0, 0.9, 10), "contrast": numpy.linspace(0.0, 0.9, 10),
    "sharpness": numpy.linspace(0.0, 0.9, 10), "brightness": numpy.linspace(0.0, 0.9, 10),
    "posterize": numpy.round(numpy.linspace(8, 4, 10), 0).astype(int),
    "solarize": numpy.linspace(256, 0, 10),
    "auto_contrast": [0], "equalize": [0], "invert": [0],
}


def rotate(image, degrees):
    turned = image.convert("RGBA").rotate(degrees)
    grey = Image.new("RGBA", turned.size, (128,) * 4)
    return Image.composite(turned, grey, turned).convert("RGB")


def affine(image, matrix, resample):
    return image.transform(image.size, Image.AFFINE, matrix, resample, fillcolor=GREY)


def apply(image, name, level, sign):
    m = level * sign
    width, height = image.size
    return {
        "shear_x": lambda: affine(image, (1, m, 0, 0, 1, 0), Image.BICUBIC),
        "shear_y": lambda: affine(image, (1, 0, 0, m, 1, 0), Image.BICUBIC),
        "translate_x": lambda: affine(image, (1, 0, m * width, 0, 1, 0), Image.NEAREST),
        "translate_y": lambda: affine(image, (1, 0, 0, 0, 1, m * height), Image.NEAREST),
        "rotate": lambda: rotate(image, m),
        "color": lambda: ImageEnhance.Color(image).enhance(1 + m),
        "contrast": lambda: ImageEnhance.Contrast(image).enhance(1 + m),
        "sharpness": lambda: ImageEnhance.Sharpness(image).enhance(1 + m),
        "brightness": lambda: ImageEnhance.Brightness(image).enhance(1 + m),
        "posterize": lambda: ImageOps.posterize(image, int(level)),
        "solarize": lambda: ImageOps.solarize(image, level),
        "auto_contrast": lambda: ImageOps.autocontrast(image),
        "equalize": lambda: ImageOps.equalize(image),
        "invert": lambda: ImageOps.invert(image),
    }[name]()


def images():
    rng = numpy.random.Generator(numpy.random.PCG64(0))
    out = []
    for number, (height, width) in enumerate(SIZES):
        noise = rng.integers(0, 256, (height, width, 3))
        y, x = numpy.mgrid[0:height, 0:width]
        slope = numpy.stack([x * 255 // width, y * 255 // height, (x + y) * 127 // width], 2)
        out.append([noise, slope, (noise + 3 * slope) // 4, 100 + noise // 8, noise // 90 * 90,
                    numpy.full_like(noise, 77), slope // 5 + noise // 2, noise, slope][number])
    return [numpy.clip(i, 0, 255).astype(numpy.uint8) for i in out]


def main(folder):
    lines, raw = [], b""
    for number, pixels in enumerate(images()):
        raw += pixels.transpose(2, 0, 1).tobytes()
        image = Image.fromarray(pixels, "RGB")
        for name, levels in LEVELS.items():
            signed = name not in ("posterize", "solarize", "auto_contrast", "equalize", "invert")
            for index, level in enumerate(levels):
                for sign in (1, -1) if signed else (1,):
                    result = numpy.asarray(apply(image, name, level, sign)).transpose(2, 0, 1)
                    digest = hashlib.sha256(result.tobytes()).hexdigest()[:16]
                    lines.append(f"{number} {name} {index} {sign} {digest}\n")
    for name, content in (("operations.txt", "".join(lines).encode()), ("images.bin", raw)):
        open(f"{folder}/{name}.gz", "wb").write(gzip.compress(content, 9, mtime=0))


main(sys.argv[1] if len(sys.argv) > 1 else ".")
