#!/bin/sh
# Makes this machine ready for one purpose: tools/setup.sh check|build|test|demo. Says what it installs; does nothing the second time.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-check}

fail() {
  echo "multidial: $*" >&2
  exit 1
}

node_needed='multidial needs Node.js 20.19 or later'
command -v node >/dev/null 2>&1 || fail "$node_needed, and there is none (Debian 13 has it: apt-get install nodejs npm)."
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
  fail "$node_needed; this is $(node --version)."
command -v npm >/dev/null 2>&1 || fail 'multidial needs npm (apt-get install npm).'

# What tools/build-quickjs.sh takes.
quickjs='gcc make dpkg-dev libc6-dev gcc-mipsel-linux-gnu libc6-dev-mipsel-cross qemu-user-static debian-archive-keyring'
# What the lab takes: the guest sees this machine's programs.
lab='qemu-system-x86 iproute2 nftables wireguard-tools iperf3 iputils-ping busybox-static kmod cpio radvd dnsmasq-base tcpdump conntrack xz-utils zstd strace procps python3 curl'
browser='chromium fonts-noto-cjk'
case $purpose in
  check | build) packages= ;;
  demo) packages="$quickjs $lab" ;;
  test) packages="$quickjs $lab $browser" ;;
  *) fail "no such purpose: $purpose (check, build, test, demo)" ;;
esac

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    fail 'installing packages needs root, and there is no sudo here: run this as root.'
  fi
}

if [ -n "$packages" ]; then
  release=$(. /etc/os-release 2>/dev/null && echo "${ID:-unknown} ${VERSION_ID:-}") || release=unknown
  case "$release $(uname -m)" in
    'debian 12 x86_64' | 'debian 13 x86_64') ;;
    *) fail "'make $purpose' runs on Debian 12 or 13 on x86-64; this is $release on $(uname -m)." ;;
  esac
  missing=
  for package in $packages; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
    [ "$state" = installed ] || missing="$missing $package"
  done
  # The lists of Debian are read by build-quickjs.sh as well.
  lists=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
  if [ -n "$missing" ] || [ -z "$lists" ]; then
    [ -z "$missing" ] || echo "multidial: installing the Debian packages$missing"
    as_root apt-get -qq update
  fi
  # shellcheck disable=SC2086 # a list of names
  [ -z "$missing" ] || as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null
fi

# Times mislead after a checkout, so the lock file that was installed is kept to compare with.
mkdir -p build
exec 9>build/.setup.lock
flock 9
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  echo 'multidial: installing the npm packages of package-lock.json'
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock.json
fi
