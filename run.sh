#!/usr/bin/env bash
# Builds DhcpHost where something changed, and runs it.
#
#   ./run.sh              runs the host with host.toml (as root: it makes namespaces and servers)
#   ./run.sh ARGS...      runs any other dhcphost command; its standard output is the command's alone
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/packages.sh
. "$top/eng/packages.sh"

need_dotnet
need_packages udhcpc isc-dhcp-client iproute2 >&2

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
stamp=$top/artifacts/run.stamp
# What is published brings the framework of the SDK that published it: another SDK, another program.
sdks=$(dirname "$(readlink -f "$(command -v dotnet)")")/sdk
if [ ! -e "$stamp" ] || [ -n "$(find "$top/src" "$top/plugins" "$top"/Directory.* "$top"/eng/Composite.targets -newer "$stamp" -type f -print -quit)" ] ||
  [ -n "$(find "$sdks" -maxdepth 1 -cnewer "$stamp" -print -quit)" ]; then
  echo "dhcphost: building" >&2
  dotnet build "$top/eng/Product.slnf" -c Release -v quiet --nologo -clp:NoSummary >&2
  echo "dhcphost: compiling it ahead, and its scripts, which takes a minute or two" >&2
  dotnet publish "$top/src/DhcpHost" -c Release --no-restore -p:BuildProjectReferences=false -v quiet --nologo -clp:NoSummary >&2
  touch "$stamp"
fi

[ $# -gt 0 ] || set -- run
exec "$top/artifacts/publish/DhcpHost/release/dhcphost" --config "$top/host.toml" "$@"
