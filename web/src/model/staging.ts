// The uci calls that turn the stored configuration into the wanted one: the least there is, in an order that holds.
import type { ConfigSection, OptionValue } from '../../../agent/src/contract/index.ts';
import { request, type Request } from '../ubus/objects.ts';
import { isReordered } from './arrange.ts';

const CONFIG = 'multidial';

const isSame = (a: OptionValue | undefined, b: OptionValue): boolean => JSON.stringify(a) === JSON.stringify(b);

const keyOf = ({ type, name }: ConfigSection): string => `${type} ${name}`;

// rpcd deletes an option that is set to "" and refuses an empty list: neither may be among the values.
const hasValue = ([, value]: [string, OptionValue]): boolean => value.length > 0;

function stageChange(stored: ConfigSection, wanted: ConfigSection): Request[] {
  const section = wanted.name;
  const given = Object.entries(wanted.options).filter(hasValue);
  const changed = given.filter(([option, value]) => !isSame(stored.options[option], value));
  const dropped = Object.keys(stored.options).filter((option) => !given.some(([name]) => name === option));
  return [
    ...(changed.length > 0 ? [request('uci', 'set', { config: CONFIG, section, values: Object.fromEntries(changed) })] : []),
    ...(dropped.length > 0 ? [request('uci', 'delete', { config: CONFIG, section, options: dropped })] : []),
  ];
}

/**
 * Plans the calls. A secret is not among the stored options, so it is set only where a new one was typed and is never
 * deleted but with its section. Deletions come first: a section may come back under another type. The order comes last and
 * names all sections: rpcd gives them the places from the first on.
 */
export function stage(stored: readonly ConfigSection[], wanted: readonly ConfigSection[]): Request[] {
  const before = new Map(stored.map((section) => [keyOf(section), section]));
  const after = new Set(wanted.map(keyOf));
  const gone = stored.filter((section) => !after.has(keyOf(section)));
  return [
    ...gone.map(({ name }) => request('uci', 'delete', { config: CONFIG, section: name })),
    ...wanted.flatMap((section) => {
      const known = before.get(keyOf(section));
      if (known) return stageChange(known, section);
      const values = Object.fromEntries(Object.entries(section.options).filter(hasValue));
      return [request('uci', 'add', { config: CONFIG, type: section.type, name: section.name, values })];
    }),
    ...(isReordered(stored, wanted) ? [request('uci', 'order', { config: CONFIG, sections: wanted.map(({ name }) => name) })] : []),
  ];
}
