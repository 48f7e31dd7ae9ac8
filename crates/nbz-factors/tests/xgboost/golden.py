"""Importances by XGBoost itself, of the embedded tables: the oracle of tests/xgboost.rs.

    nbzero export nas-bench-macro -o nas-bench-macro.csv
    nbzero export nas-bench-201 -o nas-bench-201.csv
    python golden.py nas-bench-macro.csv nas-bench-201.csv > golden.json

Needs xgboost 3.2.0 and numpy. Attributes are taken from the networks' strings here anew.
"""

import csv
import json
import sys

import numpy as np
import xgboost

STAGES = [slice(0, 2), slice(2, 5), slice(5, 8)]
OPERATIONS = ["skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3"]


def macro(arch):
    """Layers and mean expansion of each stage; the kernel rises with the expansion."""
    row = []
    for stage in STAGES:
        expansions = [{"1": 3, "2": 6}[d] for d in arch[stage] if d != "0"]
        row.append(len(expansions))
        row.append(np.mean(expansions) if expansions else np.nan)
    return row


def cell(arch):
    """Which operation is on each edge, one column an operation."""
    nodes = [node.strip("|").split("|") for node in arch.split("+")]
    on = {}
    for to, node in enumerate(nodes, start=1):
        for edge in node:
            operation, source = edge.split("~")
            on[int(source), to] = operation
    edges = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    return [float(on[edge] == operation) for edge in edges for operation in OPERATIONS]


def importances(rows, values, group):
    """Shares of total gain, and splits, by factor of `group` columns."""
    x = np.array(rows, dtype=np.float32)
    y = np.array(values, dtype=np.float64)
    y /= np.abs(y).max()
    y = ((y - y.mean()) / y.std()).astype(np.float32)
    parameters = {
        "tree_method": "exact", "max_depth": 6, "eta": 0.3, "lambda": 1,
        "objective": "reg:squarederror",
    }
    booster = xgboost.train(parameters, xgboost.DMatrix(x, label=y), num_boost_round=100)

    def by_factor(kind):
        known = booster.get_score(importance_type=kind)
        columns = [known.get(f"f{i}", 0.0) for i in range(x.shape[1])]
        return np.array(columns).reshape(-1, group).sum(axis=1)

    gain = by_factor("total_gain")
    return {
        "networks": len(y),
        "gain": (gain / gain.sum()).tolist(),
        "splits": by_factor("weight").astype(int).tolist(),
    }


def main(macro_csv, cell_csv):
    found = {"xgboost": xgboost.__version__}
    with open(macro_csv, newline="") as file:
        table = [row for row in csv.DictReader(file) if row["arch"] == row["canonical_arch"]]
    archs = [macro(row["arch"]) for row in table]
    for column in ["acc_mean", "params", "macs"]:
        values = [float(row[column]) for row in table]
        found[f"nas-bench-macro {column}"] = importances(archs, values, 1)
    with open(cell_csv, newline="") as file:
        table = list(csv.DictReader(file))
    for column in ["cifar10_test_acc", "cifar10_nbsz_jacov"]:
        known = [row for row in table if row[column] and np.isfinite(float(row[column]))]
        archs = [cell(row["arch"]) for row in known]
        values = [float(row[column]) for row in known]
        found[f"nas-bench-201 {column}"] = importances(archs, values, 5)
    json.dump(found, sys.stdout, indent=1)
    print()


main(*sys.argv[1:])
