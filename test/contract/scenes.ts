// Which recordings share a router, and the run of all of them.
import { createMutation, unchanged } from './mutate.ts';
import type { Mutation } from './mutate.ts';
import { readRecording } from './recording.ts';
import type { RecordingName } from './recording.ts';
import { Replay, replayAll } from './replay.ts';
import type { Share } from './replay.ts';
import { startRouter } from './router.ts';
import { WORDS } from './words.ts';

/** The recordings of one scene were made one after the other: what the first left in the configuration the next one finds. */
export const SCENES: readonly (readonly RecordingName[])[] = [
  ['12-uci-private-deltas'],
  ['04-exec-plugin'],
  ['02-uci-ubus', '02b-uci-ubus-types', '03-uci-cli'],
  ['01c-http-ubus-more'],
  ['01-http-ubus'],
  ['05-file-plugin'],
  ['01b-http-ubus-large-reply'],
];

export async function playScene(names: readonly RecordingName[], mutation: Mutation = unchanged): Promise<Share[]> {
  const router = await startRouter({ mutate: mutation.text });
  try {
    const replay = new Replay(router, mutation.text);
    const shares: Share[] = [];
    for (const name of names) shares.push(await replayAll(name, mutation.entries(name, readRecording(name)), replay));
    return shares;
  } finally {
    await router.stop();
  }
}

/** All that the recordings of a scene say. */
const corpusOf = (names: readonly RecordingName[]): string => names.map((name) => JSON.stringify(readRecording(name))).join('\n');

/** The scene with other names. */
export const mutationOf = (names: readonly RecordingName[], seed: number): Mutation =>
  createMutation(seed, WORDS[names[0] as RecordingName] ?? { free: [] }, corpusOf(names));

const AT_ONCE = 4;

/** Plays all scenes, some at a time: most of them wait for something most of the time. */
export async function playScenes(toMutation: (names: readonly RecordingName[]) => Mutation): Promise<Map<RecordingName, Share>> {
  const shares = new Map<RecordingName, Share>();
  const left = [...SCENES];
  const work = async () => {
    for (let scene = left.shift(); scene; scene = left.shift()) {
      for (const share of await playScene(scene, toMutation(scene))) shares.set(share.name, share);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return shares;
}
