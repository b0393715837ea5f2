// An interface of somebody's as the first link of a line: what is set in it is noted with its former value, and given back.
import type { Line } from '../config/parse.ts';
import { checkValue, schema } from '../contract/index.ts';
import type { PppoeInterface, Problem, UciChange } from '../contract/index.ts';
import { isOurs, NOTE_TYPE, TAG } from '../owned.ts';
import { withChanges } from '../uci/edit.ts';
import { scalarOf } from '../uci/package.ts';
import type { UciPackage, UciSection } from '../uci/package.ts';
import type { WantedSection } from './uci.ts';

/** An interface, the link it is for, and the options that it needs for that. */
export type Adoption = { link: string; line: string; interface: string; options: readonly [string, string][] };

/** An adoption as a note in network remembers it. */
type Adopted = { link: string; line: string; interface: string; note: UciSection };

const PREFIX = 'multidial_';
export const noteName = (link: string): string => PREFIX + link;
const ASKED = 'set_';
const FORMER = 'former_';

/** The adoptions that stand in network. */
export const adoptedIn = (network: UciPackage): Adopted[] =>
  network.flatMap((note) =>
    note.type === NOTE_TYPE && note.name?.startsWith(PREFIX)
      ? [{ link: note.name.slice(PREFIX.length), line: scalarOf(note, TAG) ?? '', interface: scalarOf(note, 'interface') ?? '', note }]
      : [],
  );

export const interfaceOf = (network: UciPackage, name: string | undefined): UciSection | undefined =>
  network.find((section) => section.type === 'interface' && section.name === name);

/** PPPoE interfaces that are nobody's but their owner's, as a page may show them; those that a line has adopted already are among them. */
export const listAdoptable = (network: UciPackage): PppoeInterface[] =>
  network.flatMap((section): PppoeInterface[] => {
    const { name } = section;
    if (section.type !== 'interface' || scalarOf(section, 'proto') !== 'pppoe' || isOurs(section)) return [];
    if (name === undefined || checkValue(schema.line.adopt, name)) return [];
    const device = scalarOf(section, 'device') ?? scalarOf(section, 'ifname') ?? '';
    return [{ name, device, username: scalarOf(section, 'username') ?? '', hasPassword: Boolean(scalarOf(section, 'password')) }];
  });

const LENT = ['username', 'password', 'ac', 'service', 'host_uniq', 'mtu', 'keepalive'] as const;

/** The line with what the interface it adopts lends it, or why it can't be. `others` are lines that come before it. */
export function borrow(line: Line, network: UciPackage, others: readonly Line[]): { line: Line } | { problem: Problem } {
  if (line.adopt === undefined) return { line };
  const refuse = (option: string, expected: string, got: string): { problem: Problem } => ({
    problem: { code: 'option_invalid', severity: 'error', section: `line.${line.name}`, option, details: { expected, got } },
  });
  const section = interfaceOf(network, line.adopt);
  if (!section || isOurs(section) || scalarOf(section, 'proto') !== 'pppoe') return refuse('adopt', 'an interface of network with proto pppoe', line.adopt);
  if (others.some((other) => other.adopt === line.adopt)) return refuse('adopt', 'an interface that no other line adopts', line.adopt);
  const own: Record<(typeof LENT)[number], string | undefined> = {
    username: line.username || undefined,
    password: line.password || undefined,
    ac: line.ac,
    service: line.service,
    host_uniq: line.hostUniq,
    mtu: line.mtu?.toString(),
    keepalive: line.keepalive,
  };
  for (const option of LENT) {
    const lent = own[option] === undefined ? scalarOf(section, option) : undefined;
    if (lent === undefined) continue;
    const fault = checkValue(schema.line[option], lent);
    if (fault) return { problem: { code: fault.code, severity: 'error', section: `line.${line.name}`, option, details: fault.details } };
    own[option] = lent;
  }
  const missing = (['username', 'password'] as const).find((option) => !own[option]);
  if (missing) return { problem: { code: 'option_missing', severity: 'error', section: `line.${line.name}`, option: missing } };
  const { username = '', password = '', ac, service, host_uniq: hostUniq, mtu, keepalive } = own;
  return { line: { ...line, username, password, ac, service, hostUniq, mtu: mtu === undefined ? undefined : Number(mtu), keepalive } };
}

const former = (note: UciSection, option: string): string | undefined => scalarOf(note, FORMER + option);
const asked = (note: UciSection, option: string): string | undefined => scalarOf(note, ASKED + option);
const notedOptions = (note: UciSection): string[] => [...note.options.keys()].filter((key) => key.startsWith(ASKED)).map((key) => key.slice(ASKED.length));

/** What an option was before goes back, unless somebody has changed it since: whoever did meant it. */
function giveBack(network: UciPackage, { interface: name, note }: Adopted, options: readonly string[]): UciChange[] {
  const section = interfaceOf(network, name);
  return options.flatMap((option): UciChange[] => {
    if (!section || scalarOf(section, option) !== asked(note, option)) return [];
    const at = { package: 'network', section: name, option } as const;
    const value = former(note, option);
    return [value === undefined ? { ...at, op: 'unset' } : { ...at, op: 'set', value }];
  });
}

/** The note for an adoption, and the edits of the interface itself. */
function takeOn(network: UciPackage, wanted: Adoption, old: Adopted | undefined): { note: WantedSection; changes: UciChange[] } {
  const section = interfaceOf(network, wanted.interface);
  const noted: [string, string][] = [];
  const changes: UciChange[] = [];
  for (const [option, value] of wanted.options) {
    const present = scalarOf(section, option);
    const before = old && asked(old.note, option);
    if (before === undefined && present === value) continue; // the user's own choice already
    const was = before !== undefined && present === before ? former(old?.note as UciSection, option) : present;
    noted.push([ASKED + option, value], ...(was === undefined ? [] : [[FORMER + option, was] as [string, string]]));
    if (present !== value) changes.push({ package: 'network', section: wanted.interface, op: 'set', option, value });
  }
  const left = old ? notedOptions(old.note).filter((option) => wanted.options.every(([other]) => other !== option)) : [];
  return {
    note: { type: NOTE_TYPE, name: noteName(wanted.link), options: new Map([['interface', wanted.interface], ...noted, [TAG, wanted.line]]) },
    changes: [...(old ? giveBack(network, old, left) : []), ...changes],
  };
}

/**
 * Notes that should stand and edits of the adopted interfaces, also of those that are given back. What a line that
 * `keep` names has adopted stays as it is.
 */
export function planAdoptions(
  network: UciPackage,
  wanted: readonly Adoption[],
  keep: (line: string) => boolean,
): { notes: WantedSection[]; changes: UciChange[] } {
  const present = adoptedIn(network);
  const isSame = (adopted: Adopted, adoption: Adoption): boolean => adopted.link === adoption.link && adopted.interface === adoption.interface;
  const left = present.filter((adopted) => !keep(adopted.line) && wanted.every((adoption) => !isSame(adopted, adoption)));
  const given = left.flatMap((adopted) => giveBack(network, adopted, notedOptions(adopted.note)));
  // An interface may go from one line to another: what the former one set in it is nobody's own choice.
  const after = withChanges(network, given);
  const taken = wanted.map((adoption) =>
    takeOn(
      after,
      adoption,
      present.find((adopted) => isSame(adopted, adoption)),
    ),
  );
  return {
    notes: taken.map(({ note }) => note),
    changes: [...given, ...taken.flatMap(({ changes }) => changes)],
  };
}
