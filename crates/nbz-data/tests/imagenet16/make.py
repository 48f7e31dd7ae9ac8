"""Makes batch.p3 and batch.p4: a batch in the form of ImageNet-16's release, in two pickle protocols.

    python3 make.py [FOLDER]

Needs numpy; made with numpy 2. Six images with labels 1, 121, 120, 7, 1000, 1 (the release counts from 1), pixel `j`
of image `i` being `(31 i + j) % 256`.
"""

import pickle
import sys

import numpy

folder = sys.argv[1] if len(sys.argv) > 1 else "."
data = (31 * numpy.arange(6)[:, None] + numpy.arange(768)) % 256
entry = {"data": data.astype(numpy.uint8), "labels": [1, 121, 120, 7, 1000, 1],
         "mean": numpy.zeros(768)}
for protocol in (3, 4):
    with open(f"{folder}/batch.p{protocol}", "wb") as out:
        pickle.dump(entry, out, protocol)
