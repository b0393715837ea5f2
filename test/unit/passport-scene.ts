// A router whose provider has limits, dialed as far as they go, and the passport of its line.
import '../fake/version.ts';
import type { PassportStatus } from '../../agent/src/contract/index.ts';
import { Provider, type Answer } from '../fake/provider.ts';
import { stateOf } from '../fake/random.ts';
import type { Router } from '../fake/router.ts';
import { aRouter } from '../fake/scene.ts';
import { multidial } from '../fake/shell.ts';

export const URL = 'http://example.org/large';
export const AUTH: Answer = { refuses: 'AUTH_TOPEER_FAILED' };

export const atMost =
  (limit: number, no: Answer = AUTH): Provider['answer'] =>
  (_, others) =>
    others.length < limit ? 'yes' : no;

/** What `stateOf` tells, by its parts. */
export type State = { uci: unknown; files: unknown };

export type Scene = { router: Router; provider: Provider; before: State };

/** Dialed as configured, as far as the provider lets it. */
export function scene(config: string, answer: Provider['answer']): Scene {
  const router = aRouter(config);
  router.files.makeDirectory('/bin', 0o755);
  router.write('/bin/uclient-fetch', '', 0o755);
  const provider = new Provider(router, answer);
  multidial(router, 'apply');
  provider.pass(12);
  provider.refused = 0;
  provider.most = 0;
  return { router, provider, before: stateOf(router) as State };
}

/** At a shell, to its end. */
export const passport = ({ router }: Scene, ...words: string[]): PassportStatus => JSON.parse(multidial(router, 'passport', '--json', 'wan', ...words).output);
