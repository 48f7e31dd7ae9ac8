"""Image files of every kind with the bytes that Pillow finds in them, and NumPy's arrays of the same images.

Run in this folder: python make.py (Pillow 13.0.0, NumPy 2.4.6). NAME.rgb is `Image.convert("RGB")` as
[3, height, width].
"""

import numpy as np
from PIL import Image

HEIGHT, WIDTH = 10, 10

y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
rgb = np.stack([25 * x, 25 * y, 128 + 10 * ((x + y) % 3)], axis=2).astype(np.uint8)
alpha = (25 * ((x + y) % 10)).astype(np.uint8)
colour = Image.fromarray(rgb)
grey = Image.fromarray((12 * (x + y)).astype(np.uint8))


def keep(name, image, **options):
    image.save(name, **options)
    with Image.open(name) as read:
        planes = np.asarray(read.convert("RGB")).transpose(2, 0, 1)
    with open(f"{name.split('.')[0]}.rgb", "wb") as file:
        file.write(planes.tobytes())


keep("rgb.png", colour)
keep("rgba.png", Image.fromarray(np.dstack([rgb, alpha])))
keep("grey.png", grey)
keep("grey_alpha.png", Image.merge("LA", [grey, Image.fromarray(alpha)]))
keep("bits.png", Image.fromarray(((x + y) % 2 == 0)))
keep("palette.png", colour.quantize(16))
keep("palette_transparent.png", colour.quantize(16), transparency=3)
keep("baseline.jpg", colour, quality=92, subsampling=0)
keep("progressive.jpg", colour, quality=92, subsampling=0, progressive=True)
keep("subsampled.jpg", colour, quality=92, subsampling=2)
keep("grey_lossy.jpeg", grey, quality=92)
keep("cmyk.jpg", colour.convert("CMYK"), quality=92, subsampling=0)

# The same three images both ways round, and labels as NumPy makes them.
images = np.stack([rgb, rgb[::-1], rgb[:, ::-1]])
np.save("by_pixel.npy", images)
np.save("by_plane.npy", np.ascontiguousarray(images.transpose(0, 3, 1, 2)))
np.save("labels.npy", np.array([0, 1, 1]))
