#!/usr/bin/env bash
# The figures of docs/performance.md. Needs root, and a machine that does nothing else meanwhile.
#
#   eng/bench/bench.sh cold [NETWORKS] [RUNS]       first start of the program as run.sh publishes it, beside the floor of the same run
#   eng/bench/bench.sh restart [NETWORKS] [RUNS]    restart of the host with everything unchanged
#   eng/bench/bench.sh change [PORTS] [CHANGES]     from the change of a network file to dnsmasq serving it
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d /tmp/dhcphost-bench.XXXXXX)
disk=$work/disk
bridge=brbench$((RANDOM % 1000))
host_pid=
client=bench-client-$$

finish() {
  [ -z "$host_pid" ] || stop_host
  clean_networks
  ip netns del "$client" 2>/dev/null || true
  ip link del "$bridge" 2>/dev/null || true
  drop_disk
  rm -rf "$work"
}
trap finish EXIT

stop_host() {
  kill -TERM "$host_pid"
  while kill -0 "$host_pid" 2>/dev/null; do sleep 0.01; done
  host_pid=
}

# Ends the servers and removes the namespaces that this run made; they carry its own names.
clean_networks() {
  local namespace
  for namespace in $(ip netns list | awk -v p="qdhcp-bench$$-" 'index($1, p) == 1 { print $1 }'); do
    ip netns pids "$namespace" | xargs -r kill -KILL
    ip netns del "$namespace"
  done
}

# A file system of its own for each run: where many files were deleted in the last minutes, by whomever, ext4 takes long to make new ones.
new_disk() {
  drop_disk
  truncate -s 2G "$work/image"
  mkfs.ext4 -q "$work/image"
  mkdir -p "$disk"
  mount -o loop "$work/image" "$disk"
}

drop_disk() {
  ! mountpoint -q "$disk" || umount "$disk"
  rm -f "$work/image"
}

write_config() {
  new_disk
  place=$disk/host
  mkdir -p "$place/networks"
  cat > "$place/host.toml" <<EOF
[host]
state_directory = "$place/state"
runtime_directory = "$place/run"
cache_directory = "$place/cache"
[limits]
workers_max = ${WORKERS_MAX:-16}
[plugins]
directories = ["$top/artifacts/plugins"]
[drivers.bridge]
create_bridges = true
[sources.files]
directory = "networks"
[scripts]
directory = "$top/scripts"
[management]
socket = "$place/run/api.sock"
EOF
}

network_file() { echo "$place/networks/bench$$-$1.toml"; }

write_network() { # NUMBER PORTS [ADDRESS_OF_PORT_0 [FILE]]
  local file=${4:-$(network_file "$1")}
  {
    printf 'bridge = "%s"\n\n[[subnets]]\ncidr = "10.0.0.0/16"\nserver_address = "10.0.0.2"\n' "$bridge"
    awk -v n="$1" -v ports="$2" -v first="${3:-}" 'BEGIN {
      for (p = 0; p < ports; p++) {
        address = p == 0 && first != "" ? first : sprintf("10.0.%d.%d", 1 + int(p / 200), 10 + p % 200)
        printf "\n[[reservations]]\nmac = \"fa:16:3e:%02x:%02x:%02x\"\naddresses = [\"%s\"]\nhostname = \"host-%d\"\n", n, int(p / 256), p % 256, address, p
      }
    }'
  } > "$file.new"
  mv "$file.new" "$file"
}

