// procd: the daemon that starts services, watches their processes, and runs init scripts when something changed.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { INVALID_ARGUMENT, NOT_FOUND, NOT_SUPPORTED, OK } from '../bus.ts';
import type { Args, Methods, Reply, UbusObject } from '../bus.ts';
import type { Log } from '../log.ts';
import { spawnScript } from './script.ts';
import { Service } from './service.ts';
import { isTable } from './settings.ts';
import { Triggers } from './trigger.ts';

export type ProcdOptions = { root: string; log: Log };

const SERVICE_ARGS = { name: 'string', script: 'string', instances: 'table', triggers: 'array', validate: 'array', autostart: 'bool', data: 'table' } as const;
const SIGHUP = 1;
/** How often `stop` looks whether the last process is gone. */
const STOP_POLL_MS = 20;

export class Procd implements UbusObject {
  readonly name = 'service';
  readonly methods: Methods = {
    set: SERVICE_ARGS,
    add: SERVICE_ARGS,
    list: { name: 'string', verbose: 'bool' },
    delete: { name: 'string', instance: 'string' },
    signal: { name: 'string', instance: 'string', signal: 'int32' },
    update_start: { name: 'string' },
    update_complete: { name: 'string' },
    event: { type: 'string', data: 'table' },
    validate: { package: 'string', type: 'string', service: 'string' },
    get_data: { name: 'string', instance: 'string', type: 'string' },
    set_data: { name: 'string', instance: 'string', data: 'table' },
    state: { spawn: 'bool', name: 'string' },
    watchdog: { mode: 'int32', timeout: 'int32', name: 'string', instance: 'string' },
  };
  /** Hears every event, for services that have no init script of their own here. */
  onEvent: ((type: string, data: Record<string, unknown>) => void) | undefined;
  #options: ProcdOptions;
  #services = new Map<string, Service>();
  #triggers: Triggers;

  constructor(options: ProcdOptions) {
    this.#options = options;
    this.#triggers = new Triggers(options.root);
  }

  async call(method: string, args: Args): Promise<Reply> {
    const handler = this.#handlers[method];
    return handler ? handler(args) : { code: NOT_SUPPORTED };
  }

