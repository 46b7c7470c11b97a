#!/usr/bin/env bash
# Many networks in one host: the figures of docs/performance.md that speak of scale. Needs root, curl, udhcpc, dnsmasq, haproxy, and
# a machine that does nothing else meanwhile; some minutes. Removes what it made.
#
#   eng/bench/scale.sh [NETWORKS] [PAIRS] [SAMPLE]      1000, 200 and 50 where not said
#
# NETWORKS networks, each on a bridge of its own, served by the drivers inprocess and metadata (forced, documents): time until all are
# Ready, memory, threads, sockets; a lease for udhcpc and a document for curl on SAMPLE of them; all of it again after a restart of the
# host. Then PAIRS networks on both kinds of drivers, to compare what a network costs beside dnsmasq and haproxy: a network's share of
# the host's private memory (against a host without networks), and its children's. Private memory is Private_* of /proc/PID/smaps_rollup.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
networks=${1:-1000} pairs=${2:-200} sample=${3:-50}
work=$(mktemp -d /tmp/dhcphost-scale.XXXXXX)
id=scale$$
host_pid=
made_bridges=0

finish() {
  set +e
  [ -z "$host_pid" ] || stop_host
  clean_networks
  seq -f "link del br$$x%.0f" 0 $((made_bridges - 1)) | ip -batch - -force 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

stop_host() {
  kill -TERM "$host_pid"
  while kill -0 "$host_pid" 2>/dev/null; do sleep 0.05; done
  host_pid=
}

namespaces() { ls /run/netns | awk -v p="$1$id-" 'index($1, p) == 1'; }

server_pids() { # of the servers in the networks' namespaces: they carry this run's name in their command lines
  grep -lzs -- "$id-" /proc/[0-9]*/cmdline | cut -d/ -f3 | while read -r pid; do
    case $(readlink "/proc/$pid/exe") in */dnsmasq | */haproxy) echo "$pid" ;; esac
  done
}

clean_networks() {
  server_pids | xargs -r kill -KILL 2>/dev/null || true
  { namespaces qdhcp-; namespaces ""; } | sed 's/^/netns del /' | ip -batch - -force 2>/dev/null || true
}

write_config() { # DHCP_DRIVER METADATA_DRIVER
  rm -rf "$work/state" "$work/run" "$work/networks"
  mkdir -p "$work/networks" "$work/documents"
  cat > "$work/host.toml" <<EOF
[host]
state_directory = "$work/state"
runtime_directory = "$work/run"
cache_directory = "$work/cache"
[defaults]
dhcp_driver = "$1"
metadata_driver = "$2"
metadata = "forced"
[plugins]
directories = ["$top/artifacts/plugins"]
[drivers.metadata]
mode = "documents"
documents_directory = "$work/documents"
[drivers.haproxy]
metadata_proxy_socket = "$work/metadata_proxy"
[sources.files]
directory = "networks"
[scripts]
directory = "$top/scripts"
[management]
socket = "$work/run/api.sock"
EOF
}

write_networks() { # COUNT: ten reservations each
  awk -v count="$1" -v id="$id" -v bridge="br$$x" -v dir="$work/networks" 'BEGIN {
    for (n = 0; n < count; n++) {
      file = dir "/" id "-" n ".toml"
      printf "bridge = \"%s%d\"\n\n[[subnets]]\ncidr = \"10.0.0.0/24\"\nserver_address = \"10.0.0.2\"\n", bridge, n > file
      for (p = 0; p < 10; p++)
        printf "\n[[reservations]]\nmac = \"fa:16:3e:%02x:%02x:%02x\"\naddresses = [\"10.0.0.%d\"]\nhostname = \"host-%d-%d\"\n", int(n / 256), n % 256, p, 10 + p, n, p > file
      close(file)
    }
  }'
}

start_host() { # COUNT: starts the host and waits until COUNT networks are Ready; sets host_pid, answering, ready, cpu
  local line
  line=$("$work/dhcpbench" ready "$work/run/api.sock" "$1" "$top/artifacts/publish/DhcpHost/release/dhcphost" --config "$work/host.toml" run 2>"$work/log") ||
    { tail -20 "$work/log" >&2; exit 1; }
  host_pid=${line##*pid=}
  ready=$(sed -E 's/.*ready_ms=([0-9]+).*/\1/' <<< "$line")
  cpu=$(awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); printf "%.1f", ($12 + $13) / hz }' "/proc/$host_pid/stat")
}

private_kb() { # of the processes whose ids are on standard input
  sed 's|.*|/proc/&/smaps_rollup|' | xargs -r cat 2>/dev/null | awk '/^Private_(Clean|Dirty):/ { sum += $2 } END { print sum + 0 }'
}

settle() { sleep 15; host_kb=$(private_kb <<< "$host_pid"); } # the host gives the start's memory back after the first sync

host_row() { # WHAT
  printf '%-34s %8s %7s %8.1f %11.1f %8d %8d %8d\n' "$1" "$ready" "$cpu" \
    "$(awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$host_pid/status")" "$(awk -v kb="$host_kb" 'BEGIN { print kb / 1024 }')" \
    "$(awk '/^Threads/ { print $2 }' "/proc/$host_pid/status")" \
    "$(find "/proc/$host_pid/fd" -lname 'socket:*' 2>/dev/null | wc -l)" "$(find "/proc/$host_pid/fd" -type l 2>/dev/null | wc -l)"
}

