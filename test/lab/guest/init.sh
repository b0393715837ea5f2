#!/bin/sh
# The guest's second program, on the host's root: private directories, modules, the control network, then the control agent for good.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
word() { sed -n "s/.*lab\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }

# Before /tmp is covered: the project may lie below it.
mkdir -p /project
mount --bind "$(word project)" /project
for dir in /run /tmp /var/log /etc/ppp; do mkdir -p $dir && mount -t tmpfs tmpfs $dir; done
chmod 1777 /tmp
mkdir -p /dev/pts /dev/shm /run/netns /run/lock /run/pppd
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
[ -L /var/run ] || mount --bind /run /var/run

release=$(uname -r)
mkdir -p /lib/modules
ln -sfn "/project/build/lab/kernel/lib/modules/$release" "/lib/modules/$release"
modprobe -a af_packet ipv6 bridge macvlan 8021q veth dummy ifb wireguard \
  pppoe ppp_async ppp_synctty \
  nf_tables nft_chain_nat nft_masq nft_ct nft_nat nft_numgen nft_hash nft_redir nft_reject_inet nft_limit crc32c_generic nf_conntrack_netlink \
  sch_tbf sch_netem sch_ingress sch_fq_codel cls_matchall act_mirred 2>/run/modprobe.err
[ -c /dev/ppp ] || mknod /dev/ppp c 108 0

# pppd and pppoe-server of their own release: each runs through its own release's loader. The loader is copied under the program's
# name, because the kernel takes a process's name from the file it executes.
mkdir -p /run/ppp-loader
mkdir -p /usr/lib/pppd
for dir in /project/build/lab/ppp/usr/lib/pppd/*; do ln -sfn "$dir" "/usr/lib/pppd/${dir##*/}"; done
for program in pppd pppoe-server; do
  cp /project/build/lab/ppp/usr/lib64/ld-linux-x86-64.so.2 /run/ppp-loader/$program
  rm -f /usr/sbin/$program
  cat >/usr/sbin/$program <<WRAPPER
#!/bin/sh
exec /run/ppp-loader/$program --library-path /project/build/lab/ppp/usr/lib/x86_64-linux-gnu --argv0 $program /project/build/lab/ppp/usr/sbin/$program "\$@"
WRAPPER
  chmod 755 /usr/sbin/$program
done

ip link set lo up
ip link set eth0 name mgmt0
ip address add 10.0.2.15/24 dev mgmt0
ip link set mgmt0 up

# Every ping asks for time stamps, and the kernel turns them on and off by patching its own code, which under emulation of two
# processors kills it now and then. A socket that asks for them all the time keeps them on (29 is SO_TIMESTAMP).
python3 -c 'import signal, socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, 29, 1); signal.pause()' &

[ "$(readlink -f /usr/bin/node)" = "$(readlink -f "$(word node)")" ] || ln -sf "$(word node)" /usr/bin/node
node /project/build/lab/control-agent.mjs &
wait $!
cat /run/modprobe.err
poweroff -f 2>/dev/null || busybox poweroff -f
