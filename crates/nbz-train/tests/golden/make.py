"""Makes steps.safetensors: twenty training steps of three small networks in PyTorch.

    python3 make.py [OUTPUT.safetensors.gz]

Needs torch (CPU), numpy and safetensors. Everything is drawn from numpy's PCG64 with fixed seeds. In double
precision: the loss of each step, then weights, running statistics and velocities after the last, and the
class that the trained network gives every image. In single precision the same twenty steps are run with 1
and 2 threads, NCHW and channels_last, with oneDNN and without; the largest distance between two of these
runs is PyTorch's spread against itself, |a - b| / |b| over all numbers of a kind together.
"""

import copy
import gzip
import math
import sys

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.numpy import save

STEPS, BATCH, SIDE, CLASSES = 20, 12, 8, 5
RATE, MOMENTUM, DECAY, WARM_UP = 0.1, 0.9, 5e-4, 5
KINDS = ["loss", "weight", "running", "velocity"]


def conv(i, o, k, s=1, g=1):
    return nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False)


class Basic(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.conv0, self.bn0 = conv(3, w, 3), nn.BatchNorm2d(w)
        self.conv1, self.bn1 = conv(w, 2 * w, 3, 2), nn.BatchNorm2d(2 * w)
        self.conv2, self.bn2 = conv(2 * w, 2 * w, 3), nn.BatchNorm2d(2 * w)
        self.shortcut, self.shortcut_bn = conv(w, 2 * w, 1, 2), nn.BatchNorm2d(2 * w)
        self.fc = nn.Linear(2 * w, CLASSES)

    def forward(self, x):
        x = F.relu(self.bn0(self.conv0(x)))
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y)) + self.shortcut_bn(self.shortcut(x))
        return self.fc(F.relu(y).mean((2, 3)))


