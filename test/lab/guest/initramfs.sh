#!/bin/busybox sh
# The guest's first program: makes the host's root (read-only, over 9p) the root, with a tmpfs above it, and goes on there.
bb=/bin/busybox
$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs dev /dev
while read -r module; do $bb insmod "$module"; done </modules/order

# loose: nothing on the host's side changes under a running guest, or it is not for the guest to see.
$bb mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=512000,cache=loose host /lower || { echo 'lab: no 9p root'; $bb poweroff -f; }
$bb mount -t tmpfs -o mode=755 upper /upper
$bb mkdir -p /upper/files /upper/work
$bb mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work root /root
for tree in proc sys dev; do $bb mount --move /$tree /root/$tree; done
project=$($bb sed -n 's/.*lab\.project=\([^ ]*\).*/\1/p' /root/proc/cmdline)
exec $bb switch_root /root /bin/sh "$project/test/lab/guest/init.sh"
