// The ISP's files: pppoe-server's options, what runs when a session comes and goes, and the filter that drops what was not assigned.

/** Directory of the ISP's run-time state, in the guest. */
export const ISP_DIR = '/run/isp';
/** `ip netns exec isp` binds this over /etc/ppp: the router's pppd has an /etc/ppp of its own. */
export const ISP_ETC_PPP = '/etc/netns/isp/ppp';

export type Account = { user: string; password: string };

/** A word of pppd's files: a backslash makes the next character an ordinary one. */
const word = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

export const renderSecrets = (accounts: Account[]) => accounts.map(({ user, password }) => `${word(user)} * ${word(password)} *\n`).join('');

// The ISP's interface id must differ from what the client may choose, and it asks for a password by CHAP.
export const pppOptions = `require-chap
mtu 1492
mru 1492
lcp-echo-interval 10
lcp-echo-failure 3
noipdefault
nodefaultroute
ipv6 ::ffff,
ipcp-accept-remote
noccp
novj
ms-dns 203.0.113.10
logfile ${ISP_DIR}/pppd.log
ip-pre-up-script ${ISP_DIR}/ip-pre-up
ip-up-script ${ISP_DIR}/ip-up
ip-down-script ${ISP_DIR}/ip-down
ipv6-up-script ${ISP_DIR}/ipv6-up
ipv6-down-script ${ISP_DIR}/ipv6-down
`;

/**
 * The ISP's filter. Each session may send from what it was assigned and from nothing else; what is dropped is counted and its source
 * remembered. Without it a packet that left by the wrong link would be answered all the same, and a test would not notice.
 * The router's own refusals (a reset, an unreachable) of what nobody waits for any more follow the balance and not the address they
 * come from; they are dropped too, and counted apart, since they harm nobody.
 * `flows4` and `flows6` count the packets to the echo ports by session: with one packet a flow, that is the number of flows.
 */
export const filter = `table inet isp {
  set assigned4 { type ifname . ipv4_addr; }
  set assigned6 { type ifname . ipv6_addr; flags interval; }
  set addresses4 { type ipv4_addr; }
  set addresses6 { type ipv6_addr; flags interval; }
  set strangers4 { type ifname . ipv4_addr; flags dynamic; size 1024; counter; }
  set strangers6 { type ifname . ipv6_addr; flags dynamic; size 1024; counter; }
  set flows4 { type ifname; flags dynamic; size 1024; counter; }
  set flows6 { type ifname; flags dynamic; size 1024; counter; }
  set holes { type ifname; }
  counter refusals4 { }
  counter refusals6 { }
  counter spoofed4 { }
  counter spoofed6 { }
  chain arrive {
    type filter hook prerouting priority raw; policy accept;
    iifname != "ppp*" accept
    iifname @holes ip daddr != 224.0.0.0/4 drop
    iifname @holes ip6 saddr != fe80::/10 drop
    meta nfproto ipv4 goto arrive4
    meta nfproto ipv6 goto arrive6
  }
  chain arrive4 {
    iifname . ip saddr @assigned4 goto count4
    ip saddr @addresses4 icmp type destination-unreachable counter name refusals4 drop
    ip saddr @addresses4 tcp flags & rst == rst counter name refusals4 drop
    update @strangers4 { iifname . ip saddr counter } counter name spoofed4 drop
  }
  chain arrive6 {
    ip6 saddr fe80::/10 accept
    ip6 saddr :: accept
    iifname . ip6 saddr @assigned6 goto count6
    ip6 saddr @addresses6 icmpv6 type destination-unreachable counter name refusals6 drop
    ip6 saddr @addresses6 tcp flags & rst == rst counter name refusals6 drop
    update @strangers6 { iifname . ip6 saddr counter } counter name spoofed6 drop
  }
  chain count4 { udp dport 20000-59999 update @flows4 { iifname counter }; }
  chain count6 { udp dport 20000-59999 update @flows6 { iifname counter }; }
  chain leave {
    type filter hook postrouting priority raw; policy accept;
    oifname @holes ip6 daddr != { fe80::/10, ff00::/8 } drop
    oifname @holes meta nfproto ipv4 drop
  }
}
table netdev silence {
  set muted { type ether_addr; }
  chain arrive { type filter hook ingress device ispwan priority 0; ether saddr @muted drop; }
}
`;

/** Limits one session to the rate in ${ISP_DIR}/rate (Mbit/s, empty: none): download by its own queue, upload through an ifb. */
const shape = `#!/bin/sh
# shape DEV
rate=$(cat ${ISP_DIR}/rate 2>/dev/null)
up=up$\{1#ppp}
tc qdisc del dev $1 root 2>/dev/null
tc qdisc del dev $1 ingress 2>/dev/null
[ -n "$rate" ] || exit 0
[ -e /sys/class/net/$up ] || ip link add $up type ifb
ip link set $up up
tc -batch - <<BATCH
qdisc replace dev $1 root tbf rate \${rate}mbit burst 20kb latency 50ms
qdisc add dev $1 ingress
filter add dev $1 parent ffff: matchall action mirred egress redirect dev $up
qdisc replace dev $up root tbf rate \${rate}mbit burst 20kb latency 50ms
BATCH
`;

/**
 * Who has as many sessions as ${ISP_DIR}/limits allows him (USER NUMBER) gets another password, so the next dial is refused. An
 * account that is not there at all would end the server's pppd before it says a word.
 */
