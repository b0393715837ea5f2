// What an option of /etc/config/multidial may hold, and the kinds that several section types share.
import { toAddress, toPrefix } from './prefix.ts';

type Common = {
  label: string;
  help: string;
  /** Must be given; a name: unless that option is. */
  required?: true | 'adopt';
  /** Write-only: never in a reply, a log or an argv. */
  secret?: true;
};

/** What one option may hold. `default` is what an absent option means. */
export type OptionSpec = Common &
  (
    | { kind: 'bool'; default: boolean }
    | { kind: 'integer'; min: number; max: number; default?: number }
    | { kind: 'choice'; choices: readonly string[]; default: string }
    | { kind: 'text'; maxBytes: number; pattern?: RegExp; shape?: string }
    | { kind: 'list'; isItem: (item: string) => boolean; shape: string; maxItems: number; default?: readonly string[] }
  );

/** Most sessions of one line. A nexthop group and 32 links are measured; 64 is where names and slots end. */
export const MAX_SESSIONS = 64;

/**
 * Most characters of a line's name: netifd names the ppp device `pppoe-NAME`, the kernel takes 15 bytes,
 * and a link is NAME plus `_01`.
 */
export const MAX_LINE_NAME = 6;

export const DEVICE = /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}$/;
export const SECTION = /^[A-Za-z0-9_]{1,32}$/;

export const weight = {
  kind: 'integer',
  min: 1,
  max: 255,
  label: 'Weight',
  help: 'Share of new flows against the other links: a link of weight 3 gets three times as many as one of weight 1.',
} as const satisfies OptionSpec;

/** Ports and ranges: what nft takes in a set. */
function isPorts(item: string): boolean {
  const [from = 0, to = from, ...more] = item.split('-').map((part) => (/^[0-9]{1,5}$/.test(part) ? Number(part) : 0));
  return more.length === 0 && from >= 1 && from <= to && to <= 65535;
}

export const ports = { kind: 'list', isItem: isPorts, shape: 'ports from 1 to 65535, or ranges such as 8000-8099', maxItems: 32 } as const;

export const addresses = {
  kind: 'list',
  isItem: (item: string) => toPrefix(item) !== undefined || toAddress(item) !== undefined,
  shape: 'an address or a prefix',
  maxItems: 64,
} as const;

/** Links, or all of a line. */
export const members = {
  kind: 'list',
  isItem: (item: string) => SECTION.test(item),
  shape: 'the name of a link or a line',
  maxItems: 191,
} as const;
