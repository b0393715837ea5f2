#!/bin/sh
# Fetches what the lab boots: Debian trixie's kernel, its ppp and pppoe, and a small initramfs, all into build/lab. Nothing is installed.
#
# trixie's on every host, so that a result does not depend on the host's release: its kernel is of OpenWrt 25.12's series,
# its pppd knows ipv6-up-script, which netifd passes, and its pppoe-server has kernel mode. Repeating it costs nothing.
set -eu
umask 022
cd "$(dirname "$0")/../.."
suite=trixie
lab=$PWD/build/lab
mkdir -p "$lab"

# Two runs at once would unpack into the same tree.
exec 9>"$lab/.prepare.lock"
flock 9

stamp=$lab/ready
[ -s "$stamp" ] && [ "$stamp" -nt test/lab/prepare.sh ] && [ "$stamp" -nt test/lab/guest/initramfs.sh ] && exit 0
rm -f "$stamp"

for tool in apt-get dpkg-deb depmod modprobe xz zstd cpio busybox; do
  command -v "$tool" >/dev/null || { echo "lab: '$tool' is missing: install apt dpkg kmod xz-utils zstd cpio busybox-static" >&2; exit 1; }
done

# The system's own Debian mirror; its security mirror has another label.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
[ -n "$mirror" ] || { echo "lab: apt knows no Debian mirror here: run 'apt-get update' first" >&2; exit 1; }

# A private apt with an empty status file: it downloads a program with all its libraries, and the system stays untouched.
apt=$lab/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/empty"
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/sources.list"
{
  apt-config dump | grep '^Acquire::' || :
  cat <<CONF
Dir::Etc::Parts "$apt/empty";
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "$apt/empty";
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
} >"$apt/apt.conf"
APT_CONFIG=$apt/apt.conf
export APT_CONFIG

echo "lab: reading the package lists of $mirror ($suite)"
apt-get -qq update

echo "lab: fetching ppp and pppoe with their libraries"
rm -rf "$lab/ppp" "$lab/kernel" "$apt/kernel"
mkdir -p "$lab/ppp" "$lab/kernel" "$apt/kernel"
rm -f "$apt"/cache/archives/*.deb
apt-get -qq -y --download-only --no-install-recommends install ppp pppoe >/dev/null
for package in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$package" "$lab/ppp"; done

kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)
echo "lab: fetching $kernel"
(cd "$apt/kernel" && apt-get -qq download "$kernel")
dpkg-deb -x "$apt"/kernel/*.deb "$lab/kernel"
rm -f "$apt"/kernel/*.deb "$apt"/cache/archives/*.deb
[ -e "$lab/kernel/lib" ] || ln -s usr/lib "$lab/kernel/lib"
release=$(ls "$lab/kernel/lib/modules")
depmod -b "$lab/kernel" "$release"

# A decompressed kernel boots by PVH, seconds sooner than its own decompressor under emulation. Where the payload lies stands in the
# header (Documentation/arch/x86/boot.rst: setup_sects, payload_offset, payload_length); its last four bytes are the unpacked size.
image=$(ls "$lab"/kernel/boot/vmlinuz-*)
field() { od -An "-t$3" -j "$1" -N "$2" "$image" | tr -d ' '; }
start=$((($(field 497 1 u1) + 1) * 512 + $(field 584 4 u4)))
length=$(($(field 588 4 u4) - 4))
tail -c "+$((start + 1))" "$image" | head -c "$length" | zstd -dcq >"$lab/vmlinux"

# The initramfs mounts the host's root and leaves; every other module is loaded from there.
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev" "$root/modules" "$root/lower" "$root/upper" "$root/root"
cp "$(command -v busybox)" "$root/bin/busybox"
for module in virtio_pci virtio_net 9pnet_virtio 9p overlay; do
  modprobe -d "$lab/kernel" -S "$release" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$lab/modules.boot"
while read -r file; do
  name=$(basename "$file" .xz)
  case $file in *.xz) xz -dc "$file" ;; *) cat "$file" ;; esac >"$root/modules/$name"
  echo "/modules/$name" >>"$root/modules/order"
done <"$lab/modules.boot"
cp test/lab/guest/initramfs.sh "$root/init"
chmod 755 "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet) >"$lab/initrd"

echo "$release" >"$stamp"
echo "lab: kernel $release is ready in build/lab"
