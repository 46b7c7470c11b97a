#!/usr/bin/env bash
# Four-message exchanges a second of each DHCP driver, with leases on the disk, by perfdhcp (Debian: kea-admin). Needs root, and a machine that does
# nothing else meanwhile.
#
#   eng/bench/dhcp/bench.sh [SECONDS] [RATE...]     for each driver and rate: exchanges done, lost, and how long they took
#   DRIVERS="dnsmasq inprocess" CLIENTS=5000        the drivers to compare, and how many clients take part
#
# Every client is new at first and then asks again: the server gives it its address anew, and writes that down. A file system in memory hides what
# that costs: set WORK to a directory on a disk (default /var/tmp).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../../.." && pwd)
# shellcheck source=../../packages.sh
. "$top/eng/packages.sh"
need_packages kea-admin >&2
seconds=${1:-10}; shift || true
rates=("$@"); [ ${#rates[@]} -gt 0 ] || rates=(200 1000 2000 5000 10000 15000 20000)
read -r -a drivers <<< "${DRIVERS:-dnsmasq inprocess}"
clients=${CLIENTS:-5000}
work=$(mktemp -d "${WORK:-/var/tmp}/dhcphost-bench.XXXXXX")
bridge=brdhcp$((RANDOM % 1000))
client=dhcpbench-client-$$
network=dhcpbench$$
host_pid=

stop_host() {
  [ -n "$host_pid" ] || return 0
  kill -TERM "$host_pid"
  while kill -0 "$host_pid" 2>/dev/null; do sleep 0.05; done
  host_pid=
  local namespace=qdhcp-$network
  if [ -e "/run/netns/$namespace" ]; then
    ip netns pids "$namespace" | xargs -r kill -KILL
    ip netns del "$namespace"
  fi
}

finish() {
  stop_host
  ip netns del "$client" 2>/dev/null || true
  ip link del "$bridge" 2>/dev/null || true
  [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap finish EXIT

start_host() { # DRIVER
  rm -rf "$work/state" "$work/run"
  mkdir -p "$work/networks"
  cat > "$work/host.toml" <<CONFIG
[host]
state_directory = "$work/state"
runtime_directory = "$work/run"
cache_directory = "$work/cache"
[defaults]
dhcp_driver = "$1"
[plugins]
directories = ["$top/artifacts/plugins"]
[drivers.bridge]
create_bridges = true
[drivers.dnsmasq]
config_file = "$work/site.conf"
[sources.files]
directory = "networks"
[scripts]
directory = "$top/scripts"
[management]
socket = "$work/run/api.sock"
CONFIG
  cat > "$work/networks/$network.toml" <<NETWORK
bridge = "$bridge"
[[subnets]]
cidr = "10.0.0.0/16"
gateway = "10.0.0.1"
server_address = "10.0.0.2"
pools = [{ start = "10.0.16.0", end = "10.0.255.250" }]
NETWORK
  echo no-ping > "$work/site.conf" # else dnsmasq waits three seconds for a ping before each new offer
  chmod 644 "$work/site.conf"
  chmod 711 "$work" # dnsmasq's account passes to its files
  "$top/artifacts/publish/DhcpHost/release/dhcphost" --config "$work/host.toml" run > "$work/log" 2>&1 &
  host_pid=$!
  for ((i = 0; i < 200; i++)); do
    if "$top/artifacts/publish/DhcpHost/release/dhcphost" --config "$work/host.toml" networks 2>/dev/null | grep -qi "$network.*ready"; then break; fi
    kill -0 "$host_pid" || { cat "$work/log" >&2; exit 1; }
    sleep 0.2
  done
}

wire_client() {
  ip link add "$bridge" type bridge
  ip link set "$bridge" up
  ip netns add "$client"
  ip link add "dbc$$" type veth peer name eth0 netns "$client"
  ip link set "dbc$$" master "$bridge" up
  ip -n "$client" link set lo up
  ip -n "$client" link set eth0 up
  ip -n "$client" addr add 10.0.0.3/16 dev eth0
}

measure() { # DRIVER RATE
  local out=$work/perf
  ip netns exec "$client" perfdhcp -4 -l eth0 -r "$2" -R "$clients" -p "$seconds" -W 2000000 -x t 10.0.0.2 > "$out" 2>&1 || true
  local p99
  p99=$(awk '/^\*\*\*Timestamps for packets: REQUEST-ACK/ { on = 1 } on && $1 == "sent" { printf "%.2f\n", ($6 - $4) * 1000 }' "$out" |
    sort -g | awk '{ v[NR] = $1 } END { print NR ? v[int(NR * 0.99) + (NR < 100)] : "-" }')
  awk -v driver="$1" -v rate="$2" -v seconds="$seconds" -v p99="$p99" '
    /^\*\*\*Statistics for: REQUEST-ACK/ { ack = 1 }
    /^\*\*\*Statistics for: DISCOVER-OFFER/ { ack = 0 }
    /^sent packets:/ { if (ack) requests = $3; else discovers = $3 }
    /^received packets:/ { if (ack) acks = $3; else offers = $3 }
    /^drops:/ { if (ack) lost_acks = $2; else lost_offers = $2 }
    /^avg delay:/ { if (ack) avg = $3 }
    /^max delay:/ { if (ack) max = $3 }
    END {
      printf "%-10s rate %6d/s: %7.0f exchanges/s, lost %d of %d DISCOVER and %d of %d REQUEST, ACK after %.2f ms on average, p99 %s ms, %.1f ms at most\n",
        driver, rate, acks / seconds, discovers - offers, discovers, requests - acks, requests, avg, p99, max
    }' "$out"
  [ -z "${SHOW_DROPS:-}" ] || for namespace in "$client" "qdhcp-$network"; do
    echo "  dropped before a socket of $namespace: $(ip netns exec "$namespace" awk '/:0043 / { print $NF }' /proc/net/udp | xargs)"
  done
}

wire_client
for driver in "${drivers[@]}"; do
  start_host "$driver"
  # The first rounds warm up: code is compiled, neighbours are found.
  ip netns exec "$client" perfdhcp -4 -l eth0 -r 500 -R "$clients" -p 3 10.0.0.2 > "$work/first" 2>&1 || true
  for rate in "${rates[@]}"; do measure "$driver" "$rate"; done
  stop_host
done
