// All that is not multidial's on a router, as text to compare: what must stay as it is, whatever we do.
import type { Lab } from './lab.ts';

/** One entry a line, sorted where the kernel gives no order. */
export type Theirs = {
  uci: string[];
  rules: string[];
  routes: string[];
  nexthops: string[];
  nft: string[];
  sysctls: string[];
  links: string[];
  addresses: string[];
};

const OUR_DEVICE = /\b(pppoe|md)-wan_\d\d\b/;
const OUR_PROTOCOL = /\bproto 77\b/;
const OUR_NEXTHOP = /^id 77\d{6} /;
const OUR_SETTINGS = /\/fib_multipath_(hash_policy|use_neigh|hash_fields)=/;

/** Counts, a key that each boot makes anew, and devices of ours. */
const VOLATILE = /nf_conntrack_count=|netdev_rss_key=|\/(neigh|conf)\/(pppoe|md)-wan_/;

const MARK = '@@@';

/** One script, since each command costs a fork under emulation. A route of several lines comes as one. */
const SCRIPT = `
section() { echo "${MARK}$1"; shift; "$@"; }
section uci sh -c 'for f in $(ls /etc/config | grep -v ^multidial$); do uci export $f; done'
section rules4 ip -N -4 rule
section rules6 ip -N -6 rule
section routes4 ip -N -o -4 route show table all
section routes6 ip -N -o -6 route show table all
section nexthops ip -N -o nexthop
section nft sh -c 'nft list tables | while read -r _ family name; do
  case "$family $name" in "inet multidial" | "inet fw4") ;; *) nft -s list table $family $name ;; esac
done; for chain in pbr_prerouting pbr_mark_0x010000; do nft -s list chain inet fw4 $chain 2>&1; done'
section sysctls sh -c 'cd /proc/sys/net && grep -rs "" ipv4 ipv6 core netfilter bridge | sed "s/:/=/"'
section links ls /sys/class/net
section addresses ip -o address
`;

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

/** The sections of an export that are not ours, and of the others' sections the options and items that are not. */
function withoutOurs(exported: string): string[] {
  const sections = exported.split(/\n(?=config |package )/);
  const theirs = sections.filter((section) => !/^config multidial\b/.test(section) && !/\n\toption multidial '/.test(section));
  const isOurs = (line: string) => /^\tlist network 'wan_\d\d'$/.test(line) || /^\toption ra_default '1'$/.test(line);
  return theirs.flatMap(lines).filter((line) => !isOurs(line));
}

export async function readTheirs(lab: Lab): Promise<Theirs> {
  const text = await lab.must(['sh', '-s'], { stdin: SCRIPT });
  const parts = new Map(
    text
      .split(MARK)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  );
  const of = (...names: string[]): string[] => names.flatMap((name) => lines(parts.get(name) ?? ''));
  const routes = of('routes4', 'routes6').map((line) => line.replace(/ (expires \S+|linkdown|dead)/g, '').trim());
  return {
    uci: withoutOurs(parts.get('uci') ?? ''),
    rules: of('rules4', 'rules6').filter((line) => !OUR_PROTOCOL.test(line)),
    routes: routes.filter((line) => !/ table 255\b/.test(line) && !OUR_PROTOCOL.test(line) && !OUR_DEVICE.test(line)).sort(),
    nexthops: of('nexthops').filter((line) => !OUR_NEXTHOP.test(line)),
    nft: of('nft'),
    sysctls: of('sysctls')
      .filter((line) => !OUR_SETTINGS.test(line) && !VOLATILE.test(line))
      .sort(),
    links: of('links').filter((name) => !OUR_DEVICE.test(name)),
    addresses: of('addresses')
      .map((line) =>
        line
          .replace(/^\d+: /, '')
          .replace(/\\.*/, '')
          .trim(),
      )
      .filter((line) => !OUR_DEVICE.test(line) && !/ inet6 fe80:/.test(line))
      .sort(),
  };
}

/** What one of them has and the other lacks, kind by kind; nothing where they are equal. */
export function difference(before: Theirs, after: Theirs): string[] {
  return (Object.keys(before) as (keyof Theirs)[]).flatMap((kind) => {
    if (before[kind].join('\n') === after[kind].join('\n')) return [];
    const lost = before[kind].filter((line) => !after[kind].includes(line)).map((line) => `${kind}: - ${line}`);
    const gained = after[kind].filter((line) => !before[kind].includes(line)).map((line) => `${kind}: + ${line}`);
    return lost.length + gained.length > 0 ? [...lost, ...gained] : [`${kind}: another order`];
  });
}

/** Reads until two looks in a row agree: others' scripts and netifd may still be at work. */
export async function settledTheirs(lab: Lab): Promise<Theirs> {
  let last = await readTheirs(lab);
  return lab.until(
    'what others have is at rest',
    async () => {
      const now = await readTheirs(lab);
      const isAtRest = difference(last, now).length === 0;
      last = now;
      return isAtRest && now;
    },
    60_000,
    1000,
  );
}
