// Which links carry what: all that netifd has up, those that also answer, those that also take new connections.
import type { Group } from '../config/parse.ts';
import type { Family } from '../contract/index.ts';
import type { Leg, Link } from './members.ts';

type LegsOf = (links: readonly Link[], family: Family) => Leg[];

export type Legs = {
  /** Up, whether or not they answer: a link's own packets, such as those of its probe, go by no other. */
  up: LegsOf;
  /** Up, and not dead. */
  alive: LegsOf;
  /** Alive, and not resting: what new connections are shared among. */
  shared: LegsOf;
  /** Is a pin that may fall back to do so? */
  isAvoided: (link: string) => boolean;
};

/**
 * Where no link of a family answers none of them is dead: a verdict that condemns everything says more of the targets. A link that
 * was dialed just now and has not answered yet is no witness, or each redial would end the connections of all others. Likewise
 * where all rest none does. Only who asks for a refusal when no link lives is refused then.
 */
export function chooseLegs(
  links: readonly Link[],
  groups: readonly Group[],
  asked: Record<'dead' | 'unheard', Record<Family, readonly string[]>> & { resting: readonly string[] },
  up: LegsOf,
): Legs {
  const without = (legs: readonly Leg[], names: readonly string[]): Leg[] => legs.filter((leg) => !names.includes(leg.link));
  const isFinal = groups.some((group) => group.isLastResort);
  const choose = (family: Family): { dead: readonly string[]; resting: readonly string[] } => {
    const all = up(links, family);
    const witnesses = without(without(all, asked.dead[family]), asked.unheard[family]);
    const dead = isFinal || witnesses.length > 0 ? asked.dead[family] : [];
    const alive = without(all, dead);
    return { dead, resting: without(alive, asked.resting).length > 0 ? asked.resting : [] };
  };
  const chosen = { ipv4: choose('ipv4'), ipv6: choose('ipv6') };
  const alive: LegsOf = (some, family) => without(up(some, family), chosen[family].dead);
  return {
    up,
    alive,
    shared: (some, family) => without(alive(some, family), chosen[family].resting),
    isAvoided: (link) => [chosen.ipv4, chosen.ipv6].some(({ dead, resting }) => dead.includes(link) || resting.includes(link)),
  };
}
