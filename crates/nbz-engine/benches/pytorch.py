"""Times the benchmark's four networks in PyTorch: one JSON line for each network, threads and layout.

Needs torch (CPU). Batch 64, 32 x 32 images, 10 classes, train mode; the best of several rounds.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy


def normed(inputs, outputs, kernel, stride=1, groups=1):
    conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs))


class Block(nn.Module):
    """A main path, a shortcut where there is one, and a ReLU where there is one."""

    def __init__(self, inputs, outputs, stride, main, relu, shortcut=True):
        super().__init__()
        self.main = main
        self.relu = nn.ReLU() if relu else nn.Identity()
        self.short = None
        if shortcut:
            same = inputs == outputs and stride == 1
            self.short = nn.Identity() if same else normed(inputs, outputs, 1, stride)

    def forward(self, x):
        y = self.main(x)
        return self.relu(y if self.short is None else y + self.short(x))


def basic_block(inputs, width, stride):
    main = nn.Sequential(normed(inputs, width, 3, stride), nn.ReLU(), normed(width, width, 3))
    return Block(inputs, width, stride, main, relu=True), width


def bottleneck_block(inputs, width, stride):
    outputs = 4 * width
    main = nn.Sequential(
        normed(inputs, width, 1), nn.ReLU(),
        normed(width, width, 3, stride), nn.ReLU(),
        normed(width, outputs, 1),
    )
    return Block(inputs, outputs, stride, main, relu=True), outputs


def residual(stem, stages, block):
    layers, at = [normed(3, stem, 3), nn.ReLU()], stem
    for stage, (width, count) in enumerate(stages):
        for i in range(count):
            layer, at = block(at, width, 2 if i == 0 and stage > 0 else 1)
            layers.append(layer)
    return classifier(layers, at)


def mobilenet():
    stages = [(1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2),
              (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    layers, at = [normed(3, 32, 3), nn.ReLU()], 32
    for expansion, width, count, first in stages:
        for i in range(count):
            stride, hidden = (first if i == 0 else 1), at * expansion
            main = nn.Sequential(
                normed(at, hidden, 1), nn.ReLU(),
                normed(hidden, hidden, 3, stride, hidden), nn.ReLU(),
                normed(hidden, width, 1),
            )
            layers.append(Block(at, width, stride, main, relu=False, shortcut=stride == 1))
            at = width
    return classifier([*layers, normed(at, 1280, 1), nn.ReLU()], 1280)


def classifier(layers, features):
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(features, 10))


NETWORKS = {
    "basic": lambda: residual(16, [(16, 2), (32, 2), (64, 2), (64, 2)], basic_block),
    "mobilenet-v2": mobilenet,
    "bottleneck": lambda: residual(32, [(32, 3), (64, 4), (128, 6), (256, 3)], bottleneck_block),
    "resnet-18": lambda: residual(64, [(64, 2), (128, 2), (256, 2), (512, 2)], basic_block),
}


def best(work, threads, seconds=0.6, fewest=2):
    """As the engine's benchmark: processor time on one thread, time on the wall on several."""
    clock = time.process_time if threads == 1 else time.perf_counter
    work()
    start, times = time.perf_counter(), []
    while len(times) < fewest or time.perf_counter() - start < seconds:
        begin = clock()
        work()
        times.append(clock() - begin)
    return min(times)


def measure(name, threads, layout):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    net, x, y = NETWORKS[name]().train(), torch.randn(64, 3, 32, 32), torch.arange(64) % 10
    if layout == "channels_last":
        net, x = (v.to(memory_format=torch.channels_last) for v in (net, x))

    def forward():
        with torch.no_grad():
            net(x)

    def both():
        for parameter in net.parameters():
            parameter.grad = None
        cross_entropy(net(x), y).backward()

    return {"network": name, "threads": threads, "layout": layout,
            "forward": best(forward, threads), "both": best(both, threads), "version": torch.__version__}


THREADS = [int(a) for a in sys.argv[1:]] or [1, 2]
for name in NETWORKS:
    for threads in THREADS:
        for layout in ("NCHW", "channels_last"):
            print(json.dumps(measure(name, threads, layout)), flush=True)
