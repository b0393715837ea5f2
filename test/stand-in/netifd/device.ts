// Layer 2 devices: claimed by interfaces, made on the first claim, gone with the last. Macvlans, VLANs, bridges, and ports that are simply there.
import type { Kernel } from '../kernel.ts';
import type { DeviceConfig } from './config.ts';

/** A name is at most IFNAMSIZ - 1 characters; netifd leaves a longer one uncreated, with a log line. */
const MAX_NAME = 15;

/** netifd would take it down with its interface. Here it stays up: the router's own commands reach the stand-in over it. */
const LOOPBACK = 'lo';

/** What a device is made of. */
type Recipe = { kind: 'port' } | { kind: 'macvlan' | 'vlan'; parent: string; link: string } | { kind: 'bridge'; ports: string[] };

export class Devices {
  readonly #kernel: Kernel;
  readonly #log: (line: string) => void;
  #configs = new Map<string, DeviceConfig>();
  /** The recipe it was made by, since a reload may have changed the config meanwhile, and how many use it. */
  readonly #claimed = new Map<string, { recipe: Recipe; users: number }>();
  /** Devices that netifd has met, in the configuration or at a claim. */
  readonly #known = new Set<string>();
  #isOver = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(kernel: Kernel, log: (line: string) => void) {
    this.#kernel = kernel;
    this.#log = log;
  }

  /** The device sections, and all devices that interfaces name. */
  configure(configs: Map<string, DeviceConfig>, names: readonly string[]): void {
    this.#configs = configs;
    for (const name of [...configs.keys(), ...names]) void this.#serialize(() => this.#meet(name));
  }

  /** netifd ends. Made devices stay in the kernel with whoever they still serve: its successor finds them there and can't make its own. */
  abandon(): void {
    this.#isOver = true;
  }

  configOf(name: string): DeviceConfig | undefined {
    return this.#configs.get(name);
  }

  /** What a device is, in netifd's words. */
  typeOf(name: string): string {
    const recipe = this.#claimed.get(name)?.recipe ?? this.#recipe(name);
    return { port: 'Network device', macvlan: 'macvlan', vlan: 'VLAN', bridge: 'bridge' }[recipe.kind];
  }

  parentOf(name: string): string | undefined {
    const recipe = this.#claimed.get(name)?.recipe ?? this.#recipe(name);
    return 'parent' in recipe ? recipe.parent : undefined;
  }

  portsOf(name: string): string[] {
    const recipe = this.#claimed.get(name)?.recipe ?? this.#recipe(name);
    return 'ports' in recipe ? recipe.ports : [];
  }

  /** Every device that an interface uses or a section names. */
  names(): string[] {
    return [...new Set([...this.#claimed.keys(), ...this.#configs.keys()])].sort();
  }

  isThere(name: string): boolean {
    return this.#kernel.isThere(`/sys/class/net/${name}`);
  }

  /** It is there or could be made. */
  isAvailable(name: string): boolean {
    if (this.isThere(name)) return true;
    const recipe = this.#recipe(name);
    if (name.length > MAX_NAME || recipe.kind === 'port') return false;
    return recipe.kind === 'bridge' || this.isAvailable(recipe.parent);
  }

  hasCarrier(name: string): boolean {
    return this.#kernel.read(`/sys/class/net/${name}/carrier`)?.trim() === '1';
  }

  ifindex(name: string): number {
    return Number(this.#kernel.read(`/sys/class/net/${name}/ifindex`) ?? 0);
  }

  /** Makes it if need be, brings it up, and counts one more user. False when it can't be made. */
  claim(name: string): Promise<boolean> {
    return this.#serialize(() => this.#claim(name));
  }

  /** One user less; the last one takes a made device away and a port down. */
  release(name: string): Promise<void> {
    return this.#serialize(() => this.#release(name));
  }

  /** One at a time: two sessions on one port must not both see it down and both be the first user. */
  #serialize<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(action);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** A device that netifd sees for the first time loses what others have put on it: it is to be as if just plugged in. */
  async #meet(name: string): Promise<void> {
    if (this.#known.has(name) || name === LOOPBACK || name.startsWith('@')) return;
    this.#known.add(name);
    if (!this.isThere(name)) return;
    if (this.#recipe(name).kind === 'bridge') await this.#ip([`link del ${name}`]);
    else await this.#ip([`link set ${name} down`, `addr flush dev ${name}`, `route flush dev ${name}`]);
  }

  async #claim(name: string): Promise<boolean> {
    const known = this.#claimed.get(name);
    // Somebody deleted it behind our back: netifd believes it is there until the last user lets go of it.
    if (known) {
      known.users++;
      return true;
    }
    const recipe = this.#recipe(name);
    if (recipe.kind !== 'port' && name.length > MAX_NAME) {
      this.#log(`netifd: Failed to create device '${name}': the name is too long`);
      return false;
    }
    await this.#meet(name);
    // Where a device of that name is left from before, the kernel refuses another one: the interface stays down until somebody deletes it.
    if (recipe.kind !== 'port' && !(await this.#create(name, recipe))) return false;
    if (!this.isThere(name)) return false;
    this.#claimed.set(name, { recipe, users: 1 });
    await this.#ip([`link set ${name} ${this.#linkOptions(name)}up`]);
    return true;
  }

  async #release(name: string): Promise<void> {
    const known = this.#claimed.get(name);
    if (this.#isOver || !known || --known.users > 0) return;
    this.#claimed.delete(name);
    if (name === LOOPBACK) return;
    await this.#ip([known.recipe.kind === 'port' ? `link set ${name} down` : `link del ${name}`]);
    if (known.recipe.kind === 'bridge') for (const port of known.recipe.ports) await this.#release(port);
    else if (known.recipe.kind !== 'port') await this.#release(known.recipe.parent);
  }

  async #create(name: string, recipe: Exclude<Recipe, { kind: 'port' }>): Promise<boolean> {
    if (recipe.kind === 'bridge') {
      await this.#ip([`link add ${name} type bridge`]);
      for (const port of recipe.ports) if (await this.#claim(port)) await this.#ip([`link set ${port} master ${name}`]);
      return true;
    }
    if (!(await this.#claim(recipe.parent))) return false;
    const code = await this.#ip([`link add link ${recipe.parent} name ${name} ${recipe.link}`]);
    if (code !== 0) await this.#release(recipe.parent);
    return code === 0;
  }

  #linkOptions(name: string): string {
    const options = this.#configs.get(name)?.options;
    const mac = options?.text('macaddr');
    const mtu = options?.number('mtu');
    const isMacvlan = this.#recipe(name).kind === 'macvlan';
    return `${mac && !isMacvlan ? `address ${mac} ` : ''}${mtu === undefined ? '' : `mtu ${mtu} `}`;
  }

  /** How a name is to be made: by its section, or `PARENT.VID` by its name alone. */
  #recipe(name: string): Recipe {
    const config = this.#configs.get(name);
    const parent = config?.options.text('ifname');
    if (config?.type === 'macvlan' && parent) {
      const mac = config.options.text('macaddr');
      // The kernel gives a random MAC where none is set, another one each time. vepa is netifd's default.
      return { kind: 'macvlan', parent, link: `${mac ? `address ${mac} ` : ''}type macvlan mode ${config.options.text('mode') ?? 'vepa'}` };
    }
    if (config?.type === 'bridge') return { kind: 'bridge', ports: [...config.options.list('ports'), ...config.options.list('ifname')] };
    if (/^802\.?1(q|ad)$/.test(config?.type ?? '') && parent) {
      return { kind: 'vlan', parent, link: `type vlan id ${config?.options.text('vid') ?? '1'}` };
    }
    const [, base, vid] = /^(.+)\.(\d+)$/.exec(name) ?? [];
    return base && vid ? { kind: 'vlan', parent: base, link: `type vlan id ${vid}` } : { kind: 'port' };
  }

  async #ip(lines: string[]): Promise<number> {
    const { code, stderr } = await this.#kernel.run(['ip', '-batch', '-'], `${lines.join('\n')}\n`);
    if (code !== 0) this.#log(`netifd: ip ${lines.join('; ')}: ${stderr.trim()}`);
    return code;
  }
}
