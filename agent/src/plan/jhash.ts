// The kernel's jhash over whole 32-bit words, which nft's `jhash` is: whoever explains its choice has to make it too.
import { bytesOf } from '../contract/index.ts';

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
const FIRST = 0xdeadbeef;

/** `words` in the byte order of a little-endian machine, as all that OpenWrt's PPPoE routers of this size are. */
export function jhash(words: readonly number[], seed: number): number {
  let [a, b, c] = Array<number>(3).fill((FIRST + words.length * 4 + seed) | 0) as [number, number, number];
  let at = 0;
  for (; words.length - at > 3; at += 3) {
    a = (a + (words[at] ?? 0)) | 0;
    b = (b + (words[at + 1] ?? 0)) | 0;
    c = (c + (words[at + 2] ?? 0)) | 0;
    a = ((a - c) | 0) ^ rotated(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotated(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotated(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ rotated(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotated(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotated(b, 4);
    b = (b + a) | 0;
  }
  a = (a + (words[at] ?? 0)) | 0;
  b = (b + (words[at + 1] ?? 0)) | 0;
  c = (c + (words[at + 2] ?? 0)) | 0;
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  return c >>> 0;
}

/** nft's `mod`: the hash as a share of its range. */
export const scaled = (hash: number, total: number): number => Math.floor((hash * total) / 2 ** 32);

const littleEndianWords = (bytes: readonly number[]): number[] =>
  Array.from({ length: bytes.length / 4 }, (_, at) => [3, 2, 1, 0].reduce((word, byte) => (word << 8) | (bytes[at * 4 + byte] ?? 0), 0));

/** What nft's `jhash` makes of addresses, one behind the other. */
export const bucketOf = (addresses: readonly string[], seed: number, total: number): number =>
  scaled(jhash(littleEndianWords(addresses.flatMap(bytesOf)), seed), total);
