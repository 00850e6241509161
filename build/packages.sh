# Sourced by scripts that need Debian packages. No service needs to run, and none starts.
PATH=$PATH:/usr/sbin:/sbin
has() { command -v "$1" > /dev/null; }

# Installs packages, or says why that can't be and fails. A subshell, so that its trap is its own.
install() (
  has apt-get || { echo "$0: there is no apt-get here" >&2; exit 1; }
  [ "$(id -u)" = 0 ] || has sudo || { echo "$0: this is not root, and there is no sudo" >&2; exit 1; }
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
