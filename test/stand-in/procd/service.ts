// A service: its instances by name, and whether it is to be forgotten when the last of them is gone.
import type { Args } from '../bus.ts';
import type { Log } from '../log.ts';
import { Instance } from './instance.ts';
import { isTable, parseSettings, present } from './settings.ts';

export type ServiceOptions = {
  name: string;
  root: string;
  log: Log;
  /** It was deleted and its last process has ended. */
  onGone: () => void;
};

export class Service {
  readonly instances = new Map<string, Instance>();
  triggers: unknown[] | undefined;
  data: Record<string, unknown> | undefined;
  #options: ServiceOptions;
  #validators: unknown[] | undefined;
  #isAutostart = true;
  #isDeleted = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** `set`, or `add`, which leaves instances that it does not name. What the call does not bring stays as it was. */
  update(args: Args, isAddition: boolean): void {
    if (typeof args['autostart'] === 'boolean') this.#isAutostart = args['autostart'];
    if (Array.isArray(args['triggers'])) this.triggers = args['triggers'];
    if (Array.isArray(args['validate'])) this.#validators = args['validate'];
    if (isTable(args['instances'])) this.#updateInstances(args['instances'], isAddition);
    if (isTable(args['data'])) this.data = args['data'];
    this.#isDeleted = false;
  }

  #updateInstances(wanted: Record<string, unknown>, isAddition: boolean): void {
    for (const [name, value] of Object.entries(wanted)) if (isTable(value)) this.#updateInstance(name, value);
    if (isAddition) return;
    for (const [name, instance] of [...this.instances]) if (!Object.hasOwn(wanted, name)) instance.stop(true);
  }

  #updateInstance(name: string, value: Record<string, unknown>): void {
    const { root, log } = this.#options;
    const settings = parseSettings(value, root);
    const known = this.instances.get(name);
    if (known) return known.update(settings);
    const title = `${this.#options.name}::${name}`;
    const instance = new Instance({ root, log, title, settings, onGone: () => this.#remove(name) });
    this.instances.set(name, instance);
    if (this.#isAutostart) instance.start();
  }

  /** Its triggers hold until the last process has ended, and a `set` before that keeps it. */
  delete(): void {
    this.data = undefined;
    this.#isDeleted = true;
    for (const instance of [...this.instances.values()]) instance.stop(true);
    this.#leaveIfOver();
  }

  /** `state`: all processes up or down, the definition stays. */
  spawn(isWanted: boolean): void {
    for (const instance of this.instances.values()) {
      if (instance.isRunning === isWanted) continue;
      if (isWanted) instance.start();
      else instance.stop(false);
    }
  }

  dump(isVerbose: boolean): Record<string, unknown> {
    const instances = [...this.instances].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, instance]) => [name, instance.dump()]);
    return present({
      autostart: this.#isAutostart ? undefined : false,
      data: this.data,
      instances: instances.length > 0 ? Object.fromEntries(instances) : undefined,
      triggers: isVerbose ? this.triggers : undefined,
      validate: isVerbose ? this.#validators : undefined,
    });
  }

  #remove(name: string): void {
    this.instances.delete(name);
    this.#leaveIfOver();
  }

  #leaveIfOver(): void {
    if (this.#isDeleted && this.instances.size === 0) this.#options.onGone();
  }
}
