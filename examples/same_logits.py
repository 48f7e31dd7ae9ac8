"""Shows that my_proxy.py rebuilds every network exactly: its logits beside nbzero's own.

    cargo build --release -p nbz-sweep --example logits
    nbzero score nbmacro:10100100 nb201:212043 --batch 16 \\
        --proxy 'f64=cmd:python examples/same_logits.py target/release/examples/logits f64' \\
        --proxy 'f32=cmd:python examples/same_logits.py target/release/examples/logits f32'

The score is the largest difference of any logit over the largest logit. Batch norm sees the batch, so every layer
has to be right: then it is some roundings, 1e-14 in f64 and 1e-6 in f32; otherwise it is of the order of 1.
"""
import json
import subprocess
import sys
import tempfile

import torch
from my_proxy import Network
from safetensors.torch import load_file

program, precision = sys.argv[1:]
dtype = {"f64": torch.float64, "f32": torch.float32}[precision]
for line in sys.stdin:
    request = json.loads(line)
    graph, weights, batch = request["graph"], request["weights"], request["batch"]
    network = Network(graph, load_file(weights)).to(dtype).train()
    with torch.no_grad():
        theirs = network(load_file(batch)["images"].to(dtype)).double()
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as out:
        _, side, _ = graph["layers"][0]["shape"]
        shape = [str(side), str(graph["classes"])]
        subprocess.run([program, precision, request["arch"], *shape, weights, batch, out.name], check=True)
        ours = load_file(out.name)["logits"]
    difference = (ours - theirs).abs().max() / ours.abs().max()
    print(json.dumps({"id": request["id"], "score": difference.item()}), flush=True)
