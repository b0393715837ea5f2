// The files that histories stand in, one a link, in RAM: written by whoever watches, read by commands.
import type { Sample } from '../contract/index.ts';
import { RUN_DIRECTORY } from '../owned.ts';
import type { FileError, System } from '../system.ts';
import { HISTORY_BYTES } from './cells.ts';
import { pruneSaved, restoreHistory, saveHistory } from './history-saved.ts';
import { History } from './history.ts';
import type { Write } from './history.ts';

const DIRECTORY = `${RUN_DIRECTORY}/history`;
/** The link's name must be one: a name from a caller could lead out of the directory. */
const fileOf = (link: string): string => `${DIRECTORY}/${link}`;

/** After a write that failed, on a full RAM disk, so long nothing is tried. */
const REST_MS = 60_000;

function write(system: System, path: string, { offset, bytes }: Write): FileError | undefined {
  if (bytes.length < HISTORY_BYTES) return system.writeAt(path, offset, bytes);
  return system.makeDirectory(DIRECTORY, 0o700) ?? system.writeBytes(path, bytes, 0o600);
}

/** Records the samples of one link, and goes on with what is there from a former process, or was saved before a reboot. */
export class Recorder {
  readonly #system: System;
  readonly #link: string;
  readonly #path: string;
  #history: History | undefined;
  #restsUntilMs = Number.NEGATIVE_INFINITY;

  constructor(system: System, link: string) {
    this.#system = system;
    this.#link = link;
    this.#path = fileOf(link);
  }

  /** An error is told once a minute at most, as nothing is tried meanwhile; then the file is opened again, or made where it is gone. */
  record(atMs: number, sample: Sample): FileError | undefined {
    if (atMs < this.#restsUntilMs) return undefined;
    this.#history ??= this.#begin();
    for (const due of this.#history.record(atMs, sample)) {
      const failed = write(this.#system, this.#path, due);
      if (!failed) continue;
      this.#history = undefined;
      this.#restsUntilMs = atMs + REST_MS;
      return failed;
    }
    return undefined;
  }

  #begin(): History {
    const there = this.#system.readBytes(this.#path);
    const restored = there ? undefined : restoreHistory(this.#system, this.#link);
    const failed = restored && write(this.#system, this.#path, { offset: 0, bytes: restored });
    return new History(failed ? undefined : (there ?? restored));
  }
}

export const readHistoryFile = (system: System, link: string): Uint8Array<ArrayBuffer> | undefined => system.readBytes(fileOf(link));

/** Links that have a history, also such as are no more. */
export const listHistories = (system: System): string[] => system.listDirectory(DIRECTORY).filter((name) => /^\w+$/.test(name));

/** Removes the histories of all links but these; what was saved too, or all of that where nothing is to be kept. */
export function pruneHistories(system: System, links: readonly string[], keeps: boolean): void {
  for (const name of listHistories(system)) if (!links.includes(name)) system.removeFile(fileOf(name));
  pruneSaved(system, keeps ? links : []);
}

/** Saves the histories of these links over a reboot. The first failure ends it: the flash is full. */
export function saveHistories(system: System, links: readonly string[]): FileError | undefined {
  for (const link of links) {
    const bytes = readHistoryFile(system, link);
    const failed = bytes && saveHistory(system, link, bytes);
    if (failed) return failed;
  }
  return undefined;
}
