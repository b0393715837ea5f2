// LuCI's own format of a catalog (.lmo): texts one after the other, then an index by the hash of what they translate. All numbers are
// 32 bits, the highest byte first; texts begin at multiples of four. A router finds them by halving, so the index is in order.
// As read by openwrt/luci, modules/luci-base/src/lib/lmo.c.
import { Buffer } from 'node:buffer';

/** LuCI joins a context and a sentence like this, and takes white space for one space. */
export const luciKey = (id: string, context?: string): string => (context === undefined ? '' : `${context}\u0001`) + id.trim().replace(/\s+/g, ' ');

/** Paul Hsieh's SuperFastHash, begun with the length; in the last one to three bytes a byte alone has a sign. */
export function superFastHash(text: string): number {
  const bytes = Buffer.from(text);
  const whole = bytes.length & ~3;
  let hash = bytes.length;
  const add = (value: number): void => {
    hash = (hash + value) | 0;
  };
  const stir = (left: number, right: number): void => {
    hash ^= hash << left;
    add(hash >>> right);
  };
  for (let at = 0; at < whole; at += 4) {
    add(bytes.readUInt16LE(at));
    hash = (hash << 16) ^ ((bytes.readUInt16LE(at + 2) << 11) ^ hash);
    add(hash >>> 11);
  }
  const left = bytes.length - whole;
  if (left === 1) add(bytes.readInt8(whole));
  if (left > 1) add(bytes.readUInt16LE(whole));
  if (left === 3) {
    hash ^= hash << 16;
    hash ^= bytes.readInt8(whole + 2) << 18;
    add(hash >>> 11);
  } else if (left === 2) stir(11, 17);
  else if (left === 1) stir(10, 1);
  stir(3, 5);
  stir(4, 17);
  stir(25, 6);
  return hash >>> 0;
}

const numbers = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [place, value] of values.entries()) buffer.writeUInt32BE(value, place * 4);
  return buffer;
};

/** `sentences` by their keys. An entry of the index is hash, number of plural forms, place and length. */
export function renderLmo(sentences: ReadonlyMap<string, string>): Buffer {
  const texts: Buffer[] = [];
  const index: { hash: number; at: number; bytes: number }[] = [];
  let at = 0;
  for (const [key, translated] of sentences) {
    const text = Buffer.from(translated);
    const padded = Buffer.concat([text, Buffer.alloc(-text.length & 3)]);
    index.push({ hash: superFastHash(key), at, bytes: text.length });
    texts.push(padded);
    at += padded.length;
  }
  const sorted = index.toSorted((a, b) => a.hash - b.hash);
  const twice = sorted.find(({ hash }, place) => hash === sorted[place + 1]?.hash);
  if (twice) throw new Error(`two sentences have the hash ${twice.hash}`);
  return Buffer.concat([...texts, ...sorted.map(({ hash, at: place, bytes }) => numbers(hash, 1, place, bytes)), numbers(at)]);
}
