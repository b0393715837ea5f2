// Policy rules, everybody's, from `ip -j rule show`: who they are for, what they select and where they lead.
import { shown } from '../contract/index.ts';
import type { Family } from '../contract/index.ts';
import { MAIN } from '../observe/kernel.ts';
import { isOurTable, MARK_MASK, PREFERENCE, PROTOCOL } from '../owned.ts';

/**
 * One rule. `selectors` are words as ip has them, `from 10.0.0.0/8`; none: it matches everything. It leads to a `table`,
 * to another rule (`goto`), or it is a refusal.
 */
export type PolicyRule = {
  family: Family;
  preference: number;
  protocol: number;
  selectors: string[];
  mark: { value: number; mask: number } | undefined;
  table: number | undefined;
  goto: number | undefined;
  refuses: boolean;
  suppresses: boolean;
  /** How long a prefix must not be to be passed over. */
  suppress: number | undefined;
};

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : NaN;
  return Number.isInteger(number) ? number : undefined;
};

/** Keys that select nothing. */
const ACTIONS = new Set(['priority', 'table', 'protocol', 'suppress_prefixlen', 'suppress_ifgroup', 'action', 'goto', 'unresolved', 'nop', 'realms']);
/** Keys that belong to another one, which is told with them. */
const PARTS = new Set(['srclen', 'dstlen', 'fwmask', 'iif_detached', 'oif_detached']);

const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? shown(String(value)) : '');

function selectorOf(entry: Json, key: string): string {
  const part = word(key === 'src' ? entry['srclen'] : key === 'dst' ? entry['dstlen'] : key === 'fwmark' ? entry['fwmask'] : undefined);
  const name = key === 'src' ? 'from' : key === 'dst' ? 'to' : shown(key);
  return `${name} ${word(entry[key])}${part && `/${part}`}`.trimEnd();
}

const TABLES = new Map<unknown, number>([
  ['default', 253],
  ['main', MAIN],
  ['local', 255],
]);

function toRule(entry: Json, family: Family): PolicyRule | undefined {
  const preference = numberOf(entry['priority']);
  if (preference === undefined) return undefined;
  const isSelector = (key: string): boolean => !ACTIONS.has(key) && !PARTS.has(key) && !((key === 'src' || key === 'dst') && entry[key] === 'all');
  const value = numberOf(entry['fwmark']);
  return {
    family,
    preference,
    protocol: numberOf(entry['protocol']) ?? 0,
    selectors: Object.keys(entry)
      .filter(isSelector)
      .map((key) => selectorOf(entry, key)),
    mark: value === undefined ? undefined : { value, mask: numberOf(entry['fwmask']) ?? 0xffffffff },
    // An ip without -N calls tables by names, of which only the kernel's own are known.
    table: numberOf(entry['table']) ?? TABLES.get(entry['table']),
    goto: numberOf(entry['goto']),
    refuses: 'action' in entry,
    suppresses: 'suppress_prefixlen' in entry || 'suppress_ifgroup' in entry,
    suppress: numberOf(entry['suppress_prefixlen']),
  };
}

/** The rules in one line of an answer: `line` counts the lines that hold anything, from 0. */
export function parsePolicyRules(text: string, family: Family, line: number): PolicyRule[] | undefined {
  const found = text.split('\n').filter((part) => part.trim() !== '')[line];
  try {
    const entries: unknown = JSON.parse(found ?? '');
    return Array.isArray(entries) ? entries.filter(isObject).flatMap((entry) => toRule(entry, family) ?? []) : undefined;
  } catch {
    return undefined; // no JSON, or cut in half: the check is skipped and says so
  }
}

/** Before Linux 4.17 a rule keeps no protocol: among our preferences nobody else leads to a table of ours, or skips main's default. */
export function isOurRule({ preference, protocol, table, suppresses }: PolicyRule): boolean {
  if (protocol === PROTOCOL) return true;
  if (protocol !== 0 || !isAmongOurs(preference)) return false;
  return (table !== undefined && isOurTable(table)) || (table === MAIN && suppresses);
}

export const isAmongOurs = (preference: number): boolean => preference >= PREFERENCE.main && preference <= PREFERENCE.last;

/** Does it look at bits of the mark that are ours? */
export const looksAtOurMarks = ({ mark }: PolicyRule): boolean => mark !== undefined && (mark.mask & MARK_MASK) !== 0;

const MOST = 8;

function textOf(rule: PolicyRule): string {
  const where = rule.table !== undefined ? `lookup ${rule.table}` : rule.goto !== undefined ? `goto ${rule.goto}` : rule.refuses ? 'refused' : '';
  return [`${rule.preference}:`, ...(rule.selectors.length ? rule.selectors : ['all']), where].filter(Boolean).join(' ');
}

/** Rules for a sentence; of many the first ones. */
export const renderRules = (rules: readonly PolicyRule[]): string[] => [
  ...rules.slice(0, MOST).map(textOf),
  ...(rules.length > MOST ? [`${rules.length - MOST} more`] : []),
];
