// Starts a test's successor along with it: each has a router and a tab of its own, and most of its time is waiting.
import type { Limit } from '../limit.ts';

type Body = () => Promise<void>;
type Register = (name: string, body: Body, limit?: Limit) => void;

/** Registers tests that run two at a time, and are told in order. */
export function inPairs(register: Register): Register {
  const bodies: Body[] = [];
  const started = new Map<number, Promise<void>>();
  const start = (place: number): Promise<void> | undefined => {
    const body = bodies[place];
    if (!body) return undefined;
    const run = started.get(place) ?? body();
    started.set(place, run);
    // It is told when its turn comes.
    run.catch(() => {});
    return run;
  };
  return (name, body, limit) => {
    const place = bodies.push(body) - 1;
    const both = async (): Promise<void> => {
      const own = start(place);
      start(place + 1);
      await own;
    };
    register(name, both, limit);
  };
}
