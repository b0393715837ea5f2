// The same by a handful of shell lines, as people paste them: what a set-up and a link's coming cost in processes there.
import type { Lab } from './lab.ts';

/** Where its uci works, so that nothing of it reaches the router. */
const CONFIG = '/tmp/by-shell';

/**
 * The guest has no jsonfilter, route and ifstatus: scripts in their place, each one exec as the real ones are, `ifstatus` with the
 * one ubus below it. None of them changes anything.
 */
const stands: Record<string, string> = {
  jsonfilter: 'while read -r line; do :; done\ncase "$2" in *nexthop) echo fe80::1 ;; *device) echo $DEVICES ;; *) echo $NAMES ;; esac',
  route: 'exit 0',
  ifstatus: 'ubus call "network.interface.$1" status',
};

/** Sections of so many sessions and their names in the firewall's zone; the macvlans go where they do no harm. */
const setUp = (sessions: number): string => `
uci() { command uci -c ${CONFIG} -t ${CONFIG}/changes "$@"; }
for n in $(seq 1 ${sessions}); do
  ip -n lan2 link add link eth0 name mac$n type macvlan
done
for n in $(seq 1 ${sessions}); do
  uci set network.dial$n=interface
  uci set network.dial$n.proto=pppoe
  uci set network.dial$n.username=somebody
  uci set network.dial$n.password=something
  uci set network.dial$n.metric=$((n + 1))
  uci set network.dial$n.ifname=mac$n
  uci set network.dial$n.ipv6=1
done
uci commit network
for name in $(uci show network | grep pppoe | awk -F. '{ print $2 }'); do
  uci add_list firewall.@zone[1].network=$name
done
uci commit firewall
`;

/** For each IPv6 that comes up: a route more to a prefix of everything, by every link that has one. */
const hook = `
[ "$ACTION" = ifup ] || exit 0
for name in $(ubus call network.interface dump | jsonfilter -e '@.interface[@.proto="dhcpv6" && @.up=true].interface'); do
  [ "$name" = "$INTERFACE" ] || continue
  devices=$(ubus call network.interface dump | jsonfilter -e '@.interface[@.proto="dhcpv6" && @.up=true].device')
  gateway=$(ifstatus "$name" | jsonfilter -e '@.route[1].nexthop')
  for device in $devices; do
    said=$(route -A inet6 add 2000::/3 gw "$gateway" dev "$device" 2>&1)
    logger -t by-shell "$device by $gateway: $said"
  done
done
`;

/** Programs whose execve succeeded below a script, one trace a process, so that those of a pipe don't mix. */
async function trace(lab: Lab, script: string, env: Record<string, string>): Promise<string[]> {
  await lab.write(`${CONFIG}/script`, script);
  const strace = 'rm -f /tmp/by-shell/trace.*; strace -ff --seccomp-bpf -qq -e trace=execve -o /tmp/by-shell/trace sh /tmp/by-shell/script >/dev/null';
  await lab.must(strace, { env, timeoutMs: 900_000 });
  const text = await lab.must('cat /tmp/by-shell/trace.*');
  const programs = [...text.matchAll(/^execve\("([^"]+)".* = 0$/gm)].map(([, path]) => path?.split('/').at(-1) ?? '');
  return programs.filter((program, at) => !(program === 'sh' && at === programs.indexOf('sh')));
}

export type ByShell = { setUp: string[]; up: string[] };

/** What both cost with `links`, of which the last has just come up. */
export async function countByShell(lab: Lab, links: readonly string[]): Promise<ByShell> {
  const paths = Object.entries(stands).map(([name, body]) => lab.write(`${CONFIG}/bin/${name}`, `#!/bin/sh\n${body}\n`, 0o755));
  await Promise.all(paths);
  await lab.must(`mkdir -p ${CONFIG}/changes && cp /etc/config/firewall ${CONFIG}/ && : >${CONFIG}/network`);
  const env = { PATH: `${CONFIG}/bin:/bin:/sbin:/usr/bin:/usr/sbin` };
  const both: ByShell = {
    setUp: await trace(lab, setUp(links.length), env),
    up: await trace(lab, hook, {
      ...env,
      ACTION: 'ifup',
      INTERFACE: `${links.at(-1)}_6`,
      NAMES: links.map((link) => `${link}_6`).join(' '),
      DEVICES: links.map((link) => `pppoe-${link}`).join(' '),
    }),
  };
  await lab.must(`for n in $(seq 1 ${links.length}); do ip -n lan2 link del mac$n; done; rm -rf ${CONFIG}`);
  return both;
}

/** `ubus 3, route 32`: names with their numbers. */
export function tally(programs: readonly string[]): string {
  const names = [...new Set(programs)];
  return names.map((name) => `${name} ${programs.filter((other) => other === name).length}`).join(', ');
}
