// What a package holds after changes: the same edits that `uci batch` makes, on the parsed form.
import type { UciChange } from '../contract/index.ts';
import { findSection, openSection, takeOption } from './package.ts';
import type { UciPackage, UciSection } from './package.ts';

function editOption(section: UciSection, change: Exclude<UciChange, { op: 'section' }>): void {
  const { options } = section;
  switch (change.op) {
    case 'set':
      options.set(change.option, change.value);
      return;
    case 'unset':
      if (change.option !== undefined) options.delete(change.option);
      return;
    case 'list-add':
      takeOption(section, 'list', change.option, change.value);
      return;
    case 'list-del': {
      const old = options.get(change.option);
      const left = (typeof old === 'string' ? [old] : (old ?? [])).filter((item) => item !== change.value);
      if (left.length) options.set(change.option, left);
      else options.delete(change.option);
      return;
    }
    default:
      change satisfies never;
  }
}

/** What the package holds after the changes of this package name, given as a new value. Unknown addresses do nothing. */
export function withChanges(pack: UciPackage, changes: readonly UciChange[]): UciPackage {
  const next: UciPackage = pack.map((section) => ({ ...section, options: new Map(section.options) }));
  for (const change of changes) {
    if (change.op === 'section') {
      openSection(next, change.type, change.section);
      continue;
    }
    const section = findSection(next, change.section);
    if (!section) continue;
    if (change.op === 'unset' && change.option === undefined) next.splice(next.indexOf(section), 1);
    else editOption(section, change);
  }
  return next;
}
