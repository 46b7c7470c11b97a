#!/usr/bin/env bash
# Installs what the tests need, builds everything, checks the formatting, and runs all tests, two projects of them side by side.
# The last line is 'N passed, N failed, N skipped' for the whole run; the exit code is 0 only if none failed.
#
#   ./test.sh             all test projects
#   ./test.sh NAME...     only those whose name contains one of these, without the formatting check
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/packages.sh
. "$top/eng/packages.sh"
cd "$top"

need_dotnet
need_packages curl haproxy cloud-init dnsmasq-base dnsmasq-utils kea-dhcp4-server kea-dhcp6-server kea-admin udhcpc isc-dhcp-client isc-dhcp-relay dhcpcd-base iproute2 nftables iptables procps gcc libc6-dev systemd jq openvswitch-switch \
  rabbitmq-server mariadb-server neutron-server neutron-common neutron-dhcp-agent python3-pymysql python3-oslo.messaging

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
locked=()
[ "${CI:-}" != true ] || locked=(--locked-mode)
dotnet restore "${locked[@]}" -v quiet DhcpHost.sln
dotnet build DhcpHost.sln -c Release --no-restore -v quiet --nologo -clp:NoSummary
# The program as run.sh runs it, compiled ahead, is what is tested end to end.
dotnet publish src/DhcpHost -c Release --no-restore -p:BuildProjectReferences=false -v quiet --nologo -clp:NoSummary
export DHCPHOST_EXECUTABLE=$top/artifacts/publish/DhcpHost/release/dhcphost
if [ $# -eq 0 ]; then
  echo "checking the formatting"
  # Whitespace, line ends and encodings. All else that 'dotnet format' would look at, loading every project again, is an error of the build, or is in
  # DhcpHost.Architecture.Tests (StyleTests) where no build looks at it.
  dotnet format whitespace . --folder --verify-no-changes --include src/ plugins/ tests/
fi

passed=0 failed=0 skipped=0
results=$top/artifacts/test-results
rm -rf "$results" && mkdir -p "$results"

# run NAME: runs a test project into its log; its exit code is in NAME.code.
run() {
  local code=0
  "artifacts/bin/$1/release/$1" -noLogo -noColor > "$results/$1.log" 2>&1 < /dev/null || code=$?
  echo $code > "$results/$1.code"
}

# report NAME: says how it went, and counts it.
report() {
  local log=$results/$1.log summary total errors failures skips unasked
  echo "== $1"
  # Total: 5, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0, Time: 0.1s
  if summary=$(grep -E '^ *(.* )?Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+' "$log" | tail -n 1); then
    # The total has the tests that run only when they are asked for (not run); an error is no test, but a class's or a collection's end that failed.
    read -r total errors failures skips unasked < <(sed -E 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/' <<< "$summary")
    failed=$((failed + errors + failures)) skipped=$((skipped + skips)) passed=$((passed + total - failures - skips - unasked))
    echo "   $summary"
    if [ $((errors + failures + skips)) -gt 0 ]; then grep -v '^ *Total:' "$log" | tail -n 200; fi
  else
    # It ended without a summary: the process itself died.
    failed=$((failed + 1))
    echo "   died with exit code $(cat "$results/$1.code" 2> /dev/null || echo unknown)"
    tail -n 100 "$log"
  fi
}

chosen=()
for project in tests/*.Tests; do
  name=${project#tests/}
  [ $# -gt 0 ] || chosen+=("$name")
  for word in "$@"; do
    if [[ $name == *"$word"* ]]; then chosen+=("$name") && break; fi
  done
done

# One project at a time, but for two that wait for servers and clients most of their time: neither measures time, and each has names of its own for all
# that it makes. The second is a process group, so that what interrupts this script ends it, too.
first=DhcpHost.EndToEnd.Tests second=DhcpHost.NeutronLab.Tests group=
trap '[ -z "$group" ] || kill -- "-$group" 2> /dev/null || true' EXIT
[[ " ${chosen[*]} " == *" $first "* && " ${chosen[*]} " == *" $second "* ]] || first='' second=''
for name in "${chosen[@]}"; do
  [ "$name" != "$second" ] || continue
  if [ "$name" = "$first" ]; then
    set -m
    run "$second" &
    group=$!
    set +m
  fi
  run "$name"
  report "$name"
  if [ "$name" = "$first" ]; then
    wait "$group" || true
    group=
    report "$second"
  fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
