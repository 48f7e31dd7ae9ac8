"""Trains r1:32s2x1-64s2x1-128s2x1 on CIFAR-10 in PyTorch by nbz12's recipe without AutoAugment.

    python3 pytorch_train.py FOLDER EPOCHS SEED...

Needs torch (CPU) and numpy. FOLDER is cifar-10-batches-bin with data_batch_1.bin and test_batch.bin. What
`nbzero train r1:32s2x1-64s2x1-128s2x1 --set epochs=EPOCHS --set auto_augment=false` does on the same images, with
other random numbers: accuracies of several seeds are to be compared, and images a second. Prints, a line a seed,
test accuracy in percent and training images a second.
"""

import math
import sys
import time

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH, RATE, DECAY, SMOOTHING, MIXUP = 256, 0.1, 5e-4, 0.1, 0.2
MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.2470, 0.2435, 0.2616]).view(1, 3, 1, 1)


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.shortcut = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


def network():
    body = nn.Sequential(
        nn.Conv2d(3, 32, 3, 1, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        Block(32, 32, 2), Block(32, 64, 2), Block(64, 128, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10))
    for module in body.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            fan_in = module.weight[0].numel()
            nn.init.normal_(module.weight, std=math.sqrt(2 / fan_in))
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return body


def read(path):
    raw = numpy.fromfile(path, dtype=numpy.uint8).reshape(-1, 3073)
    return torch.from_numpy(raw[:, 1:].reshape(-1, 3, 32, 32).copy()), torch.from_numpy(raw[:, 0].astype(int))


def crop_flip(images, rng):
    padded = F.pad(images, (4, 4, 4, 4))
    out = torch.empty_like(images)
    for n in range(len(images)):
        top, left, flip = rng.integers(9), rng.integers(9), rng.integers(2)
        window = padded[n, :, top:top + 32, left:left + 32]
        out[n] = window.flip(2) if flip else window
    return out


def normal(images):
    return (images.float() / 255 - MEAN) / DEVIATION


def train(images, labels, epochs, seed, layout):
    torch.manual_seed(seed)
    rng = numpy.random.default_rng(seed)
    order = rng.permutation(len(images))
    images, labels = images[order[len(order) // 10:]], labels[order[len(order) // 10:]]
    model = network().to(memory_format=layout)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() == 1]
    optimiser = torch.optim.SGD(
        [{"params": decayed, "weight_decay": DECAY}, {"params": plain, "weight_decay": 0.0}],
        lr=RATE, momentum=0.9, nesterov=True)
    steps, step, start = len(images) // BATCH, 0, time.time()
    for epoch in range(epochs):
        order = torch.from_numpy(rng.permutation(len(images)))
        for i in range(steps):
            chosen = order[i * BATCH:(i + 1) * BATCH]
            x = normal(crop_flip(images[chosen], rng))
            t = F.one_hot(labels[chosen], 10).float() * (1 - SMOOTHING) + SMOOTHING / 10
            share, partner = float(rng.beta(MIXUP, MIXUP)), torch.from_numpy(rng.permutation(BATCH))
            x, t = share * x + (1 - share) * x[partner], share * t + (1 - share) * t[partner]
            for group in optimiser.param_groups:
                group["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / (steps * epochs)))
            loss = F.cross_entropy(model(x.contiguous(memory_format=layout)), t)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
    return model.eval(), step * BATCH / (time.time() - start)


def main(folder, epochs, seeds):
    images, labels = read(f"{folder}/data_batch_1.bin")
    tests, answers = read(f"{folder}/test_batch.bin")
    for seed in seeds:
        model, speed = train(images, labels, epochs, seed, torch.channels_last)
        with torch.no_grad():
            found = torch.cat([model(normal(x)).argmax(1) for x in tests.split(500)])
        print(seed, f"{100 * (found == answers).float().mean():.2f} %", f"{speed:.0f} images/s", flush=True)


main(sys.argv[1], int(sys.argv[2]), [int(s) for s in sys.argv[3:]])
