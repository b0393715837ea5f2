// Masquerading of local IPv6 addresses out of the links that balance IPv6: an nft table of our own.
import { NFT_TABLE } from '../owned.ts';
import type { Link } from './members.ts';

/**
 * The ruleset for `nft -f`, or '' where no link needs it. Its own table, since fw4 flushes its own on every ifup; made
 * anew in one transaction, and by the names of devices that may not be up, so that a redial changes nothing in it.
 */
export function renderNat66(links: readonly Link[]): string {
  const devices = links.filter((link) => link.balances6 && link.device !== undefined).map((link) => `"${link.device}"`);
  if (devices.length === 0) return '';
  return [
    `add table inet ${NFT_TABLE}`,
    `delete table inet ${NFT_TABLE}`,
    `table inet ${NFT_TABLE} {`,
    '\tchain srcnat {',
    '\t\ttype nat hook postrouting priority srcnat; policy accept;',
    `\t\toifname { ${devices.join(', ')} } ip6 saddr fc00::/7 masquerade`,
    '\t}',
    // What conntrack does not know (a late packet of a closed connection) is not masqueraded and would leave as it is.
    '\tchain leak {',
    '\t\ttype filter hook forward priority filter; policy accept;',
    `\t\toifname { ${devices.join(', ')} } ip6 saddr fc00::/7 ct state invalid drop`,
    '\t}',
    '}',
    '',
  ].join('\n');
}
