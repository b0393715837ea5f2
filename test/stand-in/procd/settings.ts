// What a service says of one instance: the tables that `service set` brings, read into fixed shapes, and when two of them differ.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderJson } from '../json.ts';

export type Respawn = {
  /** A process that lives for a shorter time than this has crashed, seconds. */
  threshold: number;
  /** How long after its end it is started anew, seconds. */
  timeout: number;
  /** This many crashes in a row are forgiven; 0 is any number. */
  retry: number;
};

export type Settings = {
  command: string[];
  env: Record<string, string>;
  data: Record<string, unknown>;
  respawn: Respawn | undefined;
  termTimeoutSeconds: number;
  reloadSignal: number | undefined;
  pidfile: string | undefined;
  hasStdout: boolean;
  hasStderr: boolean;
  /** Everything whose change asks for a new process, in one text. `data` is not part of it. */
  fingerprint: string;
};

const DEFAULT_TERM_TIMEOUT_SECONDS = 5;

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entries that have a value: what is not there is not listed. */
export function present(table: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined));
}

/** Wrong types are passed over without a word, as the policy of a blob message does. */
export function parseSettings(value: unknown, root: string): Settings {
  const table = isTable(value) ? value : {};
  const command = toStrings(table['command']);
  const env = Object.fromEntries(sortedEntries(table['env']).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const respawn = parseRespawn(table['respawn']);
  const termTimeoutSeconds = toNumber(table['term_timeout']) ?? DEFAULT_TERM_TIMEOUT_SECONDS;
  const reloadSignal = toNumber(table['reload_signal']);
  const pidfile = typeof table['pidfile'] === 'string' ? table['pidfile'] : undefined;
  const files = toStrings(table['file']).map((path) => [path, md5Of(join(root, path))]);
  const limits = isTable(table['limits']) ? table['limits'] : {};
  return {
    command,
    env,
    data: Object.fromEntries(sortedEntries(table['data'])),
    respawn,
    termTimeoutSeconds,
    reloadSignal,
    pidfile,
    hasStdout: table['stdout'] === true,
    hasStderr: table['stderr'] === true,
    fingerprint: renderJson([command, env, files, limits, respawn, termTimeoutSeconds, reloadSignal, pidfile, table['nice'], table['user'], table['netdev']]),
  };
}

function parseRespawn(value: unknown): Respawn | undefined {
  if (!Array.isArray(value)) return undefined;
  const [threshold = 3600, timeout = 5, retry = 5] = value.map((item) => Number.parseInt(String(item), 10) || 0);
  return { threshold, timeout, retry };
}

/** A file that can't be read has a digest too, so its coming and going is a change. */
function md5Of(path: string): string {
  try {
    return createHash('md5').update(readFileSync(path)).digest('hex');
  } catch {
    return '';
  }
}

function toStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function toNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** procd keeps tables in trees, so they come out by name. */
function sortedEntries(value: unknown): [string, unknown][] {
  return Object.entries(isTable(value) ? value : {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
