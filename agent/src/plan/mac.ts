// A session's own MAC address, always the same for the same port, line and number.

/** 32 bits of FNV-1a: spreads well enough over a handful of short names and needs no library. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/**
 * A locally administered unicast address: 02, one byte of the port's own, four of a hash over port, line and session.
 * Two devices of one port must differ (a duplicate leaves the macvlan down), so an address in `used` is hashed again.
 */
export function deriveMac(portMac: string, line: string, session: number, used: ReadonlySet<string>): string {
  const own = Number.parseInt(portMac.slice(-2), 16) || 0;
  for (let round = 0; ; round++) {
    const hash = fnv1a(`${portMac.toLowerCase()}/${line}/${session}/${round}`);
    const mac = [0x02, own, hash >>> 24, (hash >>> 16) & 255, (hash >>> 8) & 255, hash & 255].map(hex).join(':');
    if (!used.has(mac)) return mac;
  }
}
