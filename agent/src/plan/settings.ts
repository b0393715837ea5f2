// Kernel settings for sharing by flow, the file that brings them back after a reboot, and the values they had before.
import type { Config } from '../config/parse.ts';
import type { Problem } from '../contract/index.ts';
import { groupsOf } from './members.ts';
import type { Balance } from './members.ts';

/** Reads a setting by its dotted name; undefined where this kernel has none such. */
export type ReadSetting = (key: string) => string | undefined;

/** `writes` go to /proc/sys; `file` is the new text of our file under /etc/sysctl.d, null to remove it, undefined to leave it. */
export type SettingsPlan = { writes: { key: string; value: string }[]; file: string | null | undefined };

const POLICY4 = 'net.ipv4.fib_multipath_hash_policy';
const POLICY6 = 'net.ipv6.fib_multipath_hash_policy';
const FIELDS6 = 'net.ipv6.fib_multipath_hash_fields';
const CUSTOM = '3';
/** Source and destination address. */
const ADDRESSES = '3';

function wantedSettings(hash: 'l3' | 'l4', read: ReadSetting): [string, string][] {
  // IPv6 has no use_neigh; on ppp devices it has no effect, on Ethernet members it leaves a dead gateway out.
  const neigh: [string, string] = ['net.ipv4.fib_multipath_use_neigh', '1'];
  if (hash === 'l4') return [[POLICY4, '1'], [POLICY6, '1'], neigh];
  // IPv6's own policy 0 counts the flow label, and every connection has another one: only chosen fields (kernel 5.13
  // and newer) keep two hosts on one link.
  const six: [string, string][] =
    read(FIELDS6) === undefined
      ? [[POLICY6, '0']]
      : [
          [FIELDS6, ADDRESSES],
          [POLICY6, CUSTOM],
        ];
  return [[POLICY4, '0'], ...six, neigh];
}

/** The kernel knows one policy for all: the first group's counts, the others are told. */
export function chooseHash(config: Config): { hash: 'l3' | 'l4'; problems: Problem[] } {
  const groups = groupsOf(config);
  const hash = groups[0]?.hash ?? 'l4';
  const problems = groups
    .filter((group) => group.hash !== hash)
    .map(
      (group): Problem => ({
        code: 'hash_conflict',
        severity: 'warning',
        section: `group.${group.name}`,
        option: 'hash',
        details: { wanted: group.hash, got: hash },
      }),
    );
  return { hash, problems };
}

/** Without its setting for IPv6 a kernel is older than 4.17, and so than weights in IPv6: it keeps 1 for each. */
export function withoutWeights6(balances: Balance[], read: ReadSetting): { balances: Balance[]; problems: Problem[] } {
  const isOld = read(POLICY6) === undefined;
  const weighted = balances.filter(({ family, links }) => isOld && family === 'ipv6' && links.some((link) => link.weight > 1));
  return {
    balances: balances.map((balance) => (weighted.includes(balance) ? { ...balance, links: balance.links.map((link) => ({ ...link, weight: 1 })) } : balance)),
    problems: weighted.length ? [{ code: 'weights6_unsupported', severity: 'warning' }] : [],
  };
}

const FORMER = /^# before: (\S+)=(.*)$/;

/** The values noted in our file from before our first write. A line without its end was cut by a power failure: no note. */
function parseFormer(file: string | undefined): Map<string, string> {
  const lines = (file ?? '').split('\n').slice(0, -1);
  const notes = lines.flatMap((line) => {
    const match = FORMER.exec(line);
    return match?.[1] !== undefined && match[2] !== undefined ? [[match[1], match[2]] as const] : [];
  });
  return new Map(notes);
}

/** The value after `KEY=` in our file: what we last asked for. */
function parseOurs(file: string): Map<string, string> {
  const lines = file.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return line.startsWith('#') || at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  return new Map(lines);
}

function renderFile(former: ReadonlyMap<string, string>, wanted: readonly [string, string][]): string {
  const notes = [...former].map(([key, value]) => `# before: ${key}=${value}`);
  return `${['# Written by multidial; `multidial reset` puts the values of before back.', ...notes, ...wanted.map(([key, value]) => `${key}=${value}`)].join('\n')}\n`;
}

/** Settings for `hash`, or with `hash` undefined the way back. */
export function planSettings(hash: 'l3' | 'l4' | undefined, read: ReadSetting, file: string | undefined): SettingsPlan {
  const former = parseFormer(file);
  if (hash === undefined) {
    if (file === undefined) return { writes: [], file: undefined };
    const ours = parseOurs(file);
    // A value that is not ours any more was set by somebody since: it stays.
    const writes = [...former].filter(([key, value]) => read(key) === ours.get(key) && read(key) !== value).map(([key, value]) => ({ key, value }));
    return { writes, file: null };
  }
  const wanted = wantedSettings(hash, read).filter(([key]) => read(key) !== undefined);
  for (const [key] of wanted) if (!former.has(key)) former.set(key, read(key) ?? '');
  // A key that the other hash needed goes back to what it was before.
  const left = [...former].filter(([key]) => wanted.every(([other]) => other !== key));
  for (const [key] of left) former.delete(key);
  const ours = parseOurs(file ?? '');
  const restored = left.filter(([key]) => read(key) === ours.get(key)); // a value that somebody set since stays
  const text = renderFile(former, wanted);
  return {
    writes: [...restored, ...wanted].filter(([key, value]) => read(key) !== value).map(([key, value]) => ({ key, value })),
    file: text === file ? undefined : text,
  };
}
