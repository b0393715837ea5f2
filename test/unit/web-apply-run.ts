// An apply against a router in memory, with a clock that jumps: what the tests of `runApply` share.
import type { ApplyState } from '../../web/src/model/apply-state.ts';
import { runApply, type Choice } from '../../web/src/model/apply.ts';
import { createClient, request } from '../../web/src/ubus/index.ts';
import { FakeRouter } from './web-fake-router.ts';
import { fakeFetch, FakeClock } from './web-fakes.ts';

const calls = [request('uci', 'set', { config: 'multidial', section: 'wan', values: { sessions: '4' } })];

export type Setting = {
  /** Before the first call. */
  before?: (router: FakeRouter) => void;
  /** At each state. */
  on?: (state: ApplyState, router: FakeRouter) => void;
  choose?: (state: ApplyState) => Choice | undefined;
  renew?: (router: FakeRouter) => string | undefined;
};

export async function run({ before, on, choose, renew }: Setting) {
  const clock = new FakeClock();
  const router = new FakeRouter(clock);
  const { fetch } = fakeFetch(router.handler);
  const client = createClient({ url: '/ubus', fetch, clock, session: router.session, renew: async () => renew?.(router) });
  const states: ApplyState[] = [];
  const revisions: unknown[] = [];
  let choice: Choice | undefined;
  const startMs = clock.now();
  before?.(router);
  const end = await clock.until(
    runApply({
      client,
      clock,
      calls,
      choice: () => choice,
      onState: (state) => {
        states.push(state);
        choice = choose?.(state) ?? choice;
        on?.(state, router);
      },
      onStatus: ({ revision }) => revisions.push(revision),
    }),
  );
  const steps = states.map(({ step }) => step).filter((step, index, all) => step !== all[index - 1]);
  return { end, states, steps, revisions, router, tookS: (clock.now() - startMs) / 1000 };
}

export const whyOf = (state: ApplyState): unknown => ('why' in state ? state.why.kind : undefined);
