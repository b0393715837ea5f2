// Histories over a reboot, where the configuration asks for it: saved on flash, and moved to the new boot's clock.
import { SAVED_HISTORY } from '../owned.ts';
import type { FileError, System } from '../system.ts';
import { HISTORY_BYTES, moveHistory } from './cells.ts';
import type { Bytes } from './cells.ts';

/** Before the history stands when it was saved: by the clock on the wall, and by CLOCK_MONOTONIC. */
const HEAD_BYTES = 16;
const DIRECTORY = SAVED_HISTORY.slice(0, SAVED_HISTORY.lastIndexOf('/'));
const PREFIX = SAVED_HISTORY.slice(DIRECTORY.length + 1);
const fileOf = (link: string): string => `${SAVED_HISTORY}${link}`;

/** `bytes` are the history of that link as it stands now. */
export function saveHistory(system: System, link: string, bytes: Uint8Array): FileError | undefined {
  const saved: Bytes = new Uint8Array(HEAD_BYTES + bytes.length);
  const head = new DataView(saved.buffer);
  head.setFloat64(0, system.wallMs(), true);
  head.setFloat64(8, system.nowMs(), true);
  saved.set(bytes, HEAD_BYTES);
  return system.makeDirectory(DIRECTORY, 0o755) ?? system.writeBytes(fileOf(link), saved, 0o600);
}

/**
 * What was saved of that link, by the clock of this boot. How long the router was off only the clock on the wall tells; one that
 * was set back meanwhile, as where nothing keeps the time, makes it no time at all.
 */
export function restoreHistory(system: System, link: string): Bytes | undefined {
  const saved = system.readBytes(fileOf(link));
  if (saved?.length !== HEAD_BYTES + HISTORY_BYTES) return undefined;
  const head = new DataView(saved.buffer, 0, HEAD_BYTES);
  const offMs = Math.max(0, system.wallMs() - head.getFloat64(0, true));
  return moveHistory(saved.slice(HEAD_BYTES), system.nowMs() - offMs - head.getFloat64(8, true));
}

/** Removes all that was saved but of these links. */
export function pruneSaved(system: System, links: readonly string[]): void {
  for (const name of system.listDirectory(DIRECTORY)) {
    const link = name.slice(PREFIX.length);
    if (name.startsWith(PREFIX) && !links.includes(link)) system.removeFile(fileOf(link));
  }
}
