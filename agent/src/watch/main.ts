// The watcher as a program of its own, small in memory: procd starts it, QuickJS’s event loop keeps it.
import { createSystem, exit } from '../quickjs.ts';
import { createLoop } from '../quickjs-loop.ts';
import { Watcher } from './watcher.ts';

const system = createSystem();
const loop = createLoop();
const watcher = new Watcher(system, loop);

/** Whoever is told by a signal to end lets the programs that it has just started get through. */
const LAST_WORDS_MS = 300;

for (const name of ['TERM', 'INT'] as const) {
  loop.onSignal(name, () => {
    watcher.stop();
    loop.after(LAST_WORDS_MS, () => exit(0));
  });
}
watcher.start();