class Bottleneck(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.conv0, self.bn0 = conv(3, w, 3), nn.BatchNorm2d(w)
        self.conv1, self.bn1 = conv(w, w // 4, 1), nn.BatchNorm2d(w // 4)
        self.conv2, self.bn2 = conv(w // 4, w // 4, 3), nn.BatchNorm2d(w // 4)
        self.conv3, self.bn3 = conv(w // 4, w, 1), nn.BatchNorm2d(w)
        self.fc = nn.Linear(w, CLASSES)

    def forward(self, x):
        x = F.relu(self.bn0(self.conv0(x)))
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return self.fc(F.relu(self.bn3(self.conv3(y)) + x).mean((2, 3)))


class Inverted(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.conv0, self.bn0 = conv(3, w, 3), nn.BatchNorm2d(w)
        self.expand, self.bn1 = conv(w, 3 * w, 1), nn.BatchNorm2d(3 * w)
        self.depthwise, self.bn2 = conv(3 * w, 3 * w, 3, 1, 3 * w), nn.BatchNorm2d(3 * w)
        self.project, self.bn3 = conv(3 * w, w, 1), nn.BatchNorm2d(w)
        self.fc = nn.Linear(w, CLASSES)

    def forward(self, x):
        x = F.relu(self.bn0(self.conv0(x)))
        y = F.relu(self.bn1(self.expand(x)))
        y = F.relu(self.bn2(self.depthwise(y)))
        return self.fc((self.bn3(self.project(y)) + x).mean((2, 3)))


NETWORKS = {"basic": lambda: Basic(8), "bottleneck": lambda: Bottleneck(24),
            "inverted": lambda: Inverted(12)}


def rates():
    rates = []
    for step in range(STEPS):
        if step < WARM_UP:
            rates.append(RATE * (step + 1) / WARM_UP)
        else:
            share = (step - WARM_UP) / (STEPS - WARM_UP)
            rates.append(RATE * 0.5 * (1 + math.cos(math.pi * share)))
    return rates


def train(network, images, targets, dtype, layout):
    network = copy.deepcopy(network).to(dtype).to(memory_format=layout).train()
    decayed = [p for p in network.parameters() if p.dim() > 1]
    plain = [p for p in network.parameters() if p.dim() == 1]
    optimiser = torch.optim.SGD(
        [{"params": decayed, "weight_decay": DECAY}, {"params": plain, "weight_decay": 0.0}],
        lr=RATE, momentum=MOMENTUM, nesterov=True)
    losses = []
    for step, rate in enumerate(rates()):
        for group in optimiser.param_groups:
            group["lr"] = rate
        x = images[step].to(dtype).contiguous(memory_format=layout)
        loss = F.cross_entropy(network(x), targets[step].to(dtype))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    network.eval()
    with torch.no_grad():
        classes = [network(x.to(dtype).contiguous(memory_format=layout)).argmax(1) for x in images]
    state = {n: t.double().contiguous().numpy() for n, t in network.state_dict().items()
             if not n.endswith("num_batches_tracked")}
    velocity = {n: optimiser.state[p]["momentum_buffer"].double().contiguous().numpy()
                for n, p in network.named_parameters()}
    return {"loss": {"": numpy.array(losses)},
            "weight": {n: t for n, t in state.items() if "running" not in n},
            "running": {n: t for n, t in state.items() if "running" in n},
            "velocity": velocity,
            "classes": torch.stack(classes).to(torch.uint8).numpy()}


def distance(a, b, kind):
    names = sorted(b[kind])
    join = lambda run: numpy.concatenate([run[kind][n].ravel() for n in names])
    return numpy.linalg.norm(join(a) - join(b)) / numpy.linalg.norm(join(b))


def main(path):
    rng = numpy.random.Generator(numpy.random.PCG64(0))
    pixels = rng.integers(0, 256, (STEPS, BATCH, 3, SIDE, SIDE), dtype=numpy.uint8)
    # A class shows as a brighter patch, so that there is something to learn.
    labels = rng.integers(0, CLASSES, (STEPS, BATCH))
    for s in range(STEPS):
        for n in range(BATCH):
            patch = pixels[s, n, :, labels[s, n]:labels[s, n] + 3, :4]
            pixels[s, n, :, labels[s, n]:labels[s, n] + 3, :4] = patch // 4 + 190
    partners = numpy.stack([rng.permutation(BATCH) for _ in range(STEPS)])
    smooth = numpy.eye(CLASSES)[labels] * 0.9 + 0.1 / CLASSES
    share = rng.beta(0.2, 0.2, (STEPS, 1, 1))
    mixed = numpy.stack([smooth[s][partners[s]] for s in range(STEPS)])
    targets = share * smooth + (1 - share) * mixed
    images = (torch.from_numpy(pixels).double() - 128) / 64
    out = {"pixels": pixels, "targets": targets, "rates": numpy.array(rates())}
    for seed, (name, build) in enumerate(NETWORKS.items()):
        torch.manual_seed(seed)
        network = build()
        for n, t in network.state_dict().items():
            if not n.endswith("num_batches_tracked"):
                out[f"{name}/start/{n}"] = t.clone().numpy()
        torch.set_num_threads(1)
        exact = train(network, images, torch.from_numpy(targets), torch.float64,
                      torch.contiguous_format)
        singles = []
        for threads in (1, 2):
            for layout in (torch.contiguous_format, torch.channels_last):
                for onednn in (True, False):
                    torch.set_num_threads(threads)
                    torch.backends.mkldnn.enabled = onednn
                    singles.append(train(network, images, torch.from_numpy(targets),
                                         torch.float32, layout))
        torch.backends.mkldnn.enabled = True
        out[f"{name}/loss"] = exact["loss"][""]
        out[f"{name}/classes"] = exact["classes"]
        for kind in ("weight", "running", "velocity"):
            for n, t in exact[kind].items():
                out[f"{name}/{kind}/{n}"] = t
        spread = [max(distance(a, b, k) for a in singles for b in singles) for k in KINDS]
        error = [max(distance(a, exact, k) for a in singles) for k in KINDS]
        out[f"{name}/spread"] = numpy.array(spread)
        print(name, sum(p.numel() for p in network.parameters()), "parameters; losses",
              exact["loss"][""][[0, -1]], "spread", spread, "error", error)
    raw = save({n: numpy.ascontiguousarray(t) for n, t in out.items()})
    packed = gzip.compress(raw, 9, mtime=0)
    open(path, "wb").write(packed)
    print(len(packed), "bytes")


main(sys.argv[1] if len(sys.argv) > 1 else "steps.safetensors.gz")
