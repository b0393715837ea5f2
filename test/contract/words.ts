// The words of the recordings that mean nothing to the router: it must answer the same for others in their place.
import type { RecordingName } from './recording.ts';

export type Words = {
  /** Names and values that may be any. */
  free: readonly string[];
  /** Types of sections: their hash is part of the ids of anonymous sections. */
  types?: readonly string[];
  /** Names that are listed in their order, which has to stay; with those around them that keep their name. */
  ordered?: readonly (readonly string[])[];
  fixed?: readonly string[];
  /** Letters that no name begins with, because a command looks for names by them. */
  notFirst?: string;
  /** How many letters stay, where a command names files by their beginning. */
  stems?: Readonly<Record<string, number>>;
};

const CONFIGS = ['benchcfg', 'broken', 'clilink', 'clitest', 'firewall', 'luci', 'network', 'rpcd', 'system', 'uhttpd'];
const FIXED = ['firewall', 'luci', 'network', 'rpcd', 'system', 'uhttpd', 'file'];

const http: Words = {
  free: ['noargs', 'badjson', 'nosuch', 'frob', 'viewer', 'editor', 'plain', 'nobody1', 'slept', 'spoof', 'abc'],
};

const plugin: Words = {
  free: ['noargs', 'badjson', 'exit3', 'exit3out', 'scalar', 'trail', 'segv', 'deep', 'utf', 'nul', 'two', 'empty', 'slept', 'got', 'zzz', 'cli', 'neg', 'u32'],
};

/** By the first recording of each scene. */
export const WORDS: Partial<Record<RecordingName, Words>> = {
  '01-http-ubus': http,
  '01b-http-ubus-large-reply': { free: ['slept', 'plain', 'noargs', 'badjson'] },
  '01c-http-ubus-more': http,
  '02-uci-ubus': {
    free: [
      ...['enabled', 'tag', 'second', 'third', 'fourth', 'renamed', 'mything', 'fresh', 'fresh2', 'fresher', 'committed', 'applied', 'confirmed'],
      ...['explicit', 'norb', 'hit', 'viaubus', 'viewer', 'editor', 'nosuch', 'new', 'gone', 'Abc_1', 'o299', 'CLI', 'hostname', 'UTC'],
      ...['plain', 'squote', 'dquote', 'dollar', 'multi', 'newl', 'nope', 'nosuchcfg', 'four', 'nonexist', 'bogus', 'new1', 'nosec', 'perr', 'pdup', 'long'],
    ],
    types: ['thing', 'other', 'globals', 'kind'],
    ordered: [CONFIGS],
    fixed: FIXED,
    notFirst: 'bcns',
    stems: { clilink: 3, clitest: 3 },
  },
  '04-exec-plugin': plugin,
  '05-file-plugin': { free: ['viewer', 'editor', 'plain', 'zzz', 'none', 'nothing'], ordered: [['allowed', 'secret']] },
  '12-uci-private-deltas': {
    free: [
      ...['private', 'foreign', 'priv', 'pending', 'someone', 'mine', 'again', 'viaLink', 'good', 'extra', 'fromp', 'copy', 'nosuch', 'frob', 'nopkg'],
      ...['1st', '3rd', 'after', 'k1', 'k2', 'bycli', 'garbage', 'NEW', 'un', 'quoted'],
    ],
    ordered: [['benchcfg', ...FIXED, 'zq', 'zr', 'zs', 'zs2']],
    fixed: [...FIXED, 'benchcfg'],
  },
};
