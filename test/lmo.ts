// Finds a sentence in LuCI's format of a catalog as a router does: halving an index of hashes.
import { superFastHash } from '../tools/catalogs/lmo.ts';

const ENTRY_BYTES = 16;

export function lookUp(lmo: Buffer, key: string): string | undefined {
  const start = lmo.readUInt32BE(lmo.length - 4);
  let [low, high] = [0, (lmo.length - 4 - start) / ENTRY_BYTES - 1];
  const wanted = superFastHash(key);
  while (low <= high) {
    const middle = (low + high) >> 1;
    const entry = start + middle * ENTRY_BYTES;
    const hash = lmo.readUInt32BE(entry);
    if (hash === wanted) {
      const at = lmo.readUInt32BE(entry + 8);
      return lmo.toString('utf8', at, at + lmo.readUInt32BE(entry + 12));
    }
    if (hash > wanted) high = middle - 1;
    else low = middle + 1;
  }
  return undefined;
}
