#!/bin/bash
# What engines cost: 50,000 units that only count parameters, by two workers through this machine, Slurm and HyperQueue.
# The table of docs/cluster.md.
#
#   overhead.sh NBZERO PYTHON    NBZERO: a release build; PYTHON: one with the hyperqueue wheel (target/engines/bin/python)
#
# As root on Debian: it starts a Slurm on loopback, and HyperQueue in a network of its own.
set -euo pipefail
nbzero=$(realpath "$1")
# Not resolved: the link's place is what makes it a virtual environment's.
python=$(realpath -s "$2")
here=$(dirname "$(realpath "$0")")
folder=$(mktemp -d)
# munged wants every folder above its socket to be passable.
chmod 755 "$folder"
trap 'bash "$here/slurm.sh" down "$folder/slurm-daemons"; rm -rf "$folder"' EXIT
cd "$folder"
"$nbzero" plan -q --spaces r1,r2,mb,nb201 --counts 14964,10187,9743,15106 --proxies params --batch 2 \
  --dataset cifar100 -o plan

timed() {
  local start=$EPOCHREALTIME
  "${@:2}"
  echo "$1: $(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }') s"
}
submit() { "$nbzero" submit -q --plan plan -o "$1" --engine "$1" --shards 2 --threads 1; }

timed local submit local

bash "$here/slurm.sh" up "$folder/slurm-daemons" 1 2
export SLURM_CONF=$folder/slurm-daemons/slurm.conf
through_slurm() { submit slurm; while [ -n "$(squeue -h)" ]; do sleep 0.2; done; }
timed slurm through_slurm

mkdir bin server
printf '#!/bin/sh\nexec %s %s "$@"\n' "$python" "$here/hq.py" >bin/hq
chmod +x bin/hq
export -f submit timed
export nbzero folder HQ_SERVER_DIR=$folder/server PATH=$folder/bin:$PATH
unshare -n bash -euc '
  ip link set lo up
  hq serve "$HQ_SERVER_DIR" 1 2 >ready & server=$!
  trap "kill $server; wait $server" EXIT
  until grep -q READY ready; do sleep 0.1; done
  through_hyperqueue() { submit hyperqueue; hq wait 1 >failed; }
  timed hyperqueue through_hyperqueue
'

for engine in local slurm hyperqueue; do "$nbzero" collect -q "$engine" -o "$engine.parquet"; done
sha256sum ./*.parquet | grep -v runs
