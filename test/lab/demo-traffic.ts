// The demo's traffic from the LAN side, and what the provider can do to a session.
import type { Running } from './control.ts';
import type { Lab } from './lab.ts';
import { INET, iperfPorts } from './topology.ts';

const FLOWS = 16;

/** One endless iperf3 run a direction and family; while a link changes some of their flows end, so each is started again. */
const streams = [
  ['-c', INET.ipv4(), '-p', String(iperfPorts[0]), '-R', '-P', String(FLOWS)],
  ['-c', INET.ipv4(), '-p', String(iperfPorts[1]), '-P', String(FLOWS / 2), '-b', '400k'],
  ['-c', INET.ipv6(), '-p', String(iperfPorts[2]), '-R', '-P', String(FLOWS / 2)],
];

export class DemoTraffic {
  readonly #lab: Lab;
  readonly #say: (line: string) => void;
  #running: Running[] = [];
  #isOn = false;

  constructor(lab: Lab, say: (line: string) => void) {
    this.#lab = lab;
    this.#say = say;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  async toggle(): Promise<void> {
    this.#isOn = !this.#isOn;
    this.#say(`traffic from the LAN is ${this.#isOn ? 'on' : 'off'}`);
    if (this.#isOn) for (const [index] of streams.entries()) this.#start(index);
    else await Promise.all(this.#running.map((running) => running.stop()));
  }

  #start(index: number): void {
    const argv = ['iperf3', ...(streams[index] ?? []), '-t', '86400', '--connect-timeout', '3000'];
    const running = this.#lab.start(argv, { netns: 'lan' });
    this.#running[index] = running;
    // The server needs a moment to be free again; without a link there is nothing to connect to for a while.
    const again = () => setTimeout(() => this.#isOn && this.#start(index), 1000);
    running.done.then(again, () => {});
  }

  /** The provider ends the oldest session; netifd dials again by itself. */
  async hangUp(): Promise<void> {
    const [session] = await this.#lab.isp.sessions();
    if (!session) return this.#say('there is no session to hang up');
    await this.#lab.isp.kill(session.address);
    this.#say(`the provider hung up on ${session.address}`);
  }
}
