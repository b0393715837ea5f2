// IP prefixes as the kernel and ip spell them, so that one in the configuration can be found again in a routing table.

function bytesOfIpv4(text: string): number[] | undefined {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255) ? parts.map(Number) : undefined;
}

const isWords = (words: readonly string[]): boolean => words.every((word) => /^[0-9a-f]{1,4}$/i.test(word));

function wordsOfIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const gap = 8 - head.length - tail.length;
  if (!isWords([...head, ...tail]) || (halves.length === 2 ? gap < 1 : gap !== 0)) return undefined;
  return [...head, ...Array<string>(gap).fill('0'), ...tail].map((word) => Number.parseInt(word, 16));
}

/** The first `length` bits of parts of `width` bits each, the rest 0. */
const masked = (parts: readonly number[], width: number, length: number): number[] =>
  parts.map((part, index) => {
    const host = Math.min(width, Math.max(0, (index + 1) * width - length));
    return part - (part % 2 ** host);
  });

/** Short as in RFC 5952: the first longest run of zeros, of two words at least, becomes `::`. */
function renderIpv6(words: readonly number[]): string {
  const runs = words.map((_, from) => {
    const end = words.findIndex((word, at) => at >= from && word !== 0);
    return { from, size: (end < 0 ? words.length : end) - from };
  });
  const longest = runs.reduce((best, run) => (run.size > best.size ? run : best));
  const hex = (part: readonly number[]): string => part.map((word) => word.toString(16)).join(':');
  return longest.size < 2 ? hex(words) : `${hex(words.slice(0, longest.from))}::${hex(words.slice(longest.from + longest.size))}`;
}

/** `ADDRESS/LENGTH` in its one spelling, without host bits, which the kernel refuses; undefined when it is no prefix. */
export function toPrefix(text: string): string | undefined {
  const match = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text);
  const [, address = '', digits] = match ?? [];
  const length = Number(digits);
  const ipv4 = bytesOfIpv4(address);
  if (ipv4) return length <= 32 ? `${masked(ipv4, 8, length).join('.')}/${length}` : undefined;
  const ipv6 = wordsOfIpv6(address);
  return ipv6 && length <= 128 ? `${renderIpv6(masked(ipv6, 16, length))}/${length}` : undefined;
}

/** The words of an address as numbers, 8 bits each in IPv4 and 16 in IPv6; undefined when it is none. */
const partsOf = (address: string): { parts: number[]; width: number } | undefined => {
  const ipv4 = bytesOfIpv4(address);
  if (ipv4) return { parts: ipv4, width: 8 };
  const ipv6 = wordsOfIpv6(address);
  return ipv6 && { parts: ipv6, width: 16 };
};

/** The bytes of an address, as they travel. */
export const bytesOf = (address: string): number[] => {
  const found = partsOf(address);
  return found ? found.parts.flatMap((part) => (found.width === 8 ? [part] : [part >> 8, part & 0xff])) : [];
};

/** Does the prefix, in its one spelling, hold the address? */
export function holds(prefix: string, address: string): boolean {
  const [, length = ''] = prefix.split('/');
  return prefix.includes(':') === address.includes(':') && toPrefix(`${address}/${length}`) === prefix;
}

/** An address in its one spelling: netifd may pass on what a peer wrote. Undefined when it is none. */
export const toAddress = (text: string): string | undefined => toPrefix(`${text}/${text.includes(':') ? 128 : 32}`)?.replace(/\/\d+$/, '');
