#!/usr/bin/env bash
# The DHCP drivers beside each other, by perfdhcp (Debian: kea-admin), with leases on the disk: how many four-message exchanges a second each
# serves without loss, and how long an OFFER and an ACK take at a rate that all of them serve. Some five minutes; needs root, the Release build
# (./run.sh check), and a machine that does nothing else meanwhile. Prints a table; removes what it made.
#
#   eng/bench/dhcp/bench.sh
#   DRIVERS="dnsmasq kea inprocess" CLIENTS=1000   the drivers, and how many clients come again and again
#   NEW=1                                          no client comes again: every exchange is a lease more. What dnsmasq writes for each grows with it
#   TRIAL=3 ROUNDS=5 ROUND=4                       seconds for which a rate is tried; how often, and for how many seconds, times are taken;
#                                                  default of the last: what 5,000 exchanges of each kind take, so that 50 are above the percentile
#   RATE=100                                       the rate at which times are taken; default half of what the slowest serves without loss
#   TIMES=only                                     takes times at RATE and does not look for what is served without loss
#   WORK=/var/tmp                                  a directory on a disk: a file system in memory hides what durable leases cost
#   KEEP=1                                         leave the working directory
#
# One host serves a network for each driver, on a bridge of its own; only one is asked at a time, and they take turns, so that what the
# machine does meanwhile hits all alike; another one begins each round, so that none always comes after the same one. Before each turn all files are
# synced: what a driver leaves in the page cache (Kea writes its leases and never waits for them) would else be written while another one is
# asked, and wait in that one's disk. No driver pays for that write then, its own included. The clients have their leases before anything is
# measured, and ask for them anew; times are also taken of clients that are new. A rate is served without loss if two of at most three trials lose no message, and perfdhcp sent as many as it should.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../../.." && pwd)
# shellcheck source=../../packages.sh
. "$top/eng/packages.sh"
read -r -a drivers <<< "${DRIVERS:-dnsmasq kea inprocess}"
clients=${CLIENTS:-1000} trial=${TRIAL:-3} rounds=${ROUNDS:-5} round=${ROUND:-} new=${NEW:-}
host=$top/artifacts/publish/DhcpHost/release/dhcphost
id=dhcpbench$$
server=10.0.0.2
patience=500000 # microseconds for which answers are awaited at the end
samples=5000 # exchanges of each kind whose times are taken
born=0      # clients that took part and do not come again
lowest=50   # exchanges a second; each rate of the grid is a sixth of an octave above the one before
steps=54    # up to 25600
host_pid=
work=

say() { echo "bench: $*" >&2; }

stop_host() {
  [ -n "$host_pid" ] || return 0
  kill -TERM "$host_pid" 2>/dev/null
  for ((i = 0; i < 200; i++)); do
    kill -0 "$host_pid" 2>/dev/null || break
    sleep 0.05
  done
  kill -KILL "$host_pid" 2>/dev/null
  host_pid=
}

finish() {
  set +e
  trap '' INT TERM HUP
  stop_host
  local driver
  for driver in "${drivers[@]}"; do
    # Drivers leave their servers running when the host ends.
    ip netns pids "qdhcp-$id-$driver" 2>/dev/null | xargs -r kill -KILL 2>/dev/null
    ip netns pids "$id-$driver" 2>/dev/null | xargs -r kill -KILL 2>/dev/null
    ip netns del "qdhcp-$id-$driver" 2>/dev/null
    ip netns del "$id-$driver" 2>/dev/null
    ip link del "$(bridge "$driver")" 2>/dev/null
  done
  [ -z "$work" ] || [ -n "${KEEP:-}" ] || rm -rf "$work"
}

bridge() { # DRIVER: a link's name has at most 15 characters
  echo "bd$(($$ % 100000))${1:0:7}"
}

