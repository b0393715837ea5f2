// Counters of devices as /proc/net/dev tells them, and rates from two readings. Pure.

/** Since the device was made. */
export type Counters = { rxBytes: number; txBytes: number; rxPackets: number; txPackets: number };

/** Bytes a second. */
export type Rates = { rx: number; tx: number };

/** Two lines of titles, then `DEVICE: ` and 16 numbers: eight received, eight sent, bytes and packets first. */
export function parseCounters(text: string): Map<string, Counters> {
  const devices = new Map<string, Counters>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':'); // no device has one in its name
    const numbers = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const [rxBytes = NaN, rxPackets = NaN, txBytes = NaN, txPackets = NaN] = [numbers[0], numbers[1], numbers[8], numbers[9]];
    if (colon < 0 || [rxBytes, rxPackets, txBytes, txPackets].some((number) => !Number.isFinite(number))) continue;
    devices.set(line.slice(0, colon).trim(), { rxBytes, txBytes, rxPackets, txPackets });
  }
  return devices;
}

const WRAP = 2 ** 32;
/** What a packet holds at most, joined by the network card or not. */
const MOST_PER_PACKET = 65_536;

/** What `now` has more, in one direction, by a counter of 32 bits that began again at 0; undefined where that can't be. */
function unwrapped(before: number, now: number, packets: number): number | undefined {
  const more = now + WRAP - before;
  return before < WRAP && packets > 0 && more <= packets * MOST_PER_PACKET ? more : undefined;
}

/** Bytes of one direction, or undefined where the counters are another device's. */
function grown(bytesBefore: number, bytes: number, packetsBefore: number, packets: number): number | undefined {
  if (packets < packetsBefore) return undefined; // 2^32 packets take their time: a new device is what we see
  return bytes >= bytesBefore ? bytes - bytesBefore : unwrapped(bytesBefore, bytes, packets - packetsBefore);
}

/**
 * Rates between two readings of one device name, `elapsedMs` apart; undefined without two of them. A device that was
 * made anew counts from 0, so all that it counts fell into this time.
 */
export function toRates(before: Counters | undefined, now: Counters | undefined, elapsedMs: number): Rates | undefined {
  if (!before || !now || !(elapsedMs > 0)) return undefined;
  const rx = grown(before.rxBytes, now.rxBytes, before.rxPackets, now.rxPackets);
  const tx = grown(before.txBytes, now.txBytes, before.txPackets, now.txPackets);
  const isAnew = rx === undefined || tx === undefined;
  const perSecond = (bytes: number): number => (bytes * 1000) / elapsedMs;
  return isAnew ? { rx: perSecond(now.rxBytes), tx: perSecond(now.txBytes) } : { rx: perSecond(rx), tx: perSecond(tx) };
}
