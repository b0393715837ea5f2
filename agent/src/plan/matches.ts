// What a pin matches, as the beginning of nft rules: one for each family that it can mean.
import type { Pin } from '../config/parse.ts';
import type { Family } from '../contract/index.ts';
import { setName } from './names.ts';

/** Device of a network interface, where it has one now. */
export type InterfaceDevices = (name: string) => string | undefined;

/** Words that end in a blank. `isForwardedOnly`: the router's own packets have no such thing. */
export type Match = { text: string; isForwardedOnly: boolean };

const inSet = (items: readonly string[]): string => (items.length === 1 ? `${items[0]}` : `{ ${items.join(', ')} }`);
const ofFamily = (prefixes: readonly string[], family: Family): string[] => prefixes.filter((prefix) => prefix.includes(':') === (family === 'ipv6'));

/** Are its source and its destination of different families? */
export const neverMatches = (pin: Pin): boolean => familiesOf(pin).length === 0;

function familiesOf(pin: Pin): Family[] {
  const allows = (prefixes: readonly string[], family: Family): boolean => prefixes.length === 0 || ofFamily(prefixes, family).length > 0;
  return (['ipv4', 'ipv6'] as const).filter((family) => allows(pin.src, family) && allows(pin.dest, family));
}

/**
 * Sources that a pin means in a family, none for any; undefined where it means nothing of it. IPv6 addresses that a provider
 * gave leave by that provider's link, so a pin means local ones unless it names its source, or is strict and means everything.
 */
export function sourcesOf(pin: Pin, family: Family): string[] | undefined {
  if (!familiesOf(pin).includes(family)) return undefined;
  const src = ofFamily(pin.src, family);
  return src.length || family === 'ipv4' || pin.strict ? src : ['fc00::/7'];
}

function protocolWords(pin: Pin, family: Family): string[] {
  const hasPorts = pin.srcPort.length + pin.destPort.length > 0;
  const named = pin.proto.length || !hasPorts ? pin.proto : ['tcp', 'udp'];
  const protocols = named.map((name) => (name === 'icmp' && family === 'ipv6' ? 'ipv6-icmp' : name));
  return [
    ...(protocols.length ? [`meta l4proto ${inSet(protocols)}`] : []),
    ...(pin.srcPort.length ? [`th sport ${inSet(pin.srcPort)}`] : []),
    ...(pin.destPort.length ? [`th dport ${inSet(pin.destPort)}`] : []),
  ];
}

/** Rules for a pin, one a family. */
export function renderMatches(pin: Pin, devicesOf: InterfaceDevices): Match[] {
  const devices = pin.in.flatMap((name) => devicesOf(name) ?? []);
  if (pin.in.length && devices.length === 0) return [];
  const isForwardedOnly = pin.in.length + pin.mac.length > 0;
  return familiesOf(pin).map((family) => {
    const ip = family === 'ipv4' ? 'ip' : 'ip6';
    const dest = ofFamily(pin.dest, family);
    const sources = sourcesOf(pin, family) ?? [];
    const words = [
      ...(devices.length ? [`iifname ${inSet(devices.map((device) => `"${device}"`))}`] : []),
      ...(pin.mac.length ? [`ether saddr ${inSet(pin.mac)}`] : []),
      `meta nfproto ${family}`,
      ...(sources.length ? [`${ip} saddr ${inSet(sources)}`] : []),
      ...(dest.length ? [`${ip} daddr ${inSet(dest)}`] : []),
      ...(pin.names.length ? [`${ip} daddr @${setName(pin, family)}`] : []),
      ...protocolWords(pin, family),
    ];
    return { text: `${words.join(' ')} `, isForwardedOnly };
  });
}
