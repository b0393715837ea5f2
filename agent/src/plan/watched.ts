// What the watcher is told of each link: its state, its addresses, and how it is to be asked whether it lives.
import type { Config, Line, Probe } from '../config/parse.ts';
import { toProbe } from '../config/parse.ts';
import { stateOf } from '../observe/netifd.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import type { Watched, WatchedLine, WatchedProbe } from '../watched.ts';
import type { Link } from './members.ts';
import { addressesOf } from './steering.ts';

/** Without any section of type probe all links are asked as its defaults say. */
const defaultProbe = toProbe({ type: 'probe', name: 'default', options: {} });

/** The first probe that names the link, then the first that names its line, then the first that names nobody. */
export function probeFor(probes: readonly Probe[], link: Pick<Link, 'name' | 'line'>): Probe | undefined {
  if (probes.length === 0) return defaultProbe;
  const naming = (name: string | undefined): Probe | undefined => probes.find(({ links }) => name !== undefined && links.includes(name));
  return naming(link.name) ?? naming(link.line) ?? probes.find(({ links }) => links.length === 0);
}

const toWatched = ({ name: _, links: __, disabled: ___, ...probe }: Probe): WatchedProbe => probe;

const toWatchedLine = ({ name, minUp, rotateH, rotateWindow }: Line): WatchedLine => ({
  name,
  minUp,
  rotateS: rotateH * 3600,
  ...(rotateWindow === undefined ? {} : { window: rotateWindow }),
});

type Seen = Pick<Watched, 'shared' | 'outranked'> & { links: readonly Link[]; usable: Record<'ipv4' | 'ipv6', readonly string[]> };

/** An empty list ends all watching, as where the configuration says so. */
export function planWatched(config: Config, { links, shared, outranked, usable }: Seen, interfaces: readonly NetifdInterface[]): Watched {
  if (!config.watch) return { links: [], lines: [], shared, outranked, keepsHistory: false };
  return {
    shared,
    outranked,
    keepsHistory: config.keepsHistory,
    lines: config.lines.filter(({ minUp, rotateH }) => minUp > 0 || rotateH > 0).map(toWatchedLine),
    links: links.map((link) => {
      const entry = interfaces.find((other) => other.name === link.interface);
      const state = stateOf(entry);
      const probe = probeFor(config.probes, link);
      const addresses = addressesOf(link, interfaces);
      return {
        name: link.name,
        interface: link.interface,
        ...(link.line === undefined ? {} : { line: link.line }),
        slot: link.slot,
        state,
        ...(entry?.l3Device === undefined ? {} : { device: entry.l3Device }),
        ...(state !== 'up' && entry?.reason ? { reason: entry.reason.code } : {}),
        // Before that it has no rule: a probe would go by another link, and be dropped there.
        ipv4: usable.ipv4.includes(link.name) ? addresses.filter((address) => !address.includes(':')) : [],
        ipv6: usable.ipv6.includes(link.name) ? addresses.filter((address) => address.includes(':')) : [],
        ...(probe && !probe.disabled ? { probe: toWatched(probe) } : {}),
      };
    }),
  };
}
