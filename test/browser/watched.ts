// Routers with something to watch: links that wait, rest or give no answer, things that happened, and what the doctor finds.
import type { Router } from './router.ts';
import { startDialed, wanLine } from './scene.ts';

const dead = { sinceMs: 0, holdS: 10, loss: 100 } as const;

/** Six links: one well, and one of each trouble that a link can have while the others go on. */
export async function startWatched(): Promise<Router> {
  const router = await startDialed(wanLine({ sessions: '6' }));
  router.agent.offload = 'software';
  const { script, nowMs } = router.agent;
  const none = { ipv4: false, ipv6: false };
  script.set('wan_02', { state: 'down', held: { untilMs: nowMs + 100_000, failures: 5, reason: 'AUTH_TOPEER_FAILED' } });
  script.set('wan_03', { probe: { ipv4: 'dead', ipv6: 'dead', ...dead, sinceMs: nowMs - 20_000 }, balanced: none });
  script.set('wan_04', { rest: { kind: 'pause' } });
  script.set('wan_05', { rest: { kind: 'drain', sinceMs: nowMs - 12_000, untilMs: nowMs + 588_000 } });
  script.set('wan_06', {
    probe: { ipv4: 'alive', ipv6: 'dead', sinceMs: nowMs - 5000, holdS: 5, loss: 50, latencyMs: 31 },
    balanced: { ipv4: true, ipv6: false },
  });
  return router;
}

/** As many links as anybody has: most of them well, each busy in its own way. */
export async function startMany(): Promise<Router> {
  const router = await startDialed(wanLine({ sessions: '32' }));
  const { script, nowMs } = router.agent;
  for (let index = 1; index <= 32; index++)
    script.set(`wan_${String(index).padStart(2, '0')}`, { downBps: ((index * 7) % 32) * 4e5, upBps: ((index * 5) % 32) * 9e4 });
  script.set('wan_05', { probe: { ipv4: 'dead', ipv6: 'dead', ...dead, sinceMs: nowMs - 20_000 }, balanced: { ipv4: false, ipv6: false } });
  script.set('wan_11', { rest: { kind: 'pause' } });
  script.set('wan_17', { state: 'dialing' });
  script.set('wan_23', { state: 'failed', reason: { subsystem: 'pppoe', code: 'AUTH_TOPEER_FAILED' } });
  return router;
}

/** A router on which a good deal happened. */
export async function startEventful(): Promise<Router> {
  const router = await startDialed();
  const { watch } = router;
  watch.note('started', undefined, { version: '0.1.0' }, 900);
  watch.note('config', undefined, { revision: 'abc123' }, 890);
  for (const link of ['wan_01', 'wan_02', 'wan_03']) watch.note('up', link, { device: `pppoe-${link}` }, 880);
  watch.note('dial_failed', 'wan_04', { reason: 'AUTH_TOPEER_FAILED' }, 870);
  watch.note('dial_stopped', 'wan_04', { seconds: 120, reason: 'AUTH_TOPEER_FAILED' }, 860);
  watch.note('dead', 'wan_03', { family: 'IPv4' }, 300);
  watch.note('alive', 'wan_03', { family: 'IPv4' }, 280);
  watch.note('paused', 'wan_02', undefined, 60);
  watch.note('resumed', 'wan_02', undefined, 30);
  return router;
}

/** A router on which the doctor finds something of each kind. */
export async function startUnwell(): Promise<Router> {
  const router = await startDialed();
  router.watch.report = {
    findings: [
      { code: 'offload_software', severity: 'note', details: { by: 'firewall.@defaults[0]' } },
      { code: 'account_refused', severity: 'error', link: 'wan_04', details: { reason: 'AUTH_TOPEER_FAILED' } },
      { code: 'uncommitted', severity: 'warning', details: { package: 'network' } },
      { code: 'zone_lacks_link', severity: 'error', link: 'wan_03' },
      { code: 'address_restricted', severity: 'warning', link: 'wan_01', details: { address: '10.64.3.17', interface: 'wan_01' } },
      {
        code: 'mac_duplicate',
        severity: 'error',
        link: 'wan_02',
        details: { device: 'md-wan_02', mac: '02:00:5e:00:00:02', other: 'wan', section_name: 'md_wan_02' },
      },
    ],
    checked: ['configuration', 'uncommitted', 'netifd', 'ip', 'dialing', 'macs', 'offload'],
    skipped: [{ check: 'marks_iptables', reason: 'iptables_unread' }],
  };
  return router;
}
