#!/bin/bash
# Starts a small Slurm for tests on this machine alone, as root: munged, slurmctld and some slurmd, all on loopback.
#
#   slurm.sh up FOLDER NODES CPUS   starts it; its configuration is FOLDER/slurm.conf
#   slurm.sh down FOLDER            ends it
set -eu
action=$1
mkdir -p "$2"
folder=$(realpath "$2")

if [ "$action" = down ]; then
  for file in "$folder"/slurmctld.pid "$folder"/slurmd-*.pid "$folder"/munged.pid; do
    [ -e "$file" ] && kill "$(cat "$file")" 2>/dev/null || true
  done
  exit 0
fi

nodes=$3
cpus=$4
host=$(uname -n)
# munged refuses folders that others may write to.
chmod 755 "$folder"
mkdir -p "$folder/state"
head -c 128 /dev/urandom >"$folder/munge.key"
chmod 400 "$folder/munge.key"
# Short arrays, so that a small test needs several; a fast requeue (credentials expire in 5 s); nodes that stay down
# until they are resumed.
cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=17817
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.sock,cred_expire=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=1000,default_queue_depth=2000
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/jobcomp.txt
MpiDefault=none
MailProg=/bin/true
SlurmdParameters=config_overrides
KillWait=2
RequeueExit=85
MaxArraySize=11
ReturnToService=0
NodeName=n[1-$nodes] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17821-$((17820 + nodes))] CPUs=$cpus State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$folder/slurm.conf
munged --key-file="$folder/munge.key" --socket="$folder/munge.sock" --pid-file="$folder/munged.pid" \
  --log-file="$folder/munged.log" --seed-file="$folder/munge.seed"
slurmctld -c
for node in $(seq "$nodes"); do
  mkdir -p "$folder/spool-n$node"
  slurmd -N "n$node"
done
for _ in $(seq 300); do
  [ "$(sinfo -h -N -o %T 2>/dev/null | grep -c idle)" = "$nodes" ] && exit 0
  sleep 0.1
done
echo 'the nodes did not come up' >&2
exit 1