const quota = `#!/bin/sh
umask 077
exec 9>${ISP_DIR}/limits.lock
flock 9
[ -e ${ISP_DIR}/secrets ] || exit 0
for file in ${ISP_DIR}/sessions/*; do
  read -r _ _ _ pid _ 2>/dev/null <"$file" && [ ! -d "/proc/$pid" ] && rm -f "$file"
done
{
  sed 's/^/limit /' ${ISP_DIR}/limits
  cat ${ISP_DIR}/sessions/* 2>/dev/null | sed 's/^/session /'
  sed 's/^/secret /' ${ISP_DIR}/secrets
} | awk '
  $1 == "limit" { most[$2] = $3 }
  $1 == "session" { count[$6]++ }
  $1 == "secret" {
    name = $2
    gsub(/"/, "", name)
    if (name in most && count[name] + 0 >= most[name] + 0) print "\\"" name "\\" * \\"one too many\\" *"
    else print substr($0, 8)
  }
' >${ISP_ETC_PPP}/.next
# Never half of it: pppd may read it at any time.
cmp -s ${ISP_ETC_PPP}/.next ${ISP_ETC_PPP}/chap-secrets || mv ${ISP_ETC_PPP}/.next ${ISP_ETC_PPP}/chap-secrets
`;

/** While there are limits. ip-down may be ended by its own pppd before it has said that a session is over. */
const keepQuota = `#!/bin/sh
exec 8>${ISP_DIR}/limits.kept
flock -n 8 || exit 0
(while [ -s ${ISP_DIR}/limits ]; do ${ISP_DIR}/quota 8>&-; sleep 0.3 8>&-; done) </dev/null >/dev/null 2>&1 &
`;

/** All sessions of a user share the download rate in ${ISP_DIR}/rates/USER (Mbit/s), by one queue behind them. */
const share = `#!/bin/sh
# share DEV USER
[ -s ${ISP_DIR}/rates/$2 ] || exit 0
queue=acc-$2
[ -e /sys/class/net/$queue ] || ip link add $queue type ifb
ip link set $queue up
tc -batch - <<BATCH
qdisc replace dev $queue root tbf rate $(cat ${ISP_DIR}/rates/$2)mbit burst 20kb latency 50ms
qdisc replace dev $1 clsact
filter replace dev $1 egress pref 1 matchall action mirred egress redirect dev $queue
BATCH
`;

/** Of one port only this MAC is served: frames of PPPoE from any other are lost. */
export const onePort = (mac: string): string => `table netdev port {
  chain arrive { type filter hook ingress device ispwan priority 1; ether type { 0x8863, 0x8864 } ether saddr != ${mac} drop; }
}
`;

// pppd waits for this one before it brings the interface up: no packet comes before its address is known.
const ipPreUp = `#!/bin/sh
nft -f - <<NFT
add element inet isp assigned4 { $1 . $5 }
add element inet isp addresses4 { $5 }
NFT
`;

const ipUp = `#!/bin/sh
echo "$1 $5 $MACREMOTE $PPPD_PID $PEERNAME" >${ISP_DIR}/sessions/.$1
mv ${ISP_DIR}/sessions/.$1 ${ISP_DIR}/sessions/$1
${ISP_DIR}/shape $1
${ISP_DIR}/share $1 "$PEERNAME"
${ISP_DIR}/quota
`;

const ipDown = `#!/bin/sh
rm -f ${ISP_DIR}/sessions/$1
nft -f - <<NFT
delete element inet isp assigned4 { $1 . $5 }
delete element inet isp addresses4 { $5 }
NFT
ip link del up$\{1#ppp} 2>/dev/null
`;

/** Each session has a /64 of its own, told by RA and by nothing else. */
const prefixOf = `prefix=2001:db8:1$(printf %03d $\{1#ppp})`;

const ipv6Up = `#!/bin/sh
${prefixOf}
nft -f - <<NFT
add element inet isp assigned6 { $1 . $prefix::/64 }
add element inet isp addresses6 { $prefix::/64 }
NFT
ip -6 address add $prefix::ffff/64 dev $1 nodad
cat >${ISP_DIR}/radvd.$1.conf <<CONF
interface $1 {
  AdvSendAdvert on;
  MinRtrAdvInterval 3;
  MaxRtrAdvInterval 5;
  AdvDefaultLifetime 1800;
  UnicastOnly off;
  prefix $prefix::/64 { AdvOnLink on; AdvAutonomous on; };
};
CONF
exec radvd -C ${ISP_DIR}/radvd.$1.conf -p ${ISP_DIR}/radvd.$1.pid -m logfile -l ${ISP_DIR}/radvd.log -u root
`;

const ipv6Down = `#!/bin/sh
${prefixOf}
kill $(cat ${ISP_DIR}/radvd.$1.pid)
nft -f - <<NFT
delete element inet isp assigned6 { $1 . $prefix::/64 }
delete element inet isp addresses6 { $prefix::/64 }
NFT
`;

export const ispScripts: Record<string, string> = {
  shape,
  share,
  quota,
  'keep-quota': keepQuota,
  'ip-pre-up': ipPreUp,
  'ip-up': ipUp,
  'ip-down': ipDown,
  'ipv6-up': ipv6Up,
  'ipv6-down': ipv6Down,
};
