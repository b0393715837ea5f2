// What runs and the watcher tell each other, as files in RAM: who is to be watched, who is dead, who rests.
import type { Probe } from './config/config.ts';
import type { LinkProbe, LinkRest, LinkState, Problem } from './contract/index.ts';
import { RUN_DIRECTORY } from './owned.ts';
import { identityOf, livingPid } from './process.ts';
import type { System } from './system.ts';

/** A link as the last run saw it. Its device is there while netifd has it up, its addresses while the firewall knows it as well. */
export type WatchedLink = {
  name: string;
  interface: string;
  line?: string;
  slot: number;
  device?: string;
  /** Of the device then: one made anew under its name has another. */
  ifindex?: number;
  state: LinkState;
  /** netifd's last error while it is down. */
  reason?: string;
  ipv4: string[];
  ipv6: string[];
  /** Absent: nobody asks whether it lives. */
  probe?: WatchedProbe;
};

export type WatchedProbe = Omit<Probe, 'name' | 'links' | 'disabled'>;

/** A line that asks for something as a whole. `window` is `HH:MM-HH:MM` of the local day. */
export type WatchedLine = { name: string; minUp: number; rotateS: number; window?: string };

/** Links that share a prefix, as the run set it. */
export type SharedNote = { group: string; family: 'ipv4' | 'ipv6'; prefix: string; kind: 'nexthop' | 'multipath'; links: string[] };

/** Written by each run that saw something else than the one before. `outranked`: foreign defaults that win over ours; `keepsHistory`: over a reboot. */
export type Watched = { links: WatchedLink[]; lines: WatchedLine[]; shared: SharedNote[]; outranked: Problem[]; keepsHistory: boolean };

/** Names of links by family. */
export type ByFamily = { ipv4: string[]; ipv6: string[] };

/** `unheard`: those that have not answered yet since they were dialed, and are not dead either. */
export type Verdicts = { dead: ByFamily; unheard: ByFamily };

/** What the probes make of each link now; written once a second. */
export type Live = { atMs: number; links: Record<string, LinkProbe> };

/** A drain ends by itself: when the link is idle, or at `untilMs`, it is dialed again. */
export type Rest = LinkRest;

const WATCHED_FILE = `${RUN_DIRECTORY}/watched`;
const VERDICTS_FILE = `${RUN_DIRECTORY}/verdicts`;
const LIVE_FILE = `${RUN_DIRECTORY}/live`;
const HELD_FILE = `${RUN_DIRECTORY}/held`;
export const RESTING_FILE = `${RUN_DIRECTORY}/resting`;
/** `PID.START` of the watcher; the hook of netifd's events reads the number. */
export const WATCHER_FILE = `${RUN_DIRECTORY}/watcher`;
/** Events that the hook leaves for the watcher: `ACTION INTERFACE DEVICE`. */
export const HEARD_FILE = `${RUN_DIRECTORY}/heard`;

/** The JSON in a file of ours; undefined where there is none, or it was cut off by a full RAM disk. */
function readJson<T>(system: System, path: string): T | undefined {
  try {
    return JSON.parse(system.readFile(path) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Writes only what differs, so that the watcher sees by the file's inode whether it is another one. */
function writeJson(system: System, path: string, value: unknown): void {
  const text = JSON.stringify(value);
  if (text !== system.readFile(path)) system.writeFile(path, text, 0o600);
}

/** Without any there is no file. */
function writeEntries(system: System, path: string, entries: Record<string, unknown>): void {
  if (Object.keys(entries).length > 0) writeJson(system, path, entries);
  else system.removeFile(path);
}

export const writeWatched = (system: System, watched: Watched): void => writeJson(system, WATCHED_FILE, watched);
/** What a version before an upgrade did not note is empty until the next run. */
export const readWatched = (system: System): Watched => ({
  links: [],
  lines: [],
  shared: [],
  outranked: [],
  keepsHistory: false,
  ...readJson<Watched>(system, WATCHED_FILE),
});
/** Changes whenever the note does. */
export const watchedStamp = (system: System): number => system.stat(WATCHED_FILE)?.inode ?? 0;

/** Pid of the watcher while it lives. */
export const watcherPid = (system: System): number | undefined => livingPid(system, system.readFile(WATCHER_FILE)?.trim() ?? '');

export const writeVerdicts = (system: System, verdicts: Verdicts): void =>
  writeJson(system, VERDICTS_FILE, { by: identityOf(system, system.pid), ...verdicts });

/** A verdict counts only while the one who can take it back lives. */
export function readVerdicts(system: System): Verdicts {
  const note = readJson<Verdicts & { by: string }>(system, VERDICTS_FILE);
  const nobody = { ipv4: [], ipv6: [] };
  return note && livingPid(system, note.by) !== undefined ? { dead: note.dead ?? nobody, unheard: note.unheard ?? nobody } : { dead: nobody, unheard: nobody };
}

/** A link that is not dialed until then, by CLOCK_MONOTONIC. */
export type Held = { interface: string; untilMs: number; failures: number; reason: string };

export function writeLive(system: System, live: Live): void {
  system.writeFile(LIVE_FILE, JSON.stringify(live), 0o600);
}
/** What is older than a few seconds is nobody's any more. */
const LIVE_MS = 5000;
export function readLive(system: System): Record<string, LinkProbe> {
  const live = readJson<Live>(system, LIVE_FILE);
  return live && Math.abs(system.nowMs() - live.atMs) < LIVE_MS ? live.links : {};
}

export const readHeld = (system: System): Record<string, Held> => readJson(system, HELD_FILE) ?? {};
export const heldStamp = (system: System): number => system.stat(HELD_FILE)?.inode ?? 0;
export const writeHeld = (system: System, held: Record<string, Held>): void => writeEntries(system, HELD_FILE, held);

export const readResting = (system: System): Record<string, Rest> => readJson(system, RESTING_FILE) ?? {};
export const writeResting = (system: System, resting: Record<string, Rest>): void => writeEntries(system, RESTING_FILE, resting);
