// What the in-memory router's kernel has: two links of ours, a pin, netifd's, the kernel's own, and somebody's routing daemon.
import { toPurpose, type RouteEntry, type RoutesReply, type RuleEntry } from '../../agent/src/contract/index.ts';

const route = (more: Partial<RouteEntry>): RouteEntry => ({
  owner: 'ours',
  family: 'ipv4',
  destination: 'default',
  table: 254,
  metric: 7,
  protocol: 77,
  hops: [],
  ...more,
});
const rule = (more: Partial<RuleEntry>): RuleEntry => ({ owner: 'ours', family: 'ipv4', preference: 0, selectors: [], ...more });
const both = [
  { device: 'pppoe-wan_01', weight: 1 },
  { device: 'pppoe-wan_02', weight: 1 },
];
const link = { link: 'wan_01' };

export const aRoutesReply = (): RoutesReply => ({
  routes: [
    route({ nexthop: 77_104_001, hops: both, purpose: toPurpose('shared_default', { family: 'IPv4', group: 'default' }) }),
    route({ table: 77_001, nexthop: 77_004_001, hops: [{ device: 'pppoe-wan_01' }], purpose: toPurpose('table_link', link) }),
    route({ table: 77_193, metric: 4_278_198_272, refuses: true, purpose: toPurpose('table_strict_end', { use: 'wan_01', pins: ['tv', 'work'] }) }),
    route({
      owner: 'netifd',
      metric: 7001,
      protocol: 4,
      interface: 'wan_01',
      hops: [{ device: 'pppoe-wan_01', gateway: '10.67.0.1' }],
      purpose: toPurpose('fallback', link),
    }),
    route({ owner: 'kernel', destination: 'fe80::/64', family: 'ipv6', metric: 256, protocol: 2, hops: [{ device: 'md-wan_01' }] }),
    route({
      owner: 'foreign',
      destination: '198.51.100.0/24',
      metric: 20,
      protocol: 186,
      interface: 'lan',
      hops: [{ device: 'br-lan', gateway: '192.168.1.254' }],
    }),
  ],
  rules: [
    rule({ owner: 'kernel', table: 255 }),
    rule({ preference: 4001, selectors: ['fwmark 0x1000000/0xff000000'], table: 77_001, purpose: toPurpose('rule_link', link) }),
    rule({ owner: 'foreign', preference: 100, selectors: ['from 10.0.0.0/8'], table: 100 }),
  ],
  nexthops: [
    { owner: 'ours', id: 77_004_001, device: 'pppoe-wan_01', purpose: toPurpose('nexthop_link', { ...link, family: 'IPv4' }) },
    {
      owner: 'ours',
      id: 77_104_001,
      members: [
        { id: 77_004_001, weight: 1 },
        { id: 77_004_002, weight: 2 },
      ],
      purpose: toPurpose('nexthop_group', { group: 'default', family: 'IPv4' }),
    },
  ],
  left: { routes: 900_000, rules: 0, nexthops: 0 },
  problems: [],
});
