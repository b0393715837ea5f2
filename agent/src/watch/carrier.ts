// One `ip monitor` for all links: a carrier that comes or goes below a static interface gives no event of netifd's.
import type { Child, Loop } from '../loop.ts';

const PAUSE_MS = 5000;

/** The device in a line such as `5: wan@eth0: <…,LOWER_UP> …`, also behind `Deleted`. */
export const deviceIn = (line: string): string | undefined => /^(?:Deleted )?\d+: ([^:@ ]+)[:@]/.exec(line)?.[1];

export class Carrier {
  #loop: Loop;
  #devices: () => readonly string[];
  #onChange: () => void;
  #child: Child | undefined;
  #isStopped = false;
  /** What was last said of each device, but for counters. */
  #said = new Map<string, string>();

  constructor(loop: Loop, devices: () => readonly string[], onChange: () => void) {
    this.#loop = loop;
    this.#devices = devices;
    this.#onChange = onChange;
  }

  start(): void {
    this.#child = this.#loop.start(['ip', 'monitor', 'link'], {
      onLine: (line) => this.#onLine(line),
      onEnd: () => {
        if (!this.#isStopped) this.#loop.after(PAUSE_MS, () => this.start());
      },
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#child?.kill();
  }

  #onLine(line: string): void {
    const device = deviceIn(line);
    if (device === undefined || !this.#devices().includes(device)) return;
    const flags = line.startsWith('Deleted') ? 'deleted' : (/<[^>]*>/.exec(line)?.[0] ?? '');
    if (this.#said.get(device) === flags) return;
    this.#said.set(device, flags);
    if (this.#said.size > 2 * this.#devices().length) this.#said = new Map([[device, flags]]);
    this.#onChange();
  }
}
