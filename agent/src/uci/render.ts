// A package, or a change to it, as text: what `uci export` prints and what `uci batch` reads.
import type { UciChange } from '../contract/index.ts';
import type { UciPackage } from './package.ts';

const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

/** The package as `uci export` would print it, without the package line. Equal text means equal content. */
export function renderPackage(pack: UciPackage): string {
  const lines = pack.map((section) => {
    const head = `config ${section.type}${section.name === undefined ? '' : ` ${quote(section.name)}`}`;
    const options = [...section.options].flatMap(([name, value]) =>
      typeof value === 'string' ? [`\toption ${name} ${quote(value)}`] : value.map((item) => `\tlist ${name} ${quote(item)}`),
    );
    return [head, ...options].join('\n');
  });
  return `${lines.join('\n\n')}\n`;
}

/** One line of `uci batch` a change. */
export function renderBatchLine(change: UciChange): string {
  const at = `${change.package}.${change.section}`;
  switch (change.op) {
    case 'section':
      return `set ${at}=${change.type}`;
    case 'set':
      return `set ${at}.${change.option}=${quote(change.value)}`;
    case 'unset':
      return change.option === undefined ? `delete ${at}` : `delete ${at}.${change.option}`;
    case 'list-add':
      return `add_list ${at}.${change.option}=${quote(change.value)}`;
    case 'list-del':
      return `del_list ${at}.${change.option}=${quote(change.value)}`;
    default:
      return change satisfies never;
  }
}
