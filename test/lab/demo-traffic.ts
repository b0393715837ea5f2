// The demo's traffic from the LAN side, and what the provider can do to a session.
import type { Running } from './control.ts';
import type { Lab } from './lab.ts';
import { INET, iperfPorts } from './topology.ts';

/** The provider's limit of each session in the demo, both ways. */
export const RATE_MBITS = 5;

/**
 * A few iperf3 runs beside each other, each over within seconds and begun again: like people's traffic, which also finds a
 * link that has just come. Lengths differ, so that never all flows are new at once. As few flows as fill four sessions:
 * the emulated router has to answer the page beside them.
 */
const streams = [
  ...[9, 13].map((seconds) => ({ host: INET.ipv4(), seconds, options: ['-R', '-P', '8'] })),
  { host: INET.ipv6(), seconds: 11, options: ['-R', '-P', '6'] },
  { host: INET.ipv4(), seconds: 12, options: ['-P', '6', '-b', '200k'] },
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
    const { host, seconds, options } = streams[index] ?? { host: '', seconds: 0, options: [] };
    const argv = ['iperf3', '-c', host, '-p', String(iperfPorts[index]), '-t', String(seconds), '--connect-timeout', '3000', ...options];
    const running = this.#lab.start(argv, { netns: 'lan' });
    this.#running[index] = running;
    // The server needs a moment to be free again; without a link there is nothing to connect to for a while.
    const again = () => setTimeout(() => this.#isOn && this.#start(index), 500);
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
