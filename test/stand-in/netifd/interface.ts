// One interface: its states (down, setup, up, teardown), what makes it go from one to the next, and the events it tells.
import type { Action, Updated } from '../hotplug.ts';
import type { Kernel } from '../kernel.ts';
import type { InterfaceConfig, TableOf } from './config.ts';
import type { Devices } from './device.ts';
import { applyPieces, toPieces } from './routes.ts';
import type { Piece, Placement } from './routes.ts';
import { differences } from './settings.ts';
import type { Settings } from './settings.ts';
import type { Snapshot } from './status.ts';

/** What an interface needs of its surroundings. */
export type Surroundings = {
  kernel: Kernel;
  devices: Devices;
  log: (line: string) => void;
  tableOf: TableOf;
  /** Tells hotplug and, for ifup and ifdown, the bus. */
  tell: (iface: Interface, action: Action, updated?: Iterable<Updated>) => void;
  /** Something that resolv.conf.auto or a router advertisement shows has changed. */
  changed: () => void;
};

/** A protocol: what happens between "the device has carrier" and "the interface is up". */
export interface Proto {
  /** Comes up without carrier and stays up when it goes (static). */
  readonly forceLink: boolean;
  /** Starts; the interface's `linkUp` or `protoEnded` follows at some time. */
  setup(iface: Interface): Promise<void>;
  /** Ends it; resolves when nothing of it runs any more, with the error that status is to show. */
  teardown(iface: Interface): Promise<string | undefined>;
}

type State = 'down' | 'setup' | 'up' | 'teardown';

export class Interface {
  config: InterfaceConfig;
  readonly dynamic: boolean;
  readonly proto: Proto | undefined;
  state: State = 'down';
  autostart: boolean;
  settings: Settings | undefined;
  /** Called when it leaves `up`, before anything else learns of it: NAME_6 goes with NAME. */
  onDown: (() => void) | undefined;
  #errors: { subsystem: string; code: string }[] = [];
  #updated = new Set<Updated>();
  #upSince = 0;
  #pieces: Piece[] = [];
  #isClaimed = false;
  /** Its device could not be had: nothing but an ifup makes it try again. */
  #isRefused = false;
  /** A device that was just made flaps once while its session starts: netifd tells an ifdown that no ifup came before. */
  #isNew: boolean;
  #queue: Promise<void> = Promise.resolve();
  readonly #around: Surroundings;

  constructor(config: InterfaceConfig, proto: Proto | undefined, around: Surroundings, { dynamic = false, isNew = false } = {}) {
    this.config = config;
    this.proto = proto;
    this.#around = around;
    this.dynamic = dynamic;
    this.autostart = config.autostart;
    this.#isNew = isNew;
  }

  get name(): string {
    return this.config.name;
  }

  get device(): string {
    return this.config.device ?? '';
  }

  /** `@NAME` is the layer 3 device of another interface, which is not ours to claim. */
  get isAlias(): boolean {
    return this.dynamic || this.device.startsWith('@');
  }

  get isAvailable(): boolean {
    if (this.config.device === undefined || !this.proto) return false;
    return this.isAlias || this.#around.devices.isAvailable(this.device);
  }

  snapshot(): Snapshot {
    const { options } = this.config;
    const isAvailable = this.isAvailable;
    return {
      name: this.name,
      up: this.state === 'up',
      pending: this.state === 'setup',
      available: isAvailable,
      autostart: this.autostart,
      dynamic: this.dynamic,
      // A protocol that netifd does not know is shown as none.
      proto: this.proto ? this.config.proto : 'none',
      device: this.config.device,
      upSince: this.#upSince,
      updated: this.#updated,
      ...this.#tables(),
      metric: options.number('metric') ?? 0,
      dnsMetric: options.number('dns_metric') ?? 0,
      delegation: options.flag('delegate', true),
      defaultroute: options.flag('defaultroute', true),
      settings: this.settings && { ...this.settings, routes: [...this.config.routes, ...this.settings.routes] },
      errors: isAvailable ? this.#errors : [{ subsystem: 'interface', code: 'NO_DEVICE' }],
    };
  }

  #tables(): { ip4table: number | undefined; ip6table: number | undefined } {
    const { options } = this.config;
    return { ip4table: this.#around.tableOf(options.text('ip4table')), ip6table: this.#around.tableOf(options.text('ip6table')) };
  }

