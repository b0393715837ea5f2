// What `uci show`, `get` and `changes` print.
import { quote } from './file.ts';
import type { Bytes, Option, Package, Section } from './model.ts';

export type ShowOptions = {
  /** Anonymous sections as `@type[index]` (false, `-X`: by their id). */
  extended: boolean;
  /** Between the items of a list. */
  delimiter: Bytes;
};

/** A value as `show` (quoted) or `get` (raw, but list items with white space are quoted) prints it. */
export function showValue(option: Option, delimiter: Bytes, isQuoted: boolean): Bytes {
  const { value } = option;
  if (!Array.isArray(value)) return `${isQuoted ? quote(value) : value}\n`;
  return `${value.map((item) => (isQuoted || /[ \t\r\n]/.test(item) ? quote(item) : item)).join(delimiter)}\n`;
}

export function showOption(pkg: Package, section: string, option: Option, { delimiter }: ShowOptions): Bytes {
  return `${pkg.name}.${section}.${option.name}=${showValue(option, delimiter, true)}`;
}

export function showSection(pkg: Package, section: Section, name: string, options: ShowOptions): Bytes {
  return `${pkg.name}.${name}=${section.type}\n${section.options.map((option) => showOption(pkg, name, option, options)).join('')}`;
}

export function showPackage(pkg: Package, options: ShowOptions): Bytes {
  const seen = new Map<string, number>();
  return pkg.sections
    .map((section) => {
      const index = seen.get(section.type) ?? 0;
      seen.set(section.type, index + 1);
      const name = options.extended && section.anonymous ? `@${section.type}[${index}]` : section.name;
      return showSection(pkg, section, name, options);
    })
    .join('');
}

export function showChanges(pkg: Package): Bytes {
  return pkg.saved
    .map(({ command, section, option, value }) => {
      const target = `${pkg.name}.${section}${option === undefined ? '' : `.${option}`}`;
      if (command === 'remove') return `-${target}\n`;
      const operator = command === 'list-add' ? '+=' : command === 'list-del' ? '-=' : '=';
      return `${target}${operator}${quote(value ?? '')}\n`;
    })
    .join('');
}