start_host() {
  mkdir -p "$work/networks"
  cat > "$work/host.toml" <<CONFIG
[host]
state_directory = "$work/state"
runtime_directory = "$work/run"
cache_directory = "$work/cache"
[plugins]
directories = ["$top/artifacts/plugins"]
[drivers.bridge]
create_bridges = true
[drivers.dnsmasq]
config_file = "$work/site.conf"
[drivers.kea]
runtime_directory = "$work/kea"
[sources.files]
directory = "networks"
[scripts]
directory = "$top/scripts"
[management]
socket = "$work/run/api.sock"
CONFIG
  local driver ready
  for driver in "${drivers[@]}"; do
    cat > "$work/networks/$id-$driver.toml" <<NETWORK
bridge = "$(bridge "$driver")"
dhcp_driver = "$driver"
[[subnets]]
cidr = "10.0.0.0/12"
gateway = "10.0.0.1"
server_address = "$server"
pools = [{ start = "10.0.16.0", end = "10.15.255.250" }]
NETWORK
  done
  echo no-ping > "$work/site.conf" # else dnsmasq waits three seconds for a ping before each new offer
  chmod 644 "$work/site.conf"
  chmod 711 "$work" # dnsmasq's account passes to its files
  "$host" --config "$work/host.toml" run > "$work/log" 2>&1 &
  host_pid=$!
  for ((i = 0; i < 150; i++)); do
    ready=$("$host" --config "$work/host.toml" networks 2>/dev/null | grep -ci "$id.*ready") || true
    [ "$ready" -lt ${#drivers[@]} ] || return 0
    kill -0 "$host_pid" 2>/dev/null || break
    sleep 0.2
  done
  tail -20 "$work/log" >&2
  say "the host did not get all networks ready"
  exit 1
}

wire_client() { # DRIVER
  local driver=$1 outer
  outer=$(bridge "$driver")c
  ip netns add "$id-$driver"
  ip link add "$outer" type veth peer name eth0 netns "$id-$driver"
  ip link set "$outer" master "$(bridge "$driver")" up
  ip -n "$id-$driver" link set lo up
  ip -n "$id-$driver" link set eth0 up
  ip -n "$id-$driver" addr add 10.0.0.3/12 dev eth0
}

perf() { # DRIVER RATE SECONDS OPTION...: runs perfdhcp into the file perf
  local driver=$1 rate=$2 seconds=$3 who=(-R "$clients")
  shift 3
  sync
  if [ -n "$new" ]; then
    who=(-R 1000000 -b "mac=$(printf '02:0c:%02x:%02x:%02x:%02x' $((born >> 24 & 255)) $((born >> 16 & 255)) $((born >> 8 & 255)) $((born & 255)))")
    born=$((born + rate * seconds * 2))
  fi
  ip netns exec "$id-$driver" perfdhcp -4 -l eth0 -r "$rate" "${who[@]}" -p "$seconds" -W "$patience" "$@" "$server" > "$work/perf" 2>&1 || true
  drain "$driver"
}

drain() { # DRIVER: waits until the server has read what is left of an overload, or it would take the next one's turn
  local waiting
  for ((i = 0; i < 300; i++)); do
    waiting=$(ip netns exec "qdhcp-$id-$1" awk '
      FILENAME ~ /udp$/ && $2 ~ /:0043$/ { split($5, queue, ":"); if (queue[2] != "00000000") n++ }
      FILENAME ~ /packet$/ && FNR > 1 && $7 > 0 { n++ }
      END { print n + 0 }' /proc/net/udp /proc/net/packet)
    [ "$waiting" != 0 ] || return 0
    sleep 0.1
  done
}

warm_up() { # DRIVER: gives every client its lease; code is compiled and neighbours are found meanwhile
  local driver=$1 rate=1000
  [ "$driver" != dnsmasq ] || rate=150
  perf "$driver" "$rate" $(((clients + rate - 1) / rate + 1))
}

totals() { # of the file perf: DISCOVERs sent, OFFERs, REQUESTs sent, ACKs
  awk '/^\*\*\*Statistics for: / { exchange = $3 }
    /^sent packets:/ { sent[exchange] = $3 }
    /^received packets:/ { received[exchange] = $3 }
    END { d = "DISCOVER-OFFER***"; r = "REQUEST-ACK***"; print sent[d] + 0, received[d] + 0, sent[r] + 0, received[r] + 0 }' "$work/perf"
}

serves() { # DRIVER RATE: whether it serves the rate without loss
  local driver=$1 rate=$2 clean=0 failed=0 discovers offers requests acks lost
  while [ $clean -lt 2 ] && [ $failed -lt 2 ]; do
    perf "$driver" "$rate" "$trial" -D "$rate" # ends when as many wait for an answer as are sent in a second: it will not catch up
    read -r discovers offers requests acks < <(totals)
    lost=$((discovers - offers + requests - acks))
    if [ $lost -ne 0 ]; then
      failed=$((failed + 1))
      bound[$driver]=
    elif [ "$discovers" -lt $((rate * trial * 97 / 100)) ]; then
      failed=$((failed + 1))
      bound[$driver]=client
    else
      clean=$((clean + 1))
    fi
    say "$driver at $rate/s: $discovers sent, $lost lost"
  done
  [ $clean -eq 2 ]
}

rate_of() { # STEP
  awk -v lowest=$lowest -v step="$1" 'BEGIN { printf "%d\n", lowest * 2 ^ (step / 6) + 0.5 }'
}

search() { # halves the range of each driver, in turns, until it is one step wide
  local driver middle open=1
  for driver in "${drivers[@]}"; do low[$driver]=-1 high[$driver]=$((steps + 1)); done
  while [ $open -gt 0 ]; do
    open=0
    for driver in "${drivers[@]}"; do
      [ $((high[$driver] - low[$driver])) -gt 1 ] || continue
      open=1
      middle=$(((low[$driver] + high[$driver]) / 2))
      if serves "$driver" "$(rate_of $middle)"; then low[$driver]=$middle; else high[$driver]=$middle limit[$driver]=${bound[$driver]}; fi
    done
  done
  for driver in "${drivers[@]}"; do
    best[$driver]=0
    [ "${low[$driver]}" -lt 0 ] || best[$driver]=$(rate_of "${low[$driver]}")
  done
}

take_times() { # DRIVER RATE: adds the milliseconds of each exchange to the files DRIVER.offer and DRIVER.ack, of new clients to DRIVER.new.offer and so on
  patience=300000 perf "$1" "$2" "$round" -x t
  awk -v offer="$work/$1${new:+.new}.offer" -v ack="$work/$1${new:+.new}.ack" '
    /^\*\*\*Timestamps for packets: / { file = $4 ~ /^DISCOVER/ ? offer : ack }
    $1 == "sent" && $3 == "received:" { printf "%.3f\n", ($6 - $4) * 1000 >> file }' "$work/perf"
}

times() { # FILE: the median and the 99th percentile
  sort -g "$1" 2>/dev/null | awk '
    { v[NR] = $1 }
    function at(p, n) { n = int(NR * p / 100 + 0.999999); return v[n < 1 ? 1 : n] }
    END { if (NR) printf "%.2f / %.2f", at(50), at(99); else printf "-" }'
}

table() { # RATE
  local driver most row='%-10s | %14s | %15s | %15s | %15s | %15s\n'
  echo "Exchanges a second without loss; median and 99th percentile in ms at $1 exchanges a second. $clients clients; leases on $(df --output=fstype "$work" | tail -1)."
  # shellcheck disable=SC2059
  printf "$row" driver "without loss" OFFER ACK "OFFER, new" "ACK, new"
  for driver in "${drivers[@]}"; do
    most=${best[$driver]:+${best[$driver]}/s}
    [ -n "$most" ] || most=-
    [ "${limit[$driver]:-}" != client ] || most=">= $most"
    # shellcheck disable=SC2059
    printf "$row" "$driver" "$most" "$(times "$work/$driver.offer")" "$(times "$work/$driver.ack")" \
      "$(times "$work/$driver.new.offer")" "$(times "$work/$driver.new.ack")"
  done
}

[ "$(id -u)" = 0 ] || { say "needs root"; exit 1; }
[ -x "$host" ] || { say "build first: ./run.sh check"; exit 1; }
need_packages kea-admin kea-dhcp4-server dnsmasq-base >&2
declare -A low high best bound limit
trap finish EXIT
trap 'exit 130' INT TERM HUP
work=$(mktemp -d "${WORK:-/var/tmp}/dhcphost-bench.XXXXXX")
case $(df --output=fstype "$work" | tail -1) in tmpfs | ramfs) say "$work is in memory: set WORK to a directory on a disk"; exit 1 ;; esac
say "starting"
start_host
for driver in "${drivers[@]}"; do wire_client "$driver"; done
for driver in "${drivers[@]}"; do warm_up "$driver"; done
rate=${RATE:-}
[ -n "$rate" ] || [ "${TIMES:-}" != only ] || { say "TIMES=only needs a RATE"; exit 1; }
[ "${TIMES:-}" = only ] || search
if [ -z "$rate" ]; then
  for driver in "${drivers[@]}"; do
    half=$((best[$driver] / 2))
    [ -n "$rate" ] && [ "$rate" -le $half ] || rate=$half
  done
fi
[ "$rate" -gt 0 ] || { say "there is no rate that all of them serve without loss"; rate=$((lowest / 2)); }
[ -n "$round" ] || round=$(((samples + rounds * rate - 1) / (rounds * rate)))
for ((n = 1; n <= rounds; n++)); do
  say "times at $rate/s, round $n of $rounds"
  first=$(((n - 1) % ${#drivers[@]}))
  for driver in "${drivers[@]:first}" "${drivers[@]:0:first}"; do
    [ -n "${NEW:-}" ] || new='' take_times "$driver" "$rate"
    new=1 take_times "$driver" "$rate"
  done
done
table "$rate"
