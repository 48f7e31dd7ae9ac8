"""Trains networks of nbzero in PyTorch by the same recipe on the same images, with random numbers of its own.

    python3 pytorch_train.py GRAPHS.jsonl RECIPE.toml FOLDER SEED...

Needs torch and numpy, and for AutoAugment torchvision and Pillow. GRAPHS.jsonl has a line {"arch", "graph"} a network,
as `nbzero score --proxy cmd:...` hands them out. RECIPE.toml is one of nbz-train/recipes. FOLDER is
cifar-10-batches-bin with data_batch_1.bin and test_batch.bin. On a GPU all networks train at once, each step of each a
CUDA graph; float32 throughout, no TF32. Prints a JSON line a network and seed: test accuracy in percent, and training
images a second of all networks together.
"""

import json
import math
import multiprocessing
import sys
import time
import tomllib

import numpy
import torch
import torch.nn.functional as F
from torch import nn

MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False


def module(op, inputs, name, shape, **settings):
    known = {"conv": nn.Conv2d, "linear": nn.Linear, "batch_norm": nn.BatchNorm2d, "relu": nn.ReLU,
             "avg_pool": lambda **pool: nn.AvgPool2d(**pool, count_include_pad=False)}
    return known[op](**settings) if op in known else None


class Network(nn.Module):
    """The network of a graph, as examples/my_proxy.py builds it."""

    def __init__(self, graph):
        super().__init__()
        self.layers = graph["layers"]
        self.built = nn.ModuleList(module(**layer) for layer in self.layers)

    def forward(self, images):
        values = []
        for layer, built in zip(self.layers, self.built):
            inputs = [values[i] for i in layer["inputs"]]
            match layer["op"]:
                case "input": value = images
                case "add": value = sum(inputs[1:], inputs[0])
                case "zero": value = torch.zeros_like(inputs[0])
                case "identity": value = inputs[0]
                case "global_avg_pool": value = inputs[0].mean((2, 3))
                case _: value = built(inputs[0])
            values.append(value)
        return values[-1]

    def start(self, recipe, rng):
        """Normal weights of variance 2 / fan-in, biases 0, batch norms as they begin."""
        for built in self.built:
            if isinstance(built, nn.BatchNorm2d):
                built.reset_parameters()
                built.momentum, built.eps = recipe["norm_momentum"], recipe["norm_eps"]
            elif isinstance(built, (nn.Conv2d, nn.Linear)):
                draw = torch.randn(built.weight.shape, generator=rng)
                built.weight.data.copy_(draw * math.sqrt(2 / built.weight[0].numel()))
                if built.bias is not None:
                    built.bias.data.zero_()


class Training:
    """One network with its velocities; on a GPU its step is captured once and replayed."""

    def __init__(self, graph, recipe, images, targets, rate):
        self.net = Network(graph).to(images.device, memory_format=layout(images.device)).train()
        self.recipe, self.images, self.targets, self.rate = recipe, images, targets, rate
        self.parameters = list(self.net.parameters())
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.graph, self.stream = None, None
        if images.is_cuda:
            self.net.start(recipe, torch.Generator().manual_seed(0))
            self.capture()

    def start(self, seed):
        self.net.start(self.recipe, torch.Generator().manual_seed(seed))
        for velocity in self.velocities:
            velocity.zero_()

    def step(self):
        """Stochastic gradient descent with Nesterov's momentum; decay reaches the weights of more than one dimension."""
        loss = F.cross_entropy(self.net(self.images), self.targets)
        slopes = list(torch.autograd.grad(loss, self.parameters))
        with torch.no_grad():
            decayed = [i for i, p in enumerate(self.parameters) if p.dim() > 1]
            weights = [self.parameters[i] for i in decayed]
            torch._foreach_add_([slopes[i] for i in decayed], weights, alpha=self.recipe["decay"])
            torch._foreach_mul_(self.velocities, self.recipe["momentum"])
            torch._foreach_add_(self.velocities, slopes)
            torch._foreach_add_(slopes, self.velocities, alpha=self.recipe["momentum"])
            torch._foreach_mul_(slopes, self.rate)
            torch._foreach_sub_(self.parameters, slopes)

    def capture(self):
        self.stream = torch.cuda.Stream()
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            for _ in range(2):
                self.step()
        torch.cuda.current_stream().wait_stream(self.stream)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph, stream=self.stream):
            self.step()

    @torch.no_grad()
    def accuracy(self, images, labels):
        self.net.eval()
        right = sum((self.net(normal(x)).argmax(1) == y).sum() for x, y in zip(images.split(1000), labels.split(1000)))
        self.net.train()
        return 100 * float(right) / len(images)


def layout(device):
    """The faster one of each."""
    return torch.contiguous_format if torch.device(device).type == "cuda" else torch.channels_last


def normal(images):
    mean, deviation = (torch.tensor(t, device=images.device).view(1, 3, 1, 1) for t in (MEAN, DEVIATION))
    return ((images.float() / 255 - mean) / deviation).contiguous(memory_format=layout(images.device))


def read(path):
    raw = numpy.fromfile(path, dtype=numpy.uint8).reshape(-1, 3073)
    return torch.from_numpy(raw[:, 1:].reshape(-1, 3, 32, 32).copy()), torch.from_numpy(raw[:, 0].astype(int))