  /** What rpcd tells of a commit (`config.change`, {package}), and what `ubus call service event` does. */
  event(type: string, data: Record<string, unknown>): void {
    for (const { triggers } of this.#services.values()) if (triggers) this.#triggers.event(triggers, type, data);
    this.onEvent?.(type, data);
  }

  /** Runs the S links of rc.d in their order, one after the other. */
  boot(): Promise<void> {
    return this.#runLinks('S', 'boot');
  }

  /** A reboot that was asked for: the K links likewise. A power cut runs none of them. */
  shutdown(): Promise<void> {
    return this.#runLinks('K', 'shutdown');
  }

  async #runLinks(kind: 'S' | 'K', action: string): Promise<void> {
    const directory = join(this.#options.root, 'etc/rc.d');
    const links = existsSync(directory) ? readdirSync(directory) : [];
    const isMeant = (name: string) => name.startsWith(kind) && /^\d\d$/.test(name.slice(1, 3));
    for (const link of links.filter(isMeant).toSorted()) await this.#runScript(join('/etc/rc.d', link), action);
  }

  /** Ends every process and waits until all are gone. */
  async stop(): Promise<void> {
    this.#triggers.stop();
    for (const service of [...this.#services.values()]) service.delete();
    while (this.#services.size > 0) await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS));
  }

  #runScript(script: string, action: string): Promise<void> {
    const child = spawnScript(this.#options.root, [script, action], 'pipe');
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#options.log.add('procd', `${script}: ${text.trimEnd()}`, 'notice'));
    }
    return new Promise((resolve) => {
      child.on('error', () => resolve());
      child.on('exit', () => resolve());
    });
  }

  /** Calls `then` with the service of that name; without one the answer is "not found". */
  #withService(name: unknown, then: (service: Service) => Reply): Reply {
    const service = typeof name === 'string' ? this.#services.get(name) : undefined;
    return service ? then(service) : { code: NOT_FOUND };
  }

  readonly #handlers: Record<string, (args: Args) => Reply> = {
    set: (args) => this.#set(args, false),
    add: (args) => this.#set(args, true),
    list: (args) => this.#list(args),
    delete: ({ name, instance }) =>
      this.#withService(name, (service) => {
        if (typeof instance !== 'string') {
          service.delete();
          return { code: OK };
        }
        const found = service.instances.get(instance);
        found?.stop(true);
        return { code: found ? OK : NOT_FOUND };
      }),
    signal: ({ name, instance, signal }) => {
      const number = typeof signal === 'number' ? signal : SIGHUP;
      return this.#withService(name, ({ instances }) => {
        if (typeof instance === 'string') return { code: instances.get(instance)?.signal(number) ?? NOT_FOUND };
        // The code is that of the last one.
        return { code: [...instances.values()].map((each) => each.signal(number)).at(-1) ?? OK };
      });
    },
    // The two brackets around a row of `add` calls; nobody on a router of today uses them.
    update_start: ({ name }) => (typeof name === 'string' ? this.#withService(name, () => ({ code: OK })) : { code: INVALID_ARGUMENT }),
    update_complete: ({ name }) => (typeof name === 'string' ? this.#withService(name, () => ({ code: OK })) : { code: INVALID_ARGUMENT }),
    event: ({ type, data }) => {
      if (typeof type !== 'string' || !isTable(data)) return { code: INVALID_ARGUMENT };
      this.event(type, data);
      return { code: OK };
    },
    validate: ({ service }) => (typeof service === 'string' ? { code: OK } : { code: OK, data: {} }),
    get_data: (args) => this.#getData(args),
    set_data: ({ name, data }) =>
      this.#withService(name, (service) => {
        if (!isTable(data)) return { code: INVALID_ARGUMENT };
        service.data = data;
        return { code: OK };
      }),
    state: ({ spawn, name }) => {
      if (typeof spawn !== 'boolean') return { code: INVALID_ARGUMENT };
      return this.#withService(name, (service) => {
        service.spawn(spawn);
        return { code: OK };
      });
    },
    watchdog: () => ({ code: NOT_SUPPORTED }),
  };

  #set(args: Args, isAddition: boolean): Reply {
    const name = args['name'];
    if (typeof name !== 'string') return { code: INVALID_ARGUMENT };
    const service = this.#services.get(name) ?? new Service({ ...this.#options, name, onGone: () => void this.#services.delete(name) });
    this.#services.set(name, service);
    service.update(args, isAddition);
    return { code: OK };
  }

  /** By name, all that match; an unknown name is an empty table. */
  #select(name: unknown): [string, Service][] {
    const sorted = [...this.#services].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return typeof name === 'string' ? sorted.filter(([known]) => known === name) : sorted;
  }

  #list({ name, verbose }: Args): Reply {
    return { code: OK, data: Object.fromEntries(this.#select(name).map(([known, service]) => [known, service.dump(verbose === true)])) };
  }

  /** The `data` tables of services and their instances, by service and instance, the service's own under `*`. */
  #getData({ name, instance, type }: Args): Reply {
    const pick = (table: Record<string, unknown>) => Object.fromEntries(Object.entries(table).filter(([key]) => typeof type !== 'string' || key === type));
    const data: Record<string, unknown> = {};
    for (const [known, service] of this.#select(name)) {
      const instances = [...service.instances].filter(([each]) => typeof instance !== 'string' || each === instance);
      const own: [string, Record<string, unknown>][] = [
        ['*', pick(service.data ?? {})],
        ...instances.map(([each, { data }]) => [each, pick(data)] as [string, Record<string, unknown>]),
      ];
      const found = own.filter(([, table]) => Object.keys(table).length > 0);
      if (found.length > 0) data[known] = Object.fromEntries(found);
    }
    return { code: OK, data };
  }
}
