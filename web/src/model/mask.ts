// Takes out of a text what tells where a router is and whose: for a report that goes to a forum.
import { toAddress } from '../../../agent/src/contract/index.ts';

const MAC = /\b([0-9a-f]{2}(?::[0-9a-f]{2}){2})(?::[0-9a-f]{2}){3}\b/gi;
const IPV4 = /\b(\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}\b/g;
/** Anything with two colons; what is none is left as it is. */
const IPV6 = /(?<![\w:.])[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*/gi;
/** An account or a mail address; a section of uci, as in firewall.@defaults[0], has no letter before its sign. */
const ACCOUNT = /[\w.+-]*\w@\w[\w.-]*/g;

function maskIpv6(found: string): string {
  const word = found.replace(/[:.]$/, (end) => (found.endsWith('::') ? end : ''));
  if (toAddress(word) === undefined || /^[:0]*$/.test(word)) return found;
  const [first = '', second = ''] = word.split(':');
  const kept = first === '' ? ':' : second === '' ? `${first}:` : `${first}:${second}`;
  return `${kept}:x${found.slice(word.length)}`;
}

/** Of an address the beginning is left: it tells private ones, those behind a provider's NAT, and families apart. */
export const mask = (text: string): string => text.replace(MAC, '$1:xx:xx:xx').replace(IPV6, maskIpv6).replace(IPV4, '$1.x.x').replace(ACCOUNT, 'x@x');
