// Links that are held back for dials in vain: one that gets other options, such as the right password, waits no longer.
import type { UciChange } from '../contract/index.ts';
import type { System } from '../system.ts';
import { readHeld, writeHeld } from '../watched.ts';

/** procd waits a second before netifd reloads; a dial before that would still use what the provider refused. */
const RELOAD_MS = 5000;

/** netifd leaves a held link down over its reload, so that the watcher has to dial it: soon, and with all its patience. */
export function shortenHolds(system: System, edits: readonly UciChange[]): void {
  const edited = new Set(edits.flatMap((edit) => (edit.package === 'network' ? edit.section : [])));
  const held = readHeld(system);
  const soonMs = system.nowMs() + RELOAD_MS;
  const due = Object.entries(held).filter(([, hold]) => edited.has(hold.interface) && hold.untilMs > soonMs);
  if (due.length > 0) writeHeld(system, { ...held, ...Object.fromEntries(due.map(([name, hold]) => [name, { ...hold, untilMs: soonMs }])) });
}
