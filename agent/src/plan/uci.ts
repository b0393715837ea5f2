// Wanted sections against what network, firewall and dhcp hold: the edits, and nothing but our own sections and items.
import type { DerivedPackage, UciChange } from '../contract/index.ts';
import { isOurs, NOTE_TYPE, TAG } from '../owned.ts';
import { scalarOf } from '../uci/package.ts';
import type { UciPackage, UciSection } from '../uci/package.ts';

/** A section as it should stand: options in the order we write them. */
export type WantedSection = { type: string; name: string; options: Map<string, string> };

const words = (text: string): ReadonlySet<string> => new Set([...text.split(' '), TAG]);

/** Options that multidial may write into its sections, by their type; any other one there is the user's and stays. */
const OURS = new Map([
  ['device', words('type ifname name mode macaddr')],
  ['interface', words('proto device ifname username password metric ac service host_uniq mtu keepalive ipv6 sourcefilter delegate')],
]);

/** A note is ours as a whole. */
const isOurOption = (type: string, option: string): boolean => type === NOTE_TYPE || OURS.get(type)?.has(option) === true;

/** netifd redials when an option of these sections changes, so the order must be kept, not only the values. */
function planOptions(at: { package: DerivedPackage; section: string }, old: UciSection, wanted: WantedSection): UciChange[] {
  const gone = [...old.options.keys()].filter((option) => isOurOption(wanted.type, option) && !wanted.options.has(option));
  const order = [...wanted.options.keys()];
  const present = [...old.options.keys()].filter((option) => wanted.options.has(option));
  // uci appends a new option at the end. After a rollback the file must read as before, so from the first option out
  // of place on all are taken away and set again in order.
  const settled = order.findIndex((option, index) => present[index] !== option);
  const tail = settled < 0 ? [] : order.slice(settled);
  const moved = tail.filter((option) => old.options.has(option));
  const unset = [...gone, ...moved].map((option): UciChange => ({ ...at, op: 'unset', option }));
  const set = order
    .filter((option) => tail.includes(option) || scalarOf(old, option) !== wanted.options.get(option))
    .map((option): UciChange => ({ ...at, op: 'set', option, value: wanted.options.get(option) ?? '' }));
  return [...unset, ...set];
}

/**
 * Edits that turn our sections of a package into the wanted ones. A section of ours that nobody wants goes, unless
 * `keep` says that the line it came from is frozen by an error.
 */
export function planSections(pack: DerivedPackage, present: UciPackage, wanted: readonly WantedSection[], keep: (line: string) => boolean): UciChange[] {
  const names = new Set(wanted.map((section) => section.name));
  const removed = present
    .filter((section) => section.name !== undefined && isOurs(section) && !names.has(section.name) && !keep(scalarOf(section, TAG) ?? ''))
    .map((section): UciChange => ({ op: 'unset', package: pack, section: section.name ?? '' }));
  const written = wanted.flatMap((section): UciChange[] => {
    const at = { package: pack, section: section.name };
    const old = present.find((candidate) => candidate.name === section.name);
    if (old) return planOptions(at, old, section);
    const options = [...section.options].map(([option, value]): UciChange => ({ ...at, op: 'set', option, value }));
    return [{ op: 'section', ...at, type: section.type }, ...options];
  });
  return [...removed, ...written];
}
