// What is ours: the list as ARCHITECTURE.md gives it, and a router's kernel, uci and files as lines to compare.
import { readFileSync } from 'node:fs';
import type { Lab } from './lab.ts';
import { PROJECT } from './paths.ts';

/** `when` is what the list says: always, only on the way there, or only with a configuration that this one is not. */
export type Owned = { text: string; pattern: RegExp; when: 'always' | 'passing' | 'elsewhere' };

const PLACEHOLDERS: Record<string, string> = {
  LINK: '\\w+_\\d\\d',
  SLOT: '\\d{3}',
  GROUP: '\\d{3}',
  NUMBER: '\\d+',
  PREFIX: '\\S+',
  NUMBERS: '[\\d-]+',
  FILE: '.+',
};

function toPattern(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/[A-Z]{4,}/g, (word) => PLACEHOLDERS[word] ?? '[^ .=/]+')}$`);
}

/** The rows of the section's tables. */
export function readOwned(): Owned[] {
  const section = readFileSync(`${PROJECT}/ARCHITECTURE.md`, 'utf8').split('## What is ours\n')[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => {
    const [, what = '', note = ''] = row.split(/ ?\| ?/);
    const when = note.startsWith('only with ') ? 'elsewhere' : note.startsWith('only ') ? 'passing' : 'always';
    return [...what.matchAll(/`([^`]+)`/g)].map(([, text = '']) => ({ text, pattern: toPattern(text), when }));
  });
}

type Rule = { priority: number; protocol?: string };
type Route = { dst: string; dev?: string; metric?: number; protocol: string; table?: string; type?: string };

async function kernelFacts(lab: Lab): Promise<string[]> {
  const script = [
    'ip -N -j route show table all type unicast',
    'ip -N -j -6 route show table all type unicast',
    'ip -j nexthop',
    'nft -j list tables',
    'ip -N -j rule',
    'ip -N -j -6 rule',
  ].join("; printf '\\n'; ");
  const [routes4, routes6, nexthops, tables, rules4, rules6] = (await lab.must(script))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line)) as [
    Route[],
    Route[],
    { id: number; protocol: string }[],
    { nftables: { table?: { family: string; name: string } }[] },
    Rule[],
    Rule[],
  ];
  const devices = (await lab.must('ls /sys/class/net')).split('\n').filter(Boolean);
  // What lies on one device leaves with it, and its own line stands for it.
  const routes = [...routes4, ...routes6].filter((route) => route.protocol === '77' || !/^(pppoe|md)-/.test(route.dev ?? ''));
  return [
    ...routes.map(({ dst, metric, protocol, table }) => `route ${dst} ${table === undefined ? '' : `table ${table} `}metric ${metric ?? 0} proto ${protocol}`),
    ...nexthops.map(({ id, protocol }) => `nexthop ${id} proto ${protocol}`),
    ...tables.nftables.flatMap(({ table }) => (table ? [`table ${table.family} ${table.name}`] : [])),
    ...[...rules4, ...rules6].map((rule) => (rule.protocol === '77' ? `rule ${rule.priority} proto 77` : `rule ${JSON.stringify(rule)}`)),
    ...devices.map((device) => `device ${device}`),
  ];
}

/** Settings with their values, but those of single devices. */
async function settings(lab: Lab): Promise<Map<string, string>> {
  const text = await lab.must("grep -rH '' /proc/sys/net 2>/dev/null | grep -vE '/(conf|neigh)/|conntrack_count|flush:'; true");
  return new Map(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const at = line.indexOf(':');
        return [`setting ${line.slice('/proc/sys/'.length, at).replaceAll('/', '.')}`, line.slice(at + 1)];
      }),
  );
}

/** Sections, options and list items of others' packages; a section that was not there stands for its options. */
async function uciFacts(lab: Lab): Promise<Map<string, string>> {
  const text = await lab.must('for name in $(ls /etc/config | grep -v multidial); do uci show $name; done');
  return new Map(
    text
      .split('\n')
      .filter(Boolean)
      .flatMap((line): [string, string][] => {
        const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(line) ?? [];
        if (name.split('.').length === 2) return [[`${name}=${value}`, '']];
        const items = [...value.matchAll(/'([^']*)'/g)].map(([, item]) => item ?? '');
        return items.length > 1 ? items.map((item) => [`${name} ${item}`, '']) : [[name, value]];
      }),
  );
}

/** Files, links and directories with their mode and content; of the packages of others uci tells. */
async function fileFacts(lab: Lab): Promise<Map<string, string>> {
  const find = "find /etc /run /tmp -xdev -not -regex '/etc/config/\\(network\\|firewall\\|dhcp\\)'";
  const text = await lab.must(
    `${find} -type d -printf '%p\\t%m\\n'; ${find} -type l -printf '%p\\t%l\\n'; ${find} -type f -exec md5sum {} + 2>/dev/null | sed 's/^\\([^ ]*\\) *\\(.*\\)/\\2\\t\\1/'`,
    { timeoutMs: 120_000 },
  );
  const entries = text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t') as [string, string]);
  return new Map(entries.map(([path, value]) => [path.replace(/^\/run\//, '/var/run/'), value]));
}

export type Facts = { kernel: Map<string, string>; uci: Map<string, string>; files: Map<string, string> };

export async function readFacts(lab: Lab): Promise<Facts> {
  const kernel = new Map([...(await kernelFacts(lab)).map((fact): [string, string] => [fact, '']), ...(await settings(lab))]);
  return { kernel, uci: await uciFacts(lab), files: await fileFacts(lab) };
}

const differing = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((fact) => before.get(fact) !== after.get(fact));

/** What differs; options of a section that came or went are told by the section. */
export function differences(before: Facts, after: Facts): string[] {
  const uci = differing(before.uci, after.uci);
  const sections = new Set(uci.filter((fact) => /^[^ ]+=/.test(fact)).map((fact) => fact.split('=')[0]));
  const isTold = (fact: string) => !fact.includes('=') && sections.has(fact.split(' ')[0]?.split('.').slice(0, 2).join('.'));
  return [...differing(before.kernel, after.kernel), ...uci.filter((fact) => !isTold(fact)), ...differing(before.files, after.files)];
}