  #placement(settings: Settings): Placement {
    const { options } = this.config;
    return {
      ifindex: this.#around.devices.ifindex(settings.l3Device),
      metric: options.number('metric') ?? 0,
      ...this.#tables(),
      defaultroute: options.flag('defaultroute', true),
    };
  }

  /** One step after the other; a step that throws is a bug and ends the stand-in. */
  #then(step: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(step);
    return this.#queue;
  }

  /** All steps that were asked for so far are done. */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** ifup: on an interface that is up it does nothing. Errors of before are forgotten, as they are not when it dials again by itself. */
  up(): Promise<void> {
    this.autostart = true;
    if (this.state === 'down') this.#errors = [];
    return this.#then(() => this.#start());
  }

  /** ifdown: stays down over every reload, until ifup. */
  down(): Promise<void> {
    this.autostart = false;
    return this.stop();
  }

  /** Down without touching autostart: for a reload that starts it again. */
  stop(): Promise<void> {
    this.#leave();
    return this.#then(() => this.#teardown(true));
  }

  /** The device came, went, gained or lost its carrier. */
  look(): void {
    if (!this.proto || this.isAlias) return;
    const hasLink = this.proto.forceLink || this.#around.devices.hasCarrier(this.device);
    if (this.autostart && this.state === 'down') void this.#then(async () => (this.#isRefused ? undefined : this.#start()));
    if (hasLink || (this.state !== 'up' && this.state !== 'setup')) return;
    // The claim stays: when the carrier is back it starts again.
    this.#leave();
    void this.#then(() => this.#teardown(false));
  }

  async #start(): Promise<void> {
    if (!this.autostart || this.state !== 'down' || !this.proto || !this.isAvailable) return;
    if (!this.isAlias && !this.#isClaimed) {
      this.#isClaimed = await this.#around.devices.claim(this.device);
      this.#isRefused = !this.#isClaimed;
      if (this.#isRefused) return this.#fail('DEVICE_CLAIM_FAILED', 'interface');
    }
    if (!this.proto.forceLink && !this.isAlias && !this.#around.devices.hasCarrier(this.device)) return;
    if (this.#isNew && !this.proto.forceLink && !this.isAlias) this.#around.tell(this, 'ifdown');
    this.#isNew = false;
    this.state = 'setup';
    this.#around.log(`netifd: Interface '${this.name}' is setting up now`);
    await this.proto.setup(this);
  }

  /** To `teardown`, at once: what a status shows from the moment ifdown returns. */
  #leave(): void {
    if (this.state !== 'up' && this.state !== 'setup') return;
    const wasUp = this.state === 'up';
    this.state = 'teardown';
    if (!wasUp) return;
    this.#around.tell(this, 'ifdown');
    this.onDown?.();
  }

  async #teardown(release: boolean): Promise<void> {
    if (this.state === 'teardown') {
      await this.#flush();
      this.#fail(await this.proto?.teardown(this));
      this.state = 'down';
      this.#around.log(`netifd: Interface '${this.name}' is now down`);
      // The second ifdown of one down: from teardown to down, as from up to teardown.
      this.#around.tell(this, 'ifdown');
    }
    if (!release || !this.#isClaimed) return;
    this.#isClaimed = false;
    await this.#around.devices.release(this.device);
  }

  /**
   * The protocol has a link: from now on the interface is up with these settings; while it is up they replace the old
   * ones. `updated` is what the protocol calls changed, where that is more than what differs.
   */
  linkUp(settings: Settings, updated?: Iterable<Updated>): Promise<void> {
    return this.#then(async () => {
      if (this.state !== 'setup' && this.state !== 'up') return;
      const old = this.settings;
      this.settings = settings;
      await this.#apply(settings);
      this.#updated = updated ? new Set(updated) : differences(old, settings);
      this.#errors = [];
      const wasUp = this.state === 'up';
      this.state = 'up';
      if (!wasUp) {
        this.#upSince = this.#around.kernel.now();
        this.#around.log(`netifd: Interface '${this.name}' is now up`);
        this.#around.tell(this, 'ifup');
      } else if (this.#updated.size > 0) {
        this.#around.tell(this, 'ifupdate', this.#updated);
      }
      this.#around.changed();
    });
  }

  /** The session is over but its process still runs: an ifdown, and back to waiting for a link. */
  linkLost(): Promise<void> {
    return this.#then(async () => {
      if (this.state !== 'up') return;
      this.state = 'setup';
      this.#around.log(`netifd: Interface '${this.name}' has lost the connection`);
      this.#around.tell(this, 'ifdown');
      this.onDown?.();
      await this.#flush();
    });
  }

  /** The protocol ended by itself, and starts again at once; not where `block` says that it would be in vain, nor where an ifup was quicker. */
  protoEnded(error: string | undefined, block = false, isOver: () => boolean = () => true): Promise<void> {
    return this.#then(async () => {
      if ((this.state !== 'setup' && this.state !== 'up') || !isOver()) return;
      const wasUp = this.state === 'up';
      this.state = 'down';
      this.#fail(error);
      if (block) this.autostart = false;
      this.#around.log(`netifd: Interface '${this.name}' is now down`);
      this.#around.tell(this, wasUp ? 'ifdown' : 'ifup-failed');
      if (wasUp) this.onDown?.();
      await this.#flush();
      void this.#then(() => this.#start());
    });
  }

  /** New values of options that take a new start: down, and up again unless ifdown was its last word. */
  restart(config: InterfaceConfig): Promise<void> {
    this.#leave();
    void this.#then(() => this.#teardown(true));
    return this.#then(async () => {
      if (config.autostart !== this.config.autostart) this.autostart = config.autostart;
      this.config = config;
      this.#isNew = true;
      await this.#start();
    });
  }

  /** New values of options that cost no session: routes and rules are swapped, and nobody is told. */
  adopt(config: InterfaceConfig): Promise<void> {
    this.config = config;
    return this.#then(async () => {
      if (this.state === 'up' && this.settings) await this.#apply(this.settings);
      this.#around.changed();
    });
  }

  /** Puts the routes of its settings back, as after a flush of all rules. */
  async #apply(settings: Settings): Promise<void> {
    const pieces = toPieces(settings, this.#placement(settings), this.config.routes);
    const before = this.#pieces;
    this.#pieces = pieces;
    await applyPieces(this.#around.kernel, before, pieces, this.#around.log);
  }

  async #flush(): Promise<void> {
    const before = this.#pieces;
    this.#pieces = [];
    this.settings = undefined;
    this.#updated = new Set();
    await applyPieces(this.#around.kernel, before, [], this.#around.log);
    this.#around.changed();
  }

  /** Errors stay while it dials again; only coming up clears them. */
  #fail(code: string | undefined, subsystem = this.config.proto): void {
    if (code !== undefined) this.#errors = [{ subsystem, code }];
  }
}