def crop_flip(images, rng):
    """Crops of 32 out of 40 pixels, mirrored by half."""
    n, _, side, _ = images.shape
    padded = F.pad(images, (4, 4, 4, 4))
    ramp = torch.arange(side)
    rows = torch.from_numpy(rng.integers(0, 9, n))[:, None] + ramp
    columns = torch.from_numpy(rng.integers(0, 9, n))[:, None] + ramp
    mirrored = torch.from_numpy(rng.integers(0, 2, n).astype(bool))[:, None]
    columns = torch.where(mirrored, columns.flip(1), columns)
    rows, columns = (t.to(images.device) for t in (rows, columns))
    which = torch.arange(n, device=images.device)[:, None, None, None]
    channels = torch.arange(3, device=images.device)[None, :, None, None]
    return padded[which, channels, rows[:, None, :, None], columns[:, None, None, :]]


def auto_augmented(job):
    """torchvision's own AutoAugment of some images; a process of the pool."""
    from torchvision.transforms import AutoAugment, AutoAugmentPolicy
    from torchvision.transforms.functional import to_pil_image
    images, seed = job
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    policy = AutoAugment(AutoAugmentPolicy.CIFAR10, fill=(128, 128, 128))
    changed = [numpy.asarray(policy(to_pil_image(torch.from_numpy(image)))).transpose(2, 0, 1) for image in images]
    return numpy.stack(changed)


def epochs(images, labels, recipe, seed, pool):
    """Images and labels of each epoch, in the order in which they are taken."""
    rng = numpy.random.default_rng(seed)
    for epoch in range(recipe["epochs"]):
        order = torch.from_numpy(rng.permutation(len(images))).to(images.device)
        changed = images[order]
        if recipe["crop_flip"]:
            changed = crop_flip(changed, rng)
        if recipe["auto_augment"]:
            pieces = numpy.array_split(changed.cpu().numpy(), 32)
            jobs = [(piece, seed * 1_000_000 + epoch * 1000 + i) for i, piece in enumerate(pieces)]
            changed = torch.from_numpy(numpy.concatenate(pool.map(auto_augmented, jobs))).to(images.device)
        yield changed, labels[order], rng


class Population:
    """Networks that are trained side by side on the same batches."""

    def __init__(self, graphs, recipe, device):
        batch = recipe["batch"]
        self.archs, self.device = [line["arch"] for line in graphs], device
        self.x = torch.zeros(batch, 3, 32, 32, device=device).contiguous(memory_format=layout(device))
        self.t, self.rate = torch.zeros(batch, 10, device=device), torch.zeros((), device=device)
        self.trainings = [Training(line["graph"], recipe, self.x, self.t, self.rate) for line in graphs]

    def step(self):
        for training in self.trainings:
            if training.graph is None:
                training.step()
                continue
            training.stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(training.stream):
                training.graph.replay()
        for training in self.trainings:
            if training.stream is not None:
                torch.cuda.current_stream().wait_stream(training.stream)


def train(population, recipe, seeds, data, pool=None):
    """Yields architecture, seed, test accuracy and images a second."""
    images, labels, tests, answers = (t.to(population.device) for t in data)
    order = torch.from_numpy(numpy.random.default_rng(0).permutation(len(images)))
    kept = order[round(len(order) * recipe["validation"]):].to(population.device)
    images, labels = images[kept], labels[kept]
    batch, smoothing = recipe["batch"], recipe["smoothing"]
    steps = len(images) // batch
    for seed in seeds:
        for training in population.trainings:
            training.start(seed)
        step, start = 0, time.time()
        for changed, theirs, rng in epochs(images, labels, recipe, seed, pool):
            for i in range(steps):
                chosen = normal(changed[i * batch:(i + 1) * batch])
                target = F.one_hot(theirs[i * batch:(i + 1) * batch], 10).float()
                target = target * (1 - smoothing) + smoothing / 10
                if recipe["mixup"] > 0:
                    share = float(rng.beta(recipe["mixup"], recipe["mixup"]))
                    partner = torch.from_numpy(rng.permutation(batch)).to(images.device)
                    chosen = share * chosen + (1 - share) * chosen[partner]
                    target = share * target + (1 - share) * target[partner]
                population.x.copy_(chosen)
                population.t.copy_(target)
                warm, total = int(steps * recipe["warm_up"]), steps * recipe["epochs"]
                part = (step + 1) / warm if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / (total - warm)))
                population.rate.fill_(recipe["rate"] * part)
                population.step()
                step += 1
        if images.is_cuda:
            torch.cuda.synchronize()
        speed = step * batch * len(population.trainings) / (time.time() - start)
        for arch, training in zip(population.archs, population.trainings):
            yield arch, seed, training.accuracy(tests, answers), speed


def main(graphs, recipe, folder, seeds):
    graphs = [json.loads(line) for line in open(graphs)]
    with open(recipe, "rb") as file:
        recipe = tomllib.load(file)
    data = (*read(f"{folder}/data_batch_1.bin"), *read(f"{folder}/test_batch.bin"))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    with multiprocessing.get_context("forkserver").Pool() as pool:
        population = Population(graphs, recipe, device)
        for arch, seed, accuracy, speed in train(population, recipe, seeds, data, pool):
            print(json.dumps({"arch": arch, "seed": seed, "recipe": recipe["name"], "test_acc": round(accuracy, 4),
                              "images_per_second": round(speed)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], [int(seed) for seed in sys.argv[4:]])
