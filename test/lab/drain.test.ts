// A link without new connections: transfers end in peace, it is dialed anew and shares again; and a provider that cuts, or falls silent.
// suite limit: 500 s
import { equal, ok } from 'uvu/assert';
import { LINE } from './foreign.ts';
import { holdFlows } from './measure.ts';
import type { Lab } from './lab.ts';
import { linksOf, Router } from './router.ts';
import { sharesOf } from './shares.ts';
import { labSuite, report } from './steps.ts';

const LINKS = linksOf('wan', 3);
const TRANSFERS = 50;

labSuite('drain', {}, (step) => {
  let router: Router;
  const addressOf = async (link: string) => (await router.status()).links.find(({ name }) => name === link)?.ipv4[0] ?? '';
  const kindsOf = async (lab: Lab, link: string): Promise<string[]> => {
    const reply = JSON.parse(await lab.must(`multidial events --json ${link}`)) as { events: { kind: string }[] };
    return reply.events.map(({ kind }) => kind);
  };

  step('starts with three links', async (lab) => {
    router = await Router.install(lab);
    await router.apply({ 'line wan': { ...LINE, ipv6: 'off', sessions: 3 } });
    await router.balanced(LINKS);
    await lab.until('the watcher knows them', async () => (await router.status()).links.every(({ probe }) => probe?.ipv4 === 'alive'));
  });

  step(`cuts none of ${TRANSFERS} transfers, gives the link no new flow, dials it anew and shares over it again`, async (lab) => {
    const held = await holdFlows(lab, 'tcp', TRANSFERS, { netns: 'lan' });
    const before = await addressOf('wan_02');
    await lab.must('multidial drain wan_02 120');
    equal((await router.status()).links.find(({ name }) => name === 'wan_02')?.rest?.kind, 'drain');
    const shares = await sharesOf(lab, router, 300);
    report(`while wan_02 drains 300 new flows go ${JSON.stringify(shares)}`);
    equal(shares['wan_02'], undefined);
    await new Promise((resolve) => setTimeout(resolve, 8000));
    equal(await addressOf('wan_02'), before, 'it waits for the transfers');
    const { opened, lost, why } = await held.stop();
    report(`${lost} of ${opened} transfers cut ${JSON.stringify(why)}`);
    equal([opened, lost], [TRANSFERS, 0]);
    await lab.until('it was dialed anew', async () => !['', before].includes(await addressOf('wan_02')), 60_000);
    await router.balanced(LINKS);
    const after = await sharesOf(lab, router, 300);
    report(`and afterwards ${JSON.stringify(after)}`);
    ok((after['wan_02'] ?? 0) > 60, JSON.stringify(after));
    const kinds = await kindsOf(lab, 'wan_02');
    equal(
      kinds.filter((kind) => kind.startsWith('drain')),
      ['drain_began', 'drain_ended'],
    );
  });

  step('gives a paused link no new flow until it is resumed', async (lab) => {
    await lab.must('multidial pause wan_01');
    const paused = await sharesOf(lab, router, 200);
    await lab.must('multidial resume wan_01');
    const resumed = await sharesOf(lab, router, 200);
    report(`paused ${JSON.stringify(paused)}, resumed ${JSON.stringify(resumed)}`);
    equal(paused['wan_01'], undefined);
    ok((resumed['wan_01'] ?? 0) > 30);
  });

  step('tells of a session that the provider cuts, and of its return', async (lab) => {
    const count = (await kindsOf(lab, 'wan_03')).length;
    await lab.isp.kill(await addressOf('wan_03'));
    await lab.until('it is told', async () => (await kindsOf(lab, 'wan_03')).slice(count).includes('up'), 60_000);
    await router.balanced(LINKS);
    const kinds = (await kindsOf(lab, 'wan_03')).slice(count);
    report(`wan_03: ${kinds.join(' ')}`);
    ok(kinds.indexOf('down') >= 0 && kinds.indexOf('down') < kinds.indexOf('up'));
  });

  step('has a silent provider’s link out before PPP notices, and back after its return', async (lab) => {
    const address = await addressOf('wan_01');
    const mac = await lab.isp.silence(address);
    const startedMs = Date.now();
    const isOut = async () => !(await lab.must('ip route show default metric 7')).includes('pppoe-wan_01');
    await lab.until('wan_01 shares no more', isOut, 15_000, 20);
    const outMs = Date.now() - startedMs;
    const state = (await router.status()).links.find(({ name }) => name === 'wan_01')?.state;
    report(`out after ${outMs} ms, while netifd says ${state}`);
    ok(outMs <= 3500, `${outMs}`);
    await lab.isp.hear(mac);
    await router.balanced(LINKS);
    equal(await lab.isp.spoofed(), { ipv4: 0, ipv6: 0 });
  });
});
