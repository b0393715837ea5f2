// A kernel's devices, nexthops, routes and rules, as strict as the real one: it refuses duplicates, unknown ids and devices.
import { Rules } from './rules.ts';

export type Family = 'ipv4' | 'ipv6';
export type Device = { mac: string; up: boolean; carrier: boolean; type: string; ifindex: number };
export type Leg = { device: string; gateway: string | undefined; weight: number; dead?: boolean };
export type Single = { family: Family; device: string; gateway: string | undefined; protocol: number };
export type Group = { members: { id: number; weight: number }[]; protocol: number };
export type Route = {
  family: Family;
  destination: string;
  source: string | undefined;
  table: number;
  metric: number;
  protocol: number;
  group: number | undefined;
  legs: Leg[];
  /** Of type unreachable: without legs. */
  refuses?: true;
};

/** What the kernel answers to a request: undefined when it was done. */
export type Refusal = string | undefined;

/** ARPHRD_PPP, as sysfs tells it. */
const PPP = '512';

const isGroup = (nexthop: Single | Group): nexthop is Group => 'members' in nexthop;

export class Kernel {
  devices = new Map<string, Device>();
  nexthops = new Map<number, Single | Group>();
  routes: Route[] = [];
  rules = new Rules();
  /** False before Linux 5.3, and with an `ip` that knows no nexthops. */
  knowsNexthops = true;
  /** True for iproute2 before 5.3. */
  hasOldIp = false;
  /** False before Linux 4.16: every leg of an IPv6 route has a weight of 1, whatever is asked for. */
  knowsWeights6 = true;
  /** Subnets with the router's own address in them, and MACs by `ADDRESS DEVICE`: for questions about single addresses alone. */
  connected: { prefix: string; address: string; device: string }[] = [];
  neighbours = new Map<string, string>();
  #ifindex = 0;

  addDevice(name: string, { mac = '', up = true, carrier = true, type = '1' }: Partial<Device> = {}): void {
    this.devices.set(name, { mac, up, carrier, type, ifindex: ++this.#ifindex });
  }

  /** A file of /sys/class/net/NAME. */
  readSysfs(path: string): string | undefined {
    const [name = '', file] = path.slice('/sys/class/net/'.length).split('/');
    const device = this.devices.get(name);
    if (!device) return undefined;
    if (file === 'address') return `${device.mac}\n`;
    if (file === 'type') return `${device.type}\n`;
    if (file === 'ifindex') return `${device.ifindex}\n`;
    if (file === 'flags') return device.up ? '0x1003\n' : '0x1002\n';
    if (file === 'mtu') return device.type === PPP ? '1492\n' : '1500\n';
    if (file === 'carrier') return device.up ? `${device.carrier ? 1 : 0}\n` : '';
    return path.endsWith('/statistics/rx_bytes') ? '1000\n' : path.endsWith('/statistics/tx_bytes') ? '500\n' : undefined;
  }

  /** Nexthops of a device leave with it; a classic IPv4 multipath route leaves whole, an IPv6 one loses the leg. */
  removeDevice(name: string): void {
    this.devices.delete(name);
    this.#dropNexthopsOf(name);
    this.routes = this.routes.flatMap((route): Route[] => {
      if (route.group !== undefined || route.refuses || route.legs.every((leg) => leg.device !== name)) return [route];
      const legs = route.legs.filter((leg) => leg.device !== name);
      return route.family === 'ipv4' || legs.length === 0 ? [] : [{ ...route, legs }];
    });
  }

  /** A lost carrier takes nexthops away as well, and nothing brings them back; a classic leg is only marked dead. */
  loseCarrier(name: string): void {
    const device = this.devices.get(name);
    if (device) device.carrier = false;
    this.#dropNexthopsOf(name);
    for (const leg of this.routes.flatMap((route) => (route.group === undefined ? route.legs : []))) if (leg.device === name) leg.dead = true;
  }

  #dropNexthopsOf(device: string): void {
    for (const [id, nexthop] of [...this.nexthops]) if (!isGroup(nexthop) && nexthop.device === device) this.deleteNexthop(id);
  }

  #isLive(device: string): Refusal {
    const found = this.devices.get(device);
    if (!found) return `Cannot find device "${device}"`;
    if (!found.up) return 'Error: Nexthop device is not up.';
    return found.carrier ? undefined : 'Error: Carrier for nexthop device is down.';
  }

