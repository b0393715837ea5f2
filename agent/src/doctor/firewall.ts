// Checks of the firewall's zone wan: it has the links, hides the LAN behind them and keeps TCP within what PPPoE carries.
import { parseBool } from '../contract/index.ts';
import type { Finding } from '../contract/index.ts';
import { isOurs } from '../owned.ts';
import { addressOf, itemsOf, scalarOf } from '../uci/package.ts';
import { dialedLinks } from './input.ts';
import type { Check } from './input.ts';

const zone: Check = {
  name: 'zone',
  look: ({ links, packages, packageProblems }) => {
    const dialed = dialedLinks(links);
    if (dialed.length === 0) return 'no_links';
    const { firewall } = packages;
    if (packageProblems.length && firewall.length === 0) return 'package_unreadable';
    const found = firewall.find((section) => section.type === 'zone' && scalarOf(section, 'name') === 'wan');
    if (!found) return [{ code: 'zone_missing', severity: 'error' }];
    const isOn = (option: string): boolean => parseBool(scalarOf(found, option) ?? '0') === true;
    const details = { zone: addressOf(firewall, found) };
    const members = itemsOf(found.options.get('network'));
    // An adopted interface keeps the zone that its owner put it in.
    const outside = dialed.filter(({ link, section }) => section && isOurs(section) && !members.includes(link.interface));
    return [
      ...outside.map(({ link }): Finding => ({ code: 'zone_lacks_link', severity: 'error', link: link.name })),
      ...(isOn('masq') ? [] : [{ code: 'masquerade_off', severity: 'error', details } satisfies Finding]),
      ...(isOn('mtu_fix') ? [] : [{ code: 'mss_unclamped', severity: 'warning', details } satisfies Finding]),
    ];
  },
};

export const firewallChecks: readonly Check[] = [zone];
