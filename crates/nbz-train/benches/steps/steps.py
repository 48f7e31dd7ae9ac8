"""Trains a network in PyTorch for a while, as often as a line of standard input says so.

Needs torch (CPU) and numpy. The first line is {"graph", "layout", "threads", "batch", "crop_flip"}, each further one
{"seconds"}, which is answered by {"steps", "seconds"}. A step is what a step of nbzero's is: a batch is taken, cropped
and mirrored if so asked, normalised, and the weights move by SGD with Nesterov's momentum and decay.
"""

import json
import pathlib
import sys
import time

import numpy
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "examples"))
from pytorch_train import DEVIATION, MEAN, Network, crop_flip

settings = json.loads(sys.stdin.readline())
torch.set_num_threads(settings["threads"])
torch.manual_seed(0)
layout = torch.channels_last if settings["layout"] == "channels_last" else torch.contiguous_format
net = Network(settings["graph"]).to(memory_format=layout).train()
decayed = [p for p in net.parameters() if p.dim() > 1]
plain = [p for p in net.parameters() if p.dim() == 1]
optimiser = torch.optim.SGD([{"params": decayed, "weight_decay": 5e-4}, {"params": plain, "weight_decay": 0.0}],
                            lr=1e-3, momentum=0.9, nesterov=True)
images = torch.randint(0, 256, (4096, 3, 32, 32), dtype=torch.uint8)
labels = torch.randint(0, 10, (4096,))
mean, deviation = (torch.tensor(t).view(1, 3, 1, 1) for t in (MEAN, DEVIATION))
rng, order = numpy.random.default_rng(0), torch.randperm(4096)


def step(number):
    at = number * settings["batch"] % (4096 - settings["batch"])
    chosen = order[at:at + settings["batch"]]
    batch = crop_flip(images[chosen], rng) if settings["crop_flip"] else images[chosen]
    batch = ((batch.float() / 255 - mean) / deviation).contiguous(memory_format=layout)
    optimiser.zero_grad()
    F.cross_entropy(net(batch), labels[chosen]).backward()
    optimiser.step()


step(0)
for line in sys.stdin:
    begin, steps = time.perf_counter(), 0
    while time.perf_counter() - begin < json.loads(line)["seconds"]:
        steps += 1
        step(steps)
    print(json.dumps({"steps": steps, "seconds": time.perf_counter() - begin}), flush=True)
