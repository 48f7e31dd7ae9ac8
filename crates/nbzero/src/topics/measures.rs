//! The measures of a proxy, and how they are computed where the definition leaves a choice.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        name: "mbr",
        aliases: &["mean-best-rank", "mbr-feasible"],
        title: "mean rank of what a proxy picks under five budgets; 0 is best",
        formula: "mBR = (1/M) * sum over the M budgets i of r_i / N_i\n\
            N_i: networks whose cost is at most limit i; r_i: the true rank, from 0, of the proxy's pick among them.\n\
            Limits: min + i/5 * (max - min) of the cost, i = 1..5.",
        convention: "Smaller is better; the oracle has 0. The pick is the feasible network of the best score; a NaN score \
            comes last. Of equal scores `mbr` takes the first row, `mbr_ties` the exact mean over all of them: tables use \
            `mbr_ties`, because with few distinct values the row order decides the other. The paper's equation reads r_i / N \
            with N the whole pool; its text says that mBR is the mean of BRs on constrained NAS, which is r_i / N_i, and only \
            that fits its tables. The other reading is `mbr-pool`.",
        source: "NAS-Bench-Zero (withdrawn submission to ICLR 2022), equation 1 and section 4.1",
    },
    Topic {
        name: "mbr-ties",
        aliases: &[],
        title: "mBR with every network of the best score counted alike",
        formula: "as mbr, with r_i / N_i replaced by its mean over all feasible networks that share the best score",
        convention: "Exact, no sampling. NAS-Bench-201 has 28 distinct MAC values: by row order its MACs reach 0.036, the \
            mean over ties is 0.095, and 0.006 to 0.343 are possible.",
        source: "this project",
    },
    Topic {
        name: "mbr-pool",
        aliases: &[],
        title: "mBR read literally: ranks divided by the whole pool",
        formula: "(1/M) * sum of r_i / N, N the number of all networks",
        convention: "Never larger than `mbr`. Both are given wherever mBR is.",
        source: "NAS-Bench-Zero, equation 1",
    },
    Topic {
        name: "lc",
        aliases: &["pearson", "linear-correlation"],
        title: "linear (Pearson) correlation of score and accuracy",
        formula: "LC = cov(x, y) / (sd(x) * sd(y))",
        convention: "Rows with a NaN score are left out. Undefined with fewer than two rows, a constant column or an infinite \
            score; `lc_finite` leaves infinite scores out too.",
        source: "Pearson 1895; NAS-Bench-Zero, Table 1",
    },
    Topic {
        name: "tau-b",
        aliases: &["kd", "kendall", "kendall-tau", "tau"],
        title: "Kendall's rank correlation of score and accuracy, with ties",
        formula: "tau-b = (C - D) / sqrt((T - Tx) * (T - Ty))\n\
            C, D: concordant and discordant pairs; T: all pairs; Tx, Ty: pairs tied in score, in accuracy.",
        convention: "Rows with a NaN score are left out; infinities rank as usual. Undefined with fewer than two rows or a \
            constant column. Computed in n log n by counting exchanges of a merge sort.",
        source: "Kendall 1945; Knight 1966; the paper's KD",
    },
    Topic {
        name: "spearman",
        aliases: &["sr", "rho"],
        title: "Spearman's rank correlation of score and accuracy",
        formula: "SR = Pearson correlation of the average-tie ranks",
        convention: "As tau-b: NaN rows left out, infinities ranked, undefined for a constant column.",
        source: "Spearman 1904; the paper's SR",
    },
    Topic {
        name: "br",
        aliases: &["br-at-k", "br@k", "best-rank"],
        title: "the best true rank among the K percent that a proxy likes best",
        formula: "BR@K = (1 + smallest true rank of the k best predicted) / n, k = floor(K * n)",
        convention: "Smaller is better. Networks with a NaN score come last and count in n. Undefined where k is 0.",
        source: "Ning et al., Evaluating Efficient Performance Estimators of Neural Architectures, NeurIPS 2021",
    },
    Topic {
        name: "wr",
        aliases: &["wr-at-k", "wr@k", "worst-rank"],
        title: "the worst true rank among the K percent that a proxy likes best",
        formula: "WR@K = (1 + largest true rank of the k best predicted) / n, k = floor(K * n)",
        convention: "Smaller is better; otherwise as br.",
        source: "Ning et al., NeurIPS 2021",
    },
    Topic {
        name: "p",
        aliases: &[
            "p-at-topk",
            "p@topk",
            "p-at-bottomk",
            "p@bottomk",
            "precision",
        ],
        title: "how much of the true top (or bottom) K percent a proxy finds",
        formula: "P@topK = share of the k best predicted whose true rank is below k\n\
            P@bottomK = share of the k last predicted whose true rank is at least n - k",
        convention: "Larger is better. Equal scores and equal accuracies are taken in row order. Undefined where k is 0.",
        source: "Ning et al., NeurIPS 2021",
    },
    Topic {
        name: "oracle",
        aliases: &["gt"],
        title: "the accuracy itself used as a proxy: what no proxy can beat",
        formula: "score = accuracy",
        convention: "Its mBR is 0 and its accuracy found is the best within each budget.",
        source: "NAS-Bench-Zero, section 4.1",
    },
    Topic {
        name: "random",
        aliases: &["random-choice"],
        title: "choosing blindly among the feasible networks",
        formula: "accuracy found = mean accuracy of the feasible networks; r_i / N_i = (N_i - 1) / (2 N_i)",
        convention: "The exact expectation, not a sample.",
        source: "this project",
    },
    Topic {
        name: "intervals",
        aliases: &["interval", "bootstrap", "half-samples", "ci"],
        title: "how much a number would move if the benchmark held other networks",
        formula: "LC, KD, SR: 2.5 % to 97.5 % of resamples of the networks.\n\
            mBR, BR, P, accuracy found: the same over half-samples without replacement.",
        convention: "They speak of other networks, not of other trainings of the same networks. Drawing with replacement is \
            wrong for a best-of measure: the same best network would be drawn twice. Draws come from a seeded ChaCha8 stream, so \
            the same input gives the same interval.",
        source: "Efron 1979; Politis, Romano, Wolf 1999",
    },
    Topic {
        name: "budgets",
        aliases: &["budget", "limits"],
        title: "the limits under which a search must pick",
        formula: "limit i = min + i/5 * (max - min) of a cost over the pool, i = 1..5: 20, 40, 60, 80 and 100 % of its range",
        convention: "A network at the limit is feasible. The first limit is above the least cost, so no pool is empty.",
        source: "NAS-Bench-Zero, section 4.1",
    },
    Topic {
        name: "ties",
        aliases: &["equal-scores"],
        title: "what happens to equal scores and equal accuracies",
        formula: "order: score descending, then row ascending; true rank: accuracy descending, then row ascending",
        convention: "Correlations use tau-b and average ranks, which need no order. Every pick says how many feasible networks \
            share its score.",
        source: "this project",
    },
    Topic {
        name: "nan",
        aliases: &["null", "missing", "undefined"],
        title: "undefined is not missing",
        formula: "null: never computed. NaN: computed, and it has no value.",
        convention: "Neither is replaced by a number. A NaN score ranks below minus infinity and is counted. A proxy of which \
            a row is null narrows the pool of the whole table: every line of one table is computed on the same rows. In --json \
            NaN is null, and infinities are the strings \"inf\" and \"-inf\".",
        source: "this project",
    },
    Topic {
        name: "direction",
        aliases: &["directions", "sign"],
        title: "whether larger or smaller scores are better",
        formula: "a proxy whose smaller values are better is ranked by its negative",
        convention: "Every column of a table states its direction. The paper ranks raw values as larger-is-better; that reading \
            is available beside it and named wherever it is used.",
        source: "this project",
    },
    Topic {
        name: "provenance",
        aliases: &["measured", "imported", "surrogate"],
        title: "how a number came to be",
        formula: "measured: by this project's code. imported: published by others, unchanged. surrogate: predicted by a model.",
        convention: "Every column carries it, with source, version and licence; `nbzero show` prints it beside each number.",
        source: "this project",
    },
];
