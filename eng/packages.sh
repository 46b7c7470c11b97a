# Sourced by run.sh and test.sh: installs Debian packages that are missing.

# need_packages PACKAGE...: installs those of them that dpkg does not know as installed.
need_packages() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "dhcphost: these packages are missing: ${missing[*]}; install them, or run this as root (sudo)" >&2
    return 1
  fi
  echo "dhcphost: installing ${missing[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  without_services apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return 0
  apt-get update -qq >&2 && without_services apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# without_services COMMAND...: runs it while packages must not start the daemons that they bring (policy-rc.d answers 101: forbidden).
without_services() {
  local policy=/usr/sbin/policy-rc.d code=0 ours=no
  if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy"
  fi
  "$@" || code=$?
  [ $ours = no ] || rm -f "$policy"
  return $code
}

# need_dotnet: the .NET 10 SDK, which Debian 12 does not have.
need_dotnet() {
  if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
    echo "dhcphost: the .NET 10 SDK is missing; install it (package dotnet-sdk-10.0 of Microsoft's Debian repository) and run this again" >&2
    return 1
  fi
}