  setNexthop(id: number, nexthop: Single, mayReplace: boolean): Refusal {
    const old = this.nexthops.get(id);
    if (old && !mayReplace) return 'RTNETLINK answers: File exists';
    if (old && isGroup(old)) return 'Error: Can not replace a nexthop group with a nexthop.';
    if (nexthop.gateway !== undefined && nexthop.gateway.includes(':') !== (nexthop.family === 'ipv6')) return 'Error: any valid address is expected';
    const refusal = this.#isLive(nexthop.device);
    if (!refusal) this.nexthops.set(id, nexthop);
    return refusal;
  }

  setGroup(id: number, group: Group, mayReplace: boolean): Refusal {
    const old = this.nexthops.get(id);
    if (old && !mayReplace) return 'RTNETLINK answers: File exists';
    if (old && !isGroup(old)) return 'Error: Can not replace a nexthop with a nexthop group.';
    const ids = group.members.map((member) => member.id);
    if (ids.length === 0 || group.members.some(({ weight }) => !(weight >= 1 && weight <= 256))) return 'Error: Invalid value for weight.';
    if (ids.some((member) => !this.nexthops.has(member) || isGroup(this.nexthops.get(member) as Single | Group))) return 'Error: Invalid nexthop id.';
    if (new Set(ids).size < ids.length) return 'Error: Nexthop id can not be used twice in a group.';
    this.nexthops.set(id, group);
    return undefined;
  }

  /** A group leaves with its last member, and its routes with it. */
  deleteNexthop(id: number): Refusal {
    if (!this.nexthops.delete(id)) return 'RTNETLINK answers: No such file or directory';
    this.routes = this.routes.filter((route) => route.group !== id);
    for (const [groupId, group] of [...this.nexthops]) {
      if (!isGroup(group) || group.members.every((member) => member.id !== id)) continue;
      const members = group.members.filter((member) => member.id !== id);
      if (members.length) this.nexthops.set(groupId, { ...group, members });
      else this.deleteNexthop(groupId);
    }
    return undefined;
  }

  #mayCarry(route: Route): Refusal {
    if (route.group === undefined) return route.legs.map((leg) => this.#isLive(leg.device)).find(Boolean) ?? this.#mayShare(route);
    const group = this.nexthops.get(route.group);
    if (!group) return 'Error: Nexthop id does not exist.';
    const families = (isGroup(group) ? group.members.map(({ id }) => this.nexthops.get(id)) : [group]).map((member) => (member as Single).family);
    if (families.some((family) => family !== route.family)) return `Error: ${route.family} routes can not use a nexthop of the other family.`;
    return undefined;
  }

  #mayShare(route: Route): Refusal {
    const isRefused = route.family === 'ipv6' && route.legs.length > 1 && route.legs.some((leg) => leg.gateway === undefined);
    return isRefused ? 'Error: Device only routes can not be added for IPv6 using the multipath API.' : undefined;
  }

  /** The key of a route is prefix, source, table and metric, whoever made it: `replace` takes anybody's. */
  setRoute(route: Route, mayReplace: boolean): Refusal {
    const refusal = this.#mayCarry(route);
    if (refusal) return refusal;
    const at = this.routes.findIndex((other) => isSameKey(other, route));
    if (at >= 0 && !mayReplace) return 'RTNETLINK answers: File exists';
    const legs = route.family === 'ipv6' && !this.knowsWeights6 ? route.legs.map((leg) => ({ ...leg, weight: 1 })) : route.legs;
    if (at >= 0) this.routes[at] = { ...route, legs };
    else this.routes.push({ ...route, legs });
    return undefined;
  }

  deleteRoute(route: Pick<Route, 'family' | 'destination' | 'table' | 'metric' | 'protocol'>): Refusal {
    const at = this.routes.findIndex((other) => isSameKey(other, { ...route, source: undefined }) && other.protocol === route.protocol);
    if (at < 0) return 'RTNETLINK answers: No such process';
    this.routes.splice(at, 1);
    return undefined;
  }

  /** Is it over a group, be it of a single nexthop? */
  isOfGroup(route: Route): boolean {
    const nexthop = this.nexthops.get(route.group ?? -1);
    return nexthop !== undefined && isGroup(nexthop);
  }

  /** The legs a packet would find. */
  legsOf(route: Route): Leg[] {
    const group = route.group === undefined ? undefined : this.nexthops.get(route.group);
    if (!group) return route.legs;
    const members = isGroup(group) ? group.members : [{ id: route.group as number, weight: 1 }];
    return members.map(({ id, weight }) => ({ ...(this.nexthops.get(id) as Single), weight }));
  }
}

type Key = Pick<Route, 'family' | 'destination' | 'table' | 'metric' | 'source'>;
const isSameKey = (a: Key, b: Key): boolean =>
  a.family === b.family && a.destination === b.destination && a.table === b.table && a.metric === b.metric && a.source === b.source;
