// hotplug.d/iface: netifd's queue of interface events, and hotplug-call, which runs every script for one of them.
import { join } from 'node:path';
import type { Kernel } from './kernel.ts';

export type Action = 'ifup' | 'ifdown' | 'ifupdate' | 'ifup-failed';

/** What an ifupdate says has changed. */
export type Updated = 'addresses' | 'routes' | 'prefixes' | 'data';

export type HotplugOptions = {
  /** Where the router's `/` is. */
  root: string;
  /** The layer 3 device of an interface, asked when the scripts start: by then it may be another one, or none. */
  deviceOf: (name: string) => string | undefined;
  log?: (line: string) => void;
};

type Queued = { action: Action; updated: Set<Updated> };

/** Sourced in a subshell each, so an `exit` ends only that script, and whatever the number of scripts one shell is started. */
const HOTPLUG_CALL = 'for script in "$1"/*; do ( [ -f "$script" ] && . "$script" ); done';

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Events of ALL interfaces run strictly one after the other, so a slow script delays everybody. Each interface holds at
 * most one waiting event, the newest: ifdown and ifup behind a slow script become one ifup, and an ifupdate behind a
 * waiting ifup is part of it. So an event is a hint to look, not a history.
 */
export class Hotplug {
  readonly #waiting = new Map<string, Queued>();
  #running: { name: string; action: Action } | undefined;
  #stopped = false;
  readonly #kernel: Kernel;
  readonly #options: HotplugOptions;

  constructor(kernel: Kernel, options: HotplugOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  queue(name: string, action: Action, updated: Iterable<Updated> = []): void {
    const waiting = this.#waiting.get(name);
    const isRunning = this.#running?.name === name;
    if (isRunning && !waiting && this.#running?.action === action && action !== 'ifupdate') return;
    if (waiting && action === 'ifupdate' && (waiting.action === 'ifup' || waiting.action === 'ifupdate')) {
      for (const item of updated) waiting.updated.add(item);
    } else {
      // A newer event takes the place of the one that waits, and its place in the line.
      this.#waiting.set(name, { action, updated: new Set(updated) });
    }
    this.#next();
  }

  /** Nothing runs and nothing waits. */
  get isIdle(): boolean {
    return this.#running === undefined && this.#waiting.size === 0;
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
  }

  #next(): void {
    if (this.#running || this.#stopped) return;
    const [first] = this.#waiting;
    if (!first) return;
    const [name, event] = first;
    this.#waiting.delete(name);
    this.#running = { name, action: event.action };
    this.#kernel.spawn(['/bin/sh', '-c', HOTPLUG_CALL, 'hotplug-call', join(this.#options.root, 'etc/hotplug.d/iface')], {
      env: this.#environment(name, event),
      onLine: (line) => this.#options.log?.(`hotplug (${event.action} ${name}): ${line}`),
      onExit: () => {
        this.#running = undefined;
        this.#next();
      },
    });
  }

  #environment(name: string, { action, updated }: Queued): Record<string, string> {
    const env: Record<string, string> = { ACTION: action, INTERFACE: name, HOTPLUG_TYPE: 'iface' };
    const device = action === 'ifup' || action === 'ifupdate' ? this.#options.deviceOf(name) : undefined;
    if (device !== undefined) env['DEVICE'] = device;
    if (action === 'ifupdate') for (const item of updated) env[`IFUPDATE_${item.toUpperCase()}`] = '1';
    return { ...env, DEVICENAME: '', PATH, HOME: '/', LOGNAME: 'root', USER: 'root' };
  }
}
