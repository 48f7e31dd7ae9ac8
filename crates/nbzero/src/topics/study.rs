//! What is made of several scores, and what is asked about them beside how well they rank.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        name: "ranksum",
        aliases: &["hybrid", "hybrids", "borda"],
        title: "several scores as one: the mean of their ranks",
        formula: "h_i = (1/K) * sum over the K scores of rank_k(i); ranks from 1 (worst) to n, ties averaged",
        convention: "Ranks are counted once among all networks of the pool, whatever the budget. A NaN score has the worst \
            rank. `nbzero evaluate mine.csv --hybrid both=ranksum:mine,macs` measures one beside its parts.",
        source: "Borda 1784",
    },
    Topic {
        name: "logranksum",
        aliases: &["log-rank-sum"],
        title: "several scores as one: the sum of the logarithms of their ranks",
        formula: "h_i = sum over the scores of ln rank_k(i); ordered by the exact product of the ranks",
        convention: "One bad rank costs more than in `ranksum`.",
        source: "Lee, Ham, AZ-NAS, CVPR 2024, which takes ln(rank / n): the same order",
    },
    Topic {
        name: "vote",
        aliases: &["copeland", "vote-absolute"],
        title: "several scores as one: networks beaten by a majority of the scores",
        formula: "h_i = number of networks beaten + half the number of draws, over all n - 1 others",
        convention: "In `vote` a score that sees no difference abstains; in `vote_absolute` more than half of all scores must \
            see one. A vote costs n^2 comparisons a score.",
        source: "Copeland 1951",
    },
    Topic {
        name: "subsets",
        aliases: &["best-subset", "fig9"],
        title: "the best subset of the proxies by size, and what it is worth elsewhere",
        formula: "of all 2^K - 1 subsets, by `ranksum` and `logranksum`, the one of each size with the smallest mBR",
        convention: "The best of many is flattered by having been chosen. Beside it stands the mBR of subsets chosen on a random \
            half of the networks and measured on the other half, mean and 95 % over the splits: believe that one.",
        source: "NAS-Bench-Zero, Figure 9; the halves are this project's",
    },
    Topic {
        name: "similarity",
        aliases: &["clusters", "groups", "overlap"],
        title: "which scores rank alike, and which find the same best networks",
        formula: "Spearman's correlation of each pair; |A and B| / k of the k = 5 % best networks of each",
        convention: "Groups join by average linkage while the mean rho stays above 0.5. Two unrelated scores share 5 % of their best.",
        source: "this project, for the paper's groups of shapes",
    },
    Topic {
        name: "importance",
        aliases: &["factors", "gain", "permutation-importance", "fig7"],
        title: "how much a score depends on each width, depth or operation of a network",
        formula: "boosted trees predict the score from the factors. Gain: the share of the squared error that splits on a factor \
            remove. Permuted: what is lost of R^2 on unseen networks when a factor's values are shuffled among them.",
        convention: "An importance says what trees use; of factors that go together they may take either. Equal columns are one \
            factor with both names. The trees are grown like XGBoost's exact ones.",
        source: "NAS-Bench-Zero, Figure 7; Friedman 2001; Breiman 2001",
    },
    Topic {
        name: "noise-bound",
        aliases: &["noise", "ceiling", "retrained"],
        title: "what a perfect predictor could reach, since a network trained again has another accuracy",
        formula: "sqrt(R r / (1 + (R - 1) r)): r is the mean correlation of two trainings, R their number (its harmonic mean, where \
            networks differ in it)",
        convention: "For Spearman's correlation an approximation. For mBR there is no formula: `retrained` is what one other \
            training, as the score, finds on the mean of the rest.",
        source: "Spearman 1904, 1910; Brown 1910",
    },
];
