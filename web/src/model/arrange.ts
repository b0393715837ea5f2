// The order of sections in the file, which counts among those of one kind.
import type { ConfigSection } from '../../../agent/src/contract/index.ts';

/** `wanted` in the places that its kinds have in the file; what there is no place for comes last, as `uci.add` puts it. */
export function arrange(stored: readonly ConfigSection[], wanted: readonly ConfigSection[]): ConfigSection[] {
  const waiting = [...wanted];
  const placed = stored.flatMap(({ type }) => {
    const next = waiting.findIndex((section) => section.type === type);
    return next < 0 ? [] : waiting.splice(next, 1);
  });
  return [...placed, ...waiting];
}

/** Does the file, once sections were deleted and added, hold those of one kind in another order than wanted? */
export function isReordered(stored: readonly ConfigSection[], wanted: readonly ConfigSection[]): boolean {
  const isSame = (a: ConfigSection) => (b: ConfigSection) => a.type === b.type && a.name === b.name;
  const kept = stored.filter((section) => wanted.some(isSame(section)));
  const added = wanted.filter((section) => !stored.some(isSame(section)));
  const namesOf = (sections: readonly ConfigSection[], type: string): string =>
    sections.flatMap((section) => (section.type === type ? section.name : [])).join(' ');
  const after = [...kept, ...added];
  return after.some(({ type }) => namesOf(after, type) !== namesOf(wanted, type));
}
