// Values that the planners' tests start from: packages from their text, lines, links and legs with their usual fields.
import type { Config, Group, Line, LinkSetting, Pin } from '../../agent/src/config/parse.ts';
import type { Kernel, Nexthop, Route, Rule } from '../../agent/src/observe/kernel.ts';
import type { NetifdInterface } from '../../agent/src/observe/netifd.ts';
import type { Balance, Leg, Link } from '../../agent/src/plan/members.ts';
import { isFault, parsePackage, type UciPackage } from '../../agent/src/uci/package.ts';

/** A package from the text of its file; tests indent it as they like. */
export function toPackage(text: string): UciPackage {
  const parsed = parsePackage(text);
  if (isFault(parsed)) throw new Error(`line ${parsed.line}: ${parsed.reason}`);
  return parsed;
}

export const aLine = (fields: Partial<Line> = {}): Line => ({
  name: 'wan',
  device: 'eth0.2',
  sessions: 2,
  username: 'user@isp',
  password: 'secret',
  ac: undefined,
  service: undefined,
  hostUniq: undefined,
  mtu: undefined,
  keepalive: undefined,
  weight: 1,
  ipv6: 'off',
  adopt: undefined,
  minUp: 0,
  rotateH: 0,
  rotateWindow: undefined,
  disabled: false,
  ...fields,
});

export const aSetting = (name: string, fields: Partial<LinkSetting> = {}): LinkSetting => ({
  name,
  interface: undefined,
  username: undefined,
  password: undefined,
  weight: undefined,
  ipv6: 'off',
  disabled: false,
  ...fields,
});

export const aGroup = (name: string, fields: Partial<Group> = {}): Group => ({
  name,
  links: [],
  dest: ['0.0.0.0/0', '::/0'],
  hash: 'l4',
  mode: 'flow',
  spread: 'nth',
  sticky: 'off',
  isLastResort: false,
  ...fields,
});

export const aPin = (name: string, use: string, fields: Partial<Pin> = {}): Pin => ({
  name,
  use,
  strict: false,
  src: [],
  dest: [],
  names: [],
  proto: [],
  srcPort: [],
  destPort: [],
  in: [],
  mac: [],
  ...fields,
});

export const aConfig = (fields: Partial<Config> = {}): Config => ({
  enabled: true,
  keepsHistory: false,
  lines: [],
  links: [],
  groups: [],
  pins: [],
  probes: [],
  watch: true,
  frozen: [],
  broken: false,
  ...fields,
});

export const aLink = (name: string, slot: number, fields: Partial<Link> = {}): Link => ({
  name,
  interface: name,
  device: `pppoe-${name}`,
  line: 'wan',
  slot,
  weight: 1,
  balances6: false,
  masquerades6: false,
  ...fields,
});

export const aBalance = (fields: Partial<Balance> = {}): Balance => ({
  group: aGroup('default'),
  index: 1,
  family: 'ipv4',
  prefix: '0.0.0.0/0',
  links: [],
  ...fields,
});

export const aLeg = (slot: number, fields: Partial<Leg> = {}): Leg => ({
  link: `wan_0${slot}`,
  slot,
  weight: 1,
  device: `pppoe-wan_0${slot}`,
  gateway: undefined,
  ...fields,
});

export const anInterface = (name: string, fields: Partial<NetifdInterface> = {}): NetifdInterface => ({
  name,
  proto: 'pppoe',
  up: true,
  pending: false,
  autostart: true,
  l3Device: `pppoe-${name}`,
  uptimeS: 70,
  ipv4: ['10.67.1.29'],
  ipv6: [],
  pointToPoint: true,
  routes: [{ target: '0.0.0.0', mask: 0, nexthop: '10.67.0.1' }],
  dns: [],
  reason: undefined,
  ...fields,
});

export const aRoute = (fields: Partial<Route> = {}): Route => ({
  family: 'ipv4',
  destination: 'default',
  source: undefined,
  table: 254,
  metric: 7,
  protocol: 77,
  nexthopId: undefined,
  legs: [],
  ...fields,
});

export const aNexthop = (id: number, fields: Partial<Nexthop> = {}): Nexthop => ({
  id,
  protocol: 77,
  device: undefined,
  gateway: undefined,
  members: undefined,
  ...fields,
});

export const aRule = (preference: number, fields: Partial<Rule> = {}): Rule => ({ family: 'ipv4', preference, table: 254, protocol: 77, ...fields });

export const aKernel = (fields: Partial<Kernel> = {}): Kernel => ({ routes: [], unreachable: [], rules: [], nexthops: [], ...fields });
