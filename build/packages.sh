# Sourced by scripts that need Debian packages. No service needs to run, and none starts.
PATH=$PATH:/usr/sbin:/sbin
has() { command -v "$1" > /dev/null; }

# A subshell, so that its trap is its own.
install() (
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  policy=/usr/sbin/policy-rc.d
  echo "$0: these Debian packages are needed, installing them: $*"
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy > /dev/null
    "${as_root[@]}" chmod 755 $policy
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
  fi
  "${as_root[@]}" apt-get update -qq || echo "$0: apt-get update failed, trying with the lists at hand"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
)
