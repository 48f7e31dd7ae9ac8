# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_nbzero_global_optspecs
    string join \n json q/quiet h/help V/version
end

function __fish_nbzero_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_nbzero_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_nbzero_using_subcommand
    set -l cmd (__fish_nbzero_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c nbzero -n "__fish_nbzero_needs_command" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_needs_command" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_needs_command" -s V -l version -d 'Print version'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "tables" -d 'List the embedded tables, or describe one: columns, units, sources, licences'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "space" -d 'Search spaces: list, describe, draw networks, print the definition'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "show" -d 'Show one network: a drawing, its costs, and all known numbers with their provenance'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "query" -d 'Print rows of a table: those within limits, best first, or those of given networks'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "best" -d 'Find the best network within limits: the true best, what each proxy picks, and the distance'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "pareto" -d 'List the networks that no other beats in both cost and accuracy'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "evaluate" -d 'Measure a proxy: its row of Table 1 beside the known ones, or a file that stands alone'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "similarity" -d 'Show which proxies and costs rank alike, and which share their best networks'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "factors" -d 'Show which widths, depths or operations a score depends on, and the accuracy'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "score" -d 'Score networks with zero-shot proxies'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "data" -d 'Images: what a folder or tarball holds'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "train" -d 'Train networks by a recipe'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "merge" -d 'Put shards of scores together'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "plan" -d 'Plan a run that many machines share: scores or trainings'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "check" -d 'Estimate what a plan takes: core-hours, memory and disk'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "submit" -d 'Give a plan to a cluster: Slurm, HyperQueue, Kubernetes, GNU parallel, or this machine'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "cancel" -d 'Cancel what was submitted of a run; what is done stays'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "work" -d 'Do a share of a plan; what an engine runs'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "status" -d 'Say how far a run is: done, failed, missing, rate, time left'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "retry" -d 'Have units of a run done again: those that failed, or those that were lost'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "collect" -d 'Put the outcomes of a run together: the bytes that one machine would have written'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "reproduce" -d 'Write the paper\'s tables, figures and claims, computed on public benchmarks'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "explore" -d 'Write a page to explore a table: scatter, budgets as sliders, what each proxy picks, networks drawn'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "serve" -d 'Serve the page of `nbzero explore` to browsers of this machine, until Ctrl-C'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "import" -d 'Make a table file from CSV, published Parquet or NAS-Bench-Suite-Zero\'s score JSON'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "export" -d 'Write a table as CSV, Parquet or the score JSON of NAS-Bench-Suite-Zero'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "bench" -d 'Measure what this machine reaches on a network: every layer, forward, and forward with backward'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "info" -d 'Show what the engine found on this machine: kernels, cores, caches, measured peak'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "explain" -d 'Explain a measure, a cost, a space, a proxy or a convention: formula, convention, source'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "tour" -d 'Show what nbzero does: nine commands with what they print, on the tables inside the program'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "man" -d 'Print the manual page, or write one page a command'
complete -c nbzero -n "__fish_nbzero_needs_command" -f -a "help" -d 'Print help on a command, or on a subject: exit-codes, units, json'
complete -c nbzero -n "__fish_nbzero_using_subcommand tables" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand tables" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand tables" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and not __fish_seen_subcommand_from list info sample show-toml" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and not __fish_seen_subcommand_from list info sample show-toml" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and not __fish_seen_subcommand_from list info sample show-toml" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and not __fish_seen_subcommand_from list info sample show-toml" -f -a "list" -d 'List the built-in spaces'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and not __fish_seen_subcommand_from list info sample show-toml" -f -a "info" -d 'Describe a space: sizes, caps, the task that its costs are counted for'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and not __fish_seen_subcommand_from list info sample show-toml" -f -a "sample" -d 'Draw networks, one string a line, in an order that the seed fixes'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and not __fish_seen_subcommand_from list info sample show-toml" -f -a "show-toml" -d 'Print a space\'s definition, a start for one of your own'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from info" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from info" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from info" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from sample" -s n -l count -d 'How many networks [default: the length of the benchmark\'s list]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from sample" -l seed -d 'The seed; the default is that of the benchmark\'s lists' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from sample" -l max-macs -d 'Only networks of at most so many multiply-accumulates, such as 60M: the first of the benchmark\'s list, in its order' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from sample" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from sample" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from sample" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from show-toml" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from show-toml" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand space; and __fish_seen_subcommand_from show-toml" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand show" -l space -d 'Read the architecture in this space, a TOML file of your own' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand show" -l dataset -d 'cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand show" -s t -l table -d 'Take the known numbers from this table [default: the embedded table of the network\'s space, or paper-lists]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand show" -l svg -d 'Write the drawing as SVG' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand show" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand show" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand show" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l dataset -d 'cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l where -d 'Only rows where this holds: macs<=60M, params>=1M; may be repeated' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l max-macs -l max-flops -d 'Most multiply-accumulates for one image, such as 60M; papers often call them FLOPs' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l max-params -d 'Most trainable parameters, such as 2M' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l max-depth -l max-layers -d 'Most weighted layers on a path, such as 20' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l max -d 'Most of any column, such as raspi4_latency_ms=3ms; may be repeated' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -s c -l columns -d 'Columns to print, by full or short name [default: architecture, accuracy, costs]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l by -d 'Order by this column, best first [default: the accuracy that the table ranks by]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l top -d 'Print at most so many rows' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l all -d 'Print every row'
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand query" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -s t -l table -d 'An embedded table (`nbzero tables` lists them) or a table file [default: nas-bench-201]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -l dataset -d 'cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -l max-macs -l max-flops -d 'Most multiply-accumulates for one image, such as 60M; papers often call them FLOPs' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -l max-params -d 'Most trainable parameters, such as 2M' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -l max-depth -l max-layers -d 'Most weighted layers on a path, such as 20' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -l max -d 'Most of any column, such as raspi4_latency_ms=3ms; may be repeated' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -l by -d 'Only what this column picks: test_acc, a proxy or a cost [default: every proxy and cost]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand best" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -s t -l table -d 'An embedded table (`nbzero tables` lists them) or a table file [default: nas-bench-201]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -l dataset -d 'cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -l x -d 'What should be small: macs, params, depth, raspi4_latency_ms, ...' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -l y -d 'What should be large [default: the accuracy that the table ranks by]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -l max-macs -l max-flops -d 'Most multiply-accumulates for one image, such as 60M; papers often call them FLOPs' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -l max-params -d 'Most trainable parameters, such as 2M' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -l max-depth -l max-layers -d 'Most weighted layers on a path, such as 20' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -l max -d 'Most of any column, such as raspi4_latency_ms=3ms; may be repeated' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand pareto" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -s t -l table -d 'An embedded table (`nbzero tables` lists them) or a table file [default: nas-bench-201]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l dataset -d 'cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l score -d 'The columns of scores [default beside a table: every column but arch]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l smaller -d 'Scores of which smaller are better' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l against -d 'Compare with these proxies of the table only [default: all]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l hybrid -d 'Several proxies as one score, ranked among the networks measured, such as az=logranksum:az_expr,az_prog; may be repeated' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l draws -d 'Half-samples that the intervals are made of; 0 leaves those of mBR and accuracy out' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l seed -d 'The seed of the half-samples' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l budgets -d 'Even budgets of each cost, between its smallest and its largest value' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l limits -d 'Budgets of a cost in place of even ones, such as macs=50M,100M or macs=10M..50M,50M..100M; may be repeated for other costs' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l joint -d 'Even budgets that bound several costs at once, such as macs,params; may be repeated' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l html -d 'Write a page as well: the row, figures, the nearest scores, and the choices whose networks are misjudged' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l accuracy -d 'The file stands alone, and this is its column of accuracies' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l cost -d 'Columns of costs; each gets even budgets' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand evaluate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand similarity" -s t -l table -d 'An embedded table (`nbzero tables` lists them) or a table file [default: nas-bench-201]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand similarity" -l dataset -d 'cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand similarity" -l score -d 'The columns of each file [default: every column but arch]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand similarity" -l smaller -d 'Columns of which smaller values are better' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand similarity" -l against -d 'These proxies of the table only [default: all]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand similarity" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand similarity" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand similarity" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand factors" -s t -l table -d 'An embedded table (`nbzero tables` lists them) or a table file [default: nas-bench-201]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand factors" -l dataset -d 'cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand factors" -l target -d 'What is predicted: accuracy, proxies, costs [default: accuracy and the paper\'s proxies, or the first twelve]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand factors" -l of -d 'Predict ranks, which is all that a search sees of a score, or values' -r -f -a "ranks\t''
values\t''"
complete -c nbzero -n "__fish_nbzero_using_subcommand factors" -l draws -d 'Random halves behind the intervals and the permutations, 2 or more' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand factors" -l seed -d 'Names the random streams' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand factors" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand factors" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand factors" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l space -d 'Networks of a space: r1, r2, mb, nbmacro, cbmr, cbmm, nb201, or a TOML file' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -s t -l table -d 'The distinct networks of a table' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l from -d 'The networks of a file: one a line, or a CSV with a column `arch`' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l count -d 'How many: of r1, r2, mb the first of their list, of others a fair draw [default: all]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l list-seed -d 'The seed of the list or draw' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l shard -d 'Only every N-th network, beginning with the I-th; `merge` puts shards together' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l proxies -d 'Names, separated by commas, or paper, naive, newer, all [default: paper,naive, and none beside --proxy]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l batch -d 'Images in the batch' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l ntk-batch -d 'Images that ntk and swap look at' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l seed -d 'The seed of weights, images and noise' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l repeats -d 'How often each network\'s weights are drawn; scores are means, beside their deviations' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l classes -d 'Classes of the networks [default: those of the images or of the table\'s data set]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l resolution -d 'Height and width of the images [default: that of the images or of the table\'s data set]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l dataset -d 'cifar10, cifar100 or imagenet16-120: classes and resolution together' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l proxy -d 'A proxy of your own: any program that reads networks, one a line, and answers with numbers' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l smaller -d 'Those of them whose smaller scores are better' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l data -l inputs -d 'cifar10:PATH, cifar100:PATH, imagenet16:PATH, folder:PATH, npy:PATH, FILE.safetensors, or noise [default: noise]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l weights -d 'The weights of a single network, a safetensors file [default: drawn by the seed]' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l proxy-timeout -d 'Seconds that an answer may take, before its score is NaN and the program started again' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l threads -d 'Networks scored side by side [default: the machine\'s cores]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l max-memory -d 'Most memory of all networks at work, such as 4G, 512MiB, or a share of what is free' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -s o -l output -d 'The Parquet file of scores to write; times and machines go beside it, to FILE.runs.parquet' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l batch-per-network -d 'Draw a batch for each network, by seed and architecture [default: all networks see one batch]'
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l augment -d 'Crop (padding 4) and flip training images at random, each by its own draw'
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l winograd -d 'Take Winograd\'s form of 3 x 3 convolutions: ResNets a third faster, scores that round otherwise'
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand score" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand data; and not __fish_seen_subcommand_from info" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand data; and not __fish_seen_subcommand_from info" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand data; and not __fish_seen_subcommand_from info" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand data; and not __fish_seen_subcommand_from info" -f -a "info" -d 'Counts, classes, mean and deviation by channel, digests'
complete -c nbzero -n "__fish_nbzero_using_subcommand data; and __fish_seen_subcommand_from info" -l sheet -d 'Also draw a PNG of training images, as they are stored and as they are seen in training' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand data; and __fish_seen_subcommand_from info" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand data; and __fish_seen_subcommand_from info" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand data; and __fish_seen_subcommand_from info" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l list -d 'The networks of a file instead: one a line, or a CSV with a column `arch`' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l space -d 'The space of the networks, where it is a TOML file of your own' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l shard -d 'Only every N-th network of the list, beginning with the I-th; shards may share a folder' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l repeats -d 'How often each network of the list is trained, with seeds that follow each other' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l data -d 'cifar10:PATH, cifar100:PATH, imagenet16:PATH, folder:PATH, npy:PATH, FILE.safetensors, or noise' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l recipe -d 'nbz360 (the paper\'s), nbz36, nbz12, mini, or a TOML file' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l set -d 'Change a number of the recipe: epochs=3, mixup=0; may be given again' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l seed -d 'The seed of weights, order, augmentation and mixing' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l images -d 'Only the first training images, in canonical order [default: all]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -s o -l output -d 'The folder to write' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l threads -d 'Threads, of a list networks trained side by side [default: the machine\'s cores]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l max-memory -d 'Most memory of all networks at work, such as 4G, 512MiB, or a share of what is free' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l checkpoint-every -d 'Minutes between checkpoints' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand train" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand merge" -s o -l output -d 'The Parquet file to write; `export` makes CSV of it' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand merge" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand merge" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand merge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l spaces -d 'Networks of spaces, separated by commas: r1, r2, mb, nbmacro, cbmr, cbmm, nb201, or TOML files' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l counts -d 'How many of each: of r1, r2, mb the first of their list, of others a fair draw [default: all]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l list-seed -d 'The seed of the lists or draws' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l from -d 'The networks of a file instead: one a line, or a CSV with a column `arch`' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l task -d 'What is done with them' -r -f -a "score\t'Networks scored by proxies, as `nbzero score` does'
train\t'Networks trained by a recipe, as `nbzero train` does'"
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l data -d 'cifar10:PATH, cifar100:PATH, imagenet16:PATH, folder:PATH, npy:PATH, FILE.safetensors, or noise [default to score: noise]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l proxies -d 'Names, separated by commas, or paper, naive, newer, all [default: paper,naive, and none beside --proxy]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l batch -d 'Images in the batch' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l ntk-batch -d 'Images that ntk and swap look at' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l seed -d 'The seed of weights, images and noise' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l repeats -d 'How often each network\'s weights are drawn; scores are means, beside their deviations' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l classes -d 'Classes of the networks [default: those of the images or of the table\'s data set]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l resolution -d 'Height and width of the images [default: that of the images or of the table\'s data set]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l dataset -d 'cifar10, cifar100 or imagenet16-120: classes and resolution together' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l proxy -d 'A proxy of your own: any program that reads networks, one a line, and answers with numbers' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l smaller -d 'Those of them whose smaller scores are better' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l recipe -d 'nbz360 (the paper\'s), nbz36, nbz12, mini, or a TOML file [default: nbz12]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l set -d 'Change a number of the recipe: epochs=3, mixup=0; may be given again' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l seeds -d 'How often each network is trained, with seeds that follow --seed' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l images -d 'Only the first training images, in canonical order [default: all]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l parts -d 'Parts: what is claimed, written and lost [default: by cost, some thirty seconds each; a training is a part]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -s o -l output -d 'The folder to write' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l batch-per-network -d 'Draw a batch for each network, by seed and architecture [default: all networks see one batch]'
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l augment -d 'Crop (padding 4) and flip training images at random, each by its own draw'
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l winograd -d 'Take Winograd\'s form of 3 x 3 convolutions: ResNets a third faster, scores that round otherwise'
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand check" -l data -d 'Where the images are on this machine [default: where they were for `plan`]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand check" -l seconds -d 'Seconds that units may be tried out; at least three are' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand check" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand check" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l plan -d 'The folder that `nbzero plan` wrote' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -s o -l output -d 'The folder of runs, which every worker can reach' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l engine -d 'local, slurm, hyperqueue, kubernetes or parallel' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l shards -d 'Workers; more than can run at once do no harm [default: 16, with local 1]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l at-once -d 'Workers that may run at once [default: as the engine likes]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l threads -d 'Threads of each [default: 1, with local the machine\'s cores shared out]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l memory -d 'Memory of each, such as 4G; `nbzero check` says what a thread needs [default: the engine\'s]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l time -d 'Time of each, as the engine writes it: 4:00:00 for Slurm, 4h for HyperQueue, seconds for Kubernetes' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l notice -d 'Seconds before the end of that time at which Slurm tells a worker: more than one network takes' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l data -d 'Where the images are on the workers\' machines [default: where they were for `plan`]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l program -d 'This program on the workers\' machines [default: where it is here]' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l image -d 'The container image with nbzero' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l volume -d 'A persistent volume claim and where every pod mounts it; may be given again' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l more -d 'Add workers while earlier ones are under way'
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l dry-run -d 'Show what would be submitted, and submit nothing'
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand submit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand cancel" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand cancel" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand cancel" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l plan -d 'The folder that `nbzero plan` wrote' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l shard -d 'The share to begin with; N may differ from start to start' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -s o -l output -d 'The folder of runs, the same for all workers' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l data -d 'Where the images are on this machine [default: where they were for `plan`]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l threads -d 'Units done side by side [default: the machine\'s cores]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l max-memory -d 'Most memory of all units at work, such as 4G, 512MiB, or a share of what is free' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l checkpoint-every -d 'Minutes between checkpoints of a training' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l heartbeat -d 'Seconds between signs of life' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l patience -d 'Seconds without one after which a worker is taken for dead' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l own-only -d 'Only the own shard: leave to others what is theirs'
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand work" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand status" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand status" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand retry" -l failed -d 'Units that failed'
complete -c nbzero -n "__fish_nbzero_using_subcommand retry" -l missing -d 'Units of damaged files, and of workers that are gone; give it when no worker is at work'
complete -c nbzero -n "__fish_nbzero_using_subcommand retry" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand retry" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand collect" -s o -l output -d 'The Parquet file to write; `export` makes CSV of it' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand collect" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand collect" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand collect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -s t -l table -d 'Compute on this table only: embedded or a file; may be repeated [default: all embedded ones with accuracies, and for Figure 7 and claims on scores the scores of the paper\'s lists]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l with -d 'Compute on this table as well: embedded or a file; may be repeated' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l scores -d 'Add the proxies of this file of scores to the tables whose networks it names; may be repeated. Embedded scores of the same name give way' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -s o -l output -d 'The folder to write' -r -f -a "(__fish_complete_directories)"
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l charts -d 'Of which table figures 3 to 6 and 9 of the page can be pointed at and enlarged, such as "nas-bench-201 cifar100" [default: the one with the most scores]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l reading -d 'Rank raw values as the paper does (larger first), or each proxy in its own direction' -r -f -a "raw\t''
intended\t''"
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l draws -d 'Half-samples behind each interval of mBR and of the accuracy found; 0 for none' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l seed -d 'Names the random streams of the half-samples' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l budgets -d 'Even budgets of each cost, between its smallest and its largest value' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l list -d 'List the parts and what they show, and write nothing'
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l no-cache -d 'Neither read nor keep finished tables (in FOLDER/.cache)'
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand reproduce" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand explore" -s t -l table -d 'An embedded table (`nbzero tables` lists them) or a table file [default: nas-bench-201]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand explore" -l dataset -d 'cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand explore" -l scores -d 'Add the scores of this file: CSV with a column `arch`, or Parquet as `nbzero score` writes it; may be repeated' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand explore" -l smaller -d 'Scores of these files of which smaller are better' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand explore" -s o -l output -d 'The file to write' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand explore" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand explore" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand explore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand serve" -s t -l table -d 'An embedded table (`nbzero tables` lists them) or a table file [default: nas-bench-201]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand serve" -l dataset -d 'cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand serve" -l scores -d 'Add the scores of this file: CSV with a column `arch`, or Parquet as `nbzero score` writes it; may be repeated' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand serve" -l smaller -d 'Scores of these files of which smaller are better' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand serve" -l port -d 'The port; 0 takes any free one' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand serve" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand serve" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand import" -s o -l output -d 'The Parquet file to write; `export` makes CSV of it' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand import" -l name -d 'The table\'s name [default: the input\'s file name]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand import" -l source -d 'Where the numbers are from, written into every column of a CSV file [default: the input\'s file name]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand import" -l accuracy -d 'The column of accuracies in percent, where its name does not tell' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand import" -l dataset -d 'The data set of a file that does not say it; costs are counted for it' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand import" -l space -d 'The space of the architectures, where it is a TOML file of your own' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand import" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand import" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand export" -s o -l output -d 'The file to write; its ending (.csv, .parquet, .json) names the format [default: CSV on standard output]' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand export" -l format -d 'The format, where the file\'s ending does not say it' -r -f -a "csv\t'Comma-separated values with a header'
parquet\t'Our own table file: values with their meaning'
json\t'NASLib\'s zc_*.json: architecture, proxy, score'"
complete -c nbzero -n "__fish_nbzero_using_subcommand export" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand export" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand bench" -l dataset -d 'cifar10, cifar100 or imagenet16-120' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand bench" -l batch -d 'Images in a batch' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand bench" -l threads -d 'Threads [default: the cores of this machine]' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand bench" -l max-memory -d 'Most memory of a pass, such as 4G, 512MiB, or a share of what is free' -r
complete -c nbzero -n "__fish_nbzero_using_subcommand bench" -l plan -d 'Print the plan of the memory and measure nothing'
complete -c nbzero -n "__fish_nbzero_using_subcommand bench" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand bench" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand bench" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand info" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand info" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand info" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand explain" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand explain" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand explain" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand tour" -s o -l output -d 'The folder for what the commands write' -r -f -a "(__fish_complete_directories)"
complete -c nbzero -n "__fish_nbzero_using_subcommand tour" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand tour" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand tour" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand completions" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand completions" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c nbzero -n "__fish_nbzero_using_subcommand man" -s o -l output -d 'Write nbzero.1, nbzero-best.1 and so on into this folder' -r -F
complete -c nbzero -n "__fish_nbzero_using_subcommand man" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand man" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand man" -s h -l help -d 'Print help'
complete -c nbzero -n "__fish_nbzero_using_subcommand help" -l json -d 'Print one JSON document; its keys are described in docs/json.md and do not change'
complete -c nbzero -n "__fish_nbzero_using_subcommand help" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c nbzero -n "__fish_nbzero_using_subcommand help" -s h -l help -d 'Print help'
