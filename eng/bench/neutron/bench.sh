#!/usr/bin/env bash
# The figures of docs/performance.md beside neutron-dhcp-agent: both agents against one simulated Neutron (sim.py) and one RabbitMQ, one after
# the other, as shipped. Prints a table. Needs root, Debian's packages (below), and a machine that does nothing else meanwhile.
#
#   eng/bench/neutron/bench.sh [NETWORKS [PORTS]]   default: 100 networks with 10 ports each
#
# ONLY=dhcphost or ONLY=neutron measures one of them. KEEP=1 keeps the directory with the logs.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../../.." && pwd)
# shellcheck source=../../packages.sh
. "$top/eng/packages.sh"
need_packages rabbitmq-server neutron-dhcp-agent python3-oslo.messaging dnsmasq-base dnsmasq-utils iproute2 iptables
host=$top/artifacts/publish/DhcpHost/release/dhcphost
[ -x "$host" ] || [ "${ONLY:-}" = neutron ] || { echo "$host is missing: build it first (./run.sh check)" >&2; exit 1; }

networks=${1:-100} ports=${2:-10}
work=$(mktemp -d /tmp/dhcphost-sim.XXXXXX)
chmod 755 "$work" # neutron's dnsmasq reads its files as nobody
broker='' mapper='' simulator=''

finish() {
  [ -z "$simulator" ] || { kill "$simulator" 2>/dev/null && wait "$simulator" 2>/dev/null; } || true
  # Its start script alone would leave the broker itself behind.
  [ -z "$broker" ] || { kill -KILL -- "-$broker" 2>/dev/null && wait "$broker" 2>/dev/null; } || true
  [ -z "$mapper" ] || { kill "$mapper" 2>/dev/null && wait "$mapper" 2>/dev/null; } || true
  if [ -n "${KEEP:-}" ]; then echo "kept: $work" >&2; else rm -rf "$work"; fi
}
trap finish EXIT

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# A RabbitMQ of its own, by a port mapper, a cookie and a database of its own.
start_broker() {
  amqp=$(free_port) distribution=$(free_port) epmd_port=$(free_port)
  mkdir "$work/rabbit"
  echo '[].' > "$work/rabbit/plugins"
  epmd -port "$epmd_port" -address 127.0.0.1 & mapper=$!
  # In a directory of its own: where it is killed at the wrong moment it leaves a dump.
  (cd "$work/rabbit" && exec setsid env -i PATH="$PATH" LANG=C.UTF-8 HOME="$work/rabbit" ERL_EPMD_PORT="$epmd_port" \
    RABBITMQ_NODENAME="bench$$@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$amqp" RABBITMQ_DIST_PORT="$distribution" \
    RABBITMQ_MNESIA_BASE="$work/rabbit/mnesia" RABBITMQ_LOGS=- RABBITMQ_PID_FILE="$work/rabbit/pid" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$work/rabbit/plugins" RABBITMQ_CONFIG_FILE="$work/rabbit/none" RABBITMQ_CONF_ENV_FILE="$work/rabbit/none" \
    RABBITMQ_SERVER_START_ARGS="-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}" \
    /usr/lib/rabbitmq/bin/rabbitmq-server > "$work/rabbit/log" 2>&1) & broker=$!
  for _ in $(seq 300); do
    ! (: > "/dev/tcp/127.0.0.1/$amqp") 2>/dev/null || return 0
    kill -0 "$broker" 2>/dev/null || break
    sleep 0.2
  done
  echo "RabbitMQ did not start:" >&2
  tail "$work/rabbit/log" >&2
  return 1
}

measure() { # NAME COMMAND...
  local name=$1
  shift
  export PYTHONDONTWRITEBYTECODE=1
  echo "measuring $name" >&2
  /usr/bin/python3 "$here/sim.py" --url "rabbit://guest:guest@127.0.0.1:$amqp/" --host "bench-$name" --directory "$work/$name" \
    --seed "$$" --networks "$networks" --ports "$ports" ${SIM_OPTIONS:-} "$@" > "$work/$name.json" & simulator=$!
  wait "$simulator"
  simulator=
}

start_broker

if [ "${ONLY:-neutron}" = neutron ]; then
  mkdir "$work/neutron"
  cat > "$work/neutron/neutron.conf" <<CONF
[DEFAULT]
transport_url = rabbit://guest:guest@127.0.0.1:$amqp/
host = bench-neutron
state_path = $work/neutron/state
dns_domain = bench.example.
[oslo_concurrency]
lock_path = $work/neutron/lock
[agent]
root_helper =
CONF
  printf '[DEFAULT]\ninterface_driver = linuxbridge\n' > "$work/neutron/dhcp_agent.ini"
  measure neutron neutron-dhcp-agent --config-file "$work/neutron/neutron.conf" --config-file "$work/neutron/dhcp_agent.ini" \
    --log-file "$work/neutron/agent.log"
fi

if [ "${ONLY:-dhcphost}" = dhcphost ]; then
  mkdir "$work/dhcphost"
  cat > "$work/dhcphost/host.toml" <<CONF
[host]
name = "bench-dhcphost"
state_directory = "$work/dhcphost/state"
runtime_directory = "$work/dhcphost/run"
cache_directory = "$work/dhcphost/cache"
[plugins]
directories = ["$top/artifacts/plugins"]
[defaults]
interface_driver = "linuxbridge"
dns_domain = "bench.example."
[drivers.linuxbridge]
[sources.neutron.messaging]
transport_url = "rabbit://guest:guest@127.0.0.1:$amqp/"
[scripts]
directory = "$top/scripts"
[management]
socket = "$work/dhcphost/run/api.sock"
CONF
  measure dhcphost "$host" --config "$work/dhcphost/host.toml" run
fi

/usr/bin/python3 "$here/table.py" "$work"/*.json
