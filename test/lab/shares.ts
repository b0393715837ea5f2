// How new connections are shared among the links, by the links' names.
import { equal } from 'uvu/assert';
import type { Lab } from './lab.ts';
import { shortFlows, type TrafficOptions } from './measure.ts';
import type { Router } from './router.ts';

/** New flows of a LAN client by link, as the ISP counts them; all are answered. */
export async function sharesOf(lab: Lab, router: Router, count: number, options: TrafficOptions = {}): Promise<Record<string, number>> {
  const [sessions, { links }] = [await lab.isp.sessions(), await router.status()];
  await lab.isp.resetFlows();
  const { answered } = await shortFlows(lab, count, { netns: 'lan', ...options });
  equal(answered, count);
  const nameOf = (device: string): string => {
    const address = sessions.find((session) => session.device === device)?.address ?? '';
    return links.find(({ ipv4 }) => ipv4.includes(address))?.name ?? device;
  };
  return Object.fromEntries(Object.entries(await lab.isp.flows('ipv4')).map(([device, number]) => [nameOf(device), number]));
}