start_host() { # NETWORKS: starts the host, waits until they are Ready, prints what dhcpbench measured
  local line
  line=$("$work/dhcpbench" ready "$place/run/api.sock" "$1" "$top/artifacts/publish/DhcpHost/release/dhcphost" --config "$place/host.toml" run 2>"$work/log")
  host_pid=${line##*pid=}
  echo "$line"
}

rss_mb() { awk '/^(VmRSS|RssAnon)/ { printf "%s%s=%.1f", sep, tolower($1), $2 / 1024; sep = " " }' "/proc/$host_pid/status" | sed 's/:=/=/g'; }

cold() {
  local networks=${1:-200} runs=${2:-5} n run one all floor
  for ((run = 1; run <= runs; run++)); do
    new_disk
    floor=$(TMPDIR=$disk "$work/dhcpbench" floor "$networks" "$bridge")
    sleep 2 # the kernel takes the floor's namespaces down in the background
    # Start-up: the same with one network. Nothing is in the host's caches either time; the program has the scripts that ship compiled beside it.
    write_config
    write_network 0 10
    one=$(start_once 1)
    write_config
    for ((n = 0; n < networks; n++)); do write_network "$n" 10; done
    sync
    all=$(start_once "$networks")
    echo "run $run: floor_ms=$floor startup_ms=$(ready_ms "$one") $all sync_by_floor=$(awk -v a="$(ready_ms "$all")" -v u="$(ready_ms "$one")" -v b="$floor" 'BEGIN { printf "%.2f", (a - u) / b }')"
  done
}

start_once() { # NETWORKS: starts the host, prints, with memory when all are Ready and 5 s later, and ends it and all that it runs
  local line ready
  line=$(start_host "$1"); host_pid=${line##*pid=}
  ready=$(rss_mb)
  sleep 5 # the host gives the start's memory back after the first sync
  echo "$line at_ready: $ready 5s_later: $(rss_mb)"
  stop_host
  clean_networks
  sleep 2
}

ready_ms() { sed -E 's/.*ready_ms=([0-9]+).*/\1/' <<< "$1"; }

restart() {
  local networks=${1:-200} runs=${2:-5} n run line before
  write_config
  for ((n = 0; n < networks; n++)); do write_network "$n" 10; done
  line=$(start_host "$networks"); host_pid=${line##*pid=}
  before=$(pids)
  for ((run = 1; run <= runs; run++)); do
    stop_host
    line=$(start_host "$networks"); host_pid=${line##*pid=}
    [ "$before" = "$(pids)" ] || { echo "servers were restarted" >&2; exit 1; }
    sleep 5 # the host gives the start's memory back after the first sync
    echo "run $run: $line $(rss_mb) servers_touched=$(grep -cE 'server\.(started|reloaded|restarted)' "$work/log" || true)"
  done
}

pids() { for n in $(ip netns list | awk -v p="qdhcp-bench$$-" 'index($1, p) == 1 { print $1 }' | sort); do ip netns pids "$n"; done | sort; }

change() {
  local ports=${1:-1000} changes=${2:-200} line i address
  write_config
  write_network 0 "$ports"
  line=$(start_host 1); host_pid=${line##*pid=}
  ip netns add "$client"
  ip link add benchc$$ type veth peer name eth0 netns "$client"
  ip link set benchc$$ master "$bridge" up
  ip -n "$client" link set eth0 up
  for ((i = 0; i < changes; i++)); do
    address=10.0.250.$((1 + i % 200))
    write_network 0 "$ports" "$address" "$disk/next"
    ip netns exec "$client" "$work/dhcpbench" change eth0 fa:16:3e:00:00:00 "$address" 5000 "$disk/next" "$(network_file 0)"
  done > "$work/latencies"
  sort -n "$work/latencies" | awk '{ v[NR] = $1 } END { printf "changes=%d p50_ms=%s p90_ms=%s p99_ms=%s max_ms=%s\n", NR, v[int((NR + 1) / 2)], v[int(NR * 0.9)], v[int(NR * 0.99)], v[NR] }'
}

gcc -O2 -o "$work/dhcpbench" "$here/dhcpbench.c"
ip link add "$bridge" type bridge
ip link set "$bridge" up
mode=${1:-}
[ $# -eq 0 ] || shift
case $mode in
  cold | restart | change) "$mode" "$@" ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
