// netifd as a process that starts, ends and starts anew, and remembers nothing of its former life.
import type { Kernel } from '../kernel.ts';
import type { Netifd } from './index.ts';
import type { Snapshot } from './status.ts';

/** How long a restart over the bus lets interfaces go down. */
const PAUSE_MS = 1000;

export class NetworkService {
  readonly #kernel: Kernel;
  readonly #make: () => Netifd;
  #netifd: Netifd | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(kernel: Kernel, make: () => Netifd) {
    this.#kernel = kernel;
    this.#make = make;
  }

  /** Where one runs already, nothing happens. */
  start(): Promise<void> {
    return this.#then(async () => {
      if (this.#netifd) return;
      this.#netifd = this.#make();
      await this.#netifd.start();
    });
  }

  /** SIGTERM: it takes nothing down any more, that was for `ifdown` to do. */
  stop(): Promise<void> {
    return this.#then(async () => {
      await this.#netifd?.exit();
      this.#netifd = undefined;
    });
  }

  /** `ubus call network restart`: netifd takes all down and executes itself. The init script's restart is another. */
  restart(): void {
    this.#netifd?.setAllDown();
    this.#kernel.after(PAUSE_MS, () => {
      void this.stop();
      void this.start();
    });
  }

  reload(): void {
    this.#netifd?.reload();
  }

  /** What others' files or the kernel show may have changed. */
  look(): void {
    this.#netifd?.look();
  }

  snapshots(): Snapshot[] {
    return this.#netifd?.snapshots() ?? [];
  }

  #then(action: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(action);
    return this.#queue;
  }
}