client() { # NETWORK: a client on it gets its lease and its document; prints the milliseconds of each
  local n=$1 ns=$id-client-$1 start leased name
  ip netns add "$ns"
  ip link add "vc$$x$n" type veth peer name eth0 address "$(printf 'fa:16:3e:%02x:%02x:00' $((n / 256)) $((n % 256)))" netns "$ns"
  ip link set "vc$$x$n" master "br$$x$n" up
  ip -n "$ns" link set eth0 up
  start=${EPOCHREALTIME/./}
  ip netns exec "$ns" udhcpc -i eth0 -f -q -n -t 10 -T 1 -O staticroutes -s "$work/udhcpc.sh" > "$work/client-$n" 2>&1 ||
    { echo "network $n: no lease: $(cat "$work/client-$n")" >&2; return 1; }
  leased=${EPOCHREALTIME/./}
  name=$(ip netns exec "$ns" curl -sS --fail --max-time 10 http://169.254.169.254/latest/meta-data/hostname) || { echo "network $n: no document" >&2; return 1; }
  [[ $name == "host-$n-0"* ]] || { echo "network $n: the document of another: $name" >&2; return 1; }
  echo "$(((leased - start) / 1000)) $(((${EPOCHREALTIME/./} - leased) / 1000))"
}

sample_clients() { # COUNT: on SAMPLE of COUNT networks, all that way; fails where one of them gets nothing
  local i n
  for ((i = 0; i < sample; i++)); do
    n=$((i * $1 / sample))
    client "$n" >> "$work/clients" || { echo "a client got nothing" >&2; return 1; }
    ip netns del "$id-client-$n"
  done
  awk -v what="$2" -v sample="$sample" '{ l[NR] = $1; d[NR] = $2 }
    function middle(v) { n = asort_(v); return v[int((NR + 1) / 2)] }
    function asort_(v, i, j, t) { for (i = 2; i <= NR; i++) { t = v[i]; for (j = i - 1; j > 0 && v[j] > t; j--) v[j + 1] = v[j]; v[j + 1] = t } return NR }
    END { ml = middle(l); md = middle(d); printf "  %d of %d clients %s: lease in %d ms (longest %d), document in %d ms (longest %d)\n", NR, sample, what, ml, l[NR], md, d[NR] }' "$work/clients"
  rm "$work/clients"
}

in_process() { # COUNT
  write_config inprocess metadata
  write_networks "$1"
  start_host "$1"; settle
  host_row "$1 in-process, first start"
}

# --------------------------------------------------------------------------------------------------------------------------------------

gcc -O2 -o "$work/dhcpbench" "$here/dhcpbench.c"
cat > "$work/udhcpc.sh" <<'EOF'
#!/bin/sh
[ "$1" = bound ] || exit 0
ip address add "$ip/$mask" dev "$interface"
set -- $staticroutes
while [ $# -ge 2 ]; do
  case $2 in 0.0.0.0) ip route add "$1" dev "$interface" scope link ;; *) ip route add "$1" via "$2" dev "$interface" ;; esac
  shift 2
done
EOF
chmod +x "$work/udhcpc.sh"
most=$((networks > pairs ? networks : pairs))
{ seq -f "link add br$$x%.0f type bridge" 0 $((most - 1)); seq -f "link set br$$x%.0f up" 0 $((most - 1)); } > "$work/bridges"
made_bridges=$most
ip -batch "$work/bridges"

write_config inprocess metadata
mkdir -p "$work/networks"
start_host 0; stop_host # compiles the scripts, once for all
printf '%-34s %8s %7s %8s %11s %8s %8s %8s\n' "" "Ready ms" "CPU s" "RSS MiB" "private MiB" threads sockets files
start_host 0; settle; host_row "no network"; none_kb=$host_kb; stop_host

in_process "$networks"; many_kb=$host_kb
sample_clients "$networks" "after the first start"
stop_host
start_host "$networks"; settle; host_row "$networks in-process, restart"; again_kb=$host_kb
sample_clients "$networks" "after the restart"
touched=$(grep -cE 'server\.(reloaded|restarted)' "$work/log" || true)
stop_host
clean_networks
in_process "$pairs"; few_kb=$host_kb
stop_host
clean_networks

write_config dnsmasq haproxy
write_networks "$pairs"
start_host "$pairs"; settle; pair_kb=$host_kb
host_row "$pairs with dnsmasq and haproxy"
count=$(server_pids | wc -l) children_kb=$(server_pids | private_kb)
stop_host

awk -v none="$none_kb" -v many="$many_kb" -v again="$again_kb" -v few="$few_kb" -v pair="$pair_kb" -v children="$children_kb" \
  -v n="$networks" -v p="$pairs" -v count="$count" -v touched="$touched" 'BEGIN {
  printf "\nprivate memory of one network, KiB        host  children     in all\n"
  row("in-process, of " n, (many - none) / n, 0)
  row("in-process, of " n " after the restart", (again - none) / n, 0)
  row("in-process, of " p, (few - none) / p, 0)
  row("dnsmasq and haproxy, of " p, (pair - none) / p, children / p)
  total = (pair - none + children) / p
  printf "ratio at %d: 1 to %.1f; with %d against %d: 1 to %.1f. %d children. Servers reloaded or restarted after the restart: %d\n", p, total / ((few - none) / p), n, p, total / ((many - none) / n), count, touched
}
function row(what, host, child) { printf "%-38s %7.1f %9.1f %10.1f\n", what, host, child, host + child }'
