// Full file systems on the router: a clear word, no file emptied, and one apply after there is room again.
// suite limit: 600 s
// patient suite
import { equal, ok } from 'uvu/assert';
import { convergesOn, reachesOutside } from './killed.ts';
import { ALICE, type Lab } from './lab.ts';
import { linksOf, Router, UNWATCHED } from './router.ts';
import { labSuite, report } from './steps.ts';
import { PORT } from './topology.ts';

const LINE = { device: PORT, username: ALICE.user, password: ALICE.password, ipv6: 'nat' };
const FLASH = '/mnt/flash';
const RAM = '/var/run/multidial';
const configOf = (sessions: number, hash: string) => ({ ...UNWATCHED, 'line wan': { ...LINE, sessions }, 'group all': { hash } });
const fingerprints = (lab: Lab) => lab.must('cd /etc; md5sum config/* sysctl.d/*; ls -A config sysctl.d');

/** Fills a file system to the last block but `spare` KiB. */
const fill = (lab: Lab, at: string, spare: number) =>
  lab.must(`dd if=/dev/zero of=${at}/.filler bs=4k status=none; truncate -s -${spare}k ${at}/.filler; df -k ${at} | tail -n 1`);

labSuite('full', {}, (step) => {
  let router: Router;

  step('starts with two links, /etc on a flash of its own', async (lab) => {
    router = await Router.install(lab);
    await router.unwatch();
    await router.apply(configOf(2, 'l4'));
    await router.balanced(linksOf('wan', 2), ['ipv4', 'ipv6']);
    const mounts = ['config', 'sysctl.d'].map((name) => `cp -a /etc/${name} ${FLASH}/ && mount --bind ${FLASH}/${name} /etc/${name}`);
    await lab.must([`mkdir -p ${FLASH}`, `mount -t tmpfs -o size=256k flash ${FLASH}`, ...mounts].join(' && '));
  });

  for (const spare of [0, 4, 12]) {
    step(`empties no file where the flash has ${spare} KiB left, and one apply is enough after room was made`, async (lab) => {
      await router.store(configOf(3, 'l3'));
      await fill(lab, FLASH, spare);
      const before = await fingerprints(lab);
      const { code, stdout } = await lab.run('multidial apply');
      report(`${spare} KiB left: exit ${code}: ${stdout.trim().split('\n').at(-1)?.slice(0, 160)}`);
      if (spare < 12) {
        equal(code, 1);
        ok(/no room|full|space/i.test(stdout), stdout);
        equal(await fingerprints(lab), before);
      }
      equal((await lab.must('find /etc/config /etc/sysctl.d -type f -empty')).trim(), '');
      await reachesOutside(lab, `with ${spare} KiB left`);
      await lab.must(`rm ${FLASH}/.filler`);
      await convergesOn(lab, router, linksOf('wan', 3), `after ${spare} KiB were left`);
      await router.store(configOf(2, 'l4'));
      await convergesOn(lab, router, linksOf('wan', 2), 'back to two links');
    });
  }

  for (const [what, options, sign] of [
    ['blocks', 'size=192k', /No space left/],
    // Whatever the watcher gives back in the meantime is enough for a lock, but for no more.
    ['inodes', 'size=1m,nr_inodes=48', /no room|No space left/],
  ] as const) {
    step(`stops with a clear word where the RAM disk has no ${what} left, and goes on when it has`, async (lab) => {
      await lab.must(`mkdir -p /mnt/ram && mount -t tmpfs -o mode=700,${options} ram /mnt/ram && cp -a ${RAM}/. /mnt/ram/ && mount --move /mnt/ram ${RAM}`);
      await lab.must(
        what === 'blocks'
          ? `dd if=/dev/zero of=${RAM}/.filler bs=4k status=none || true`
          : `n=0; while true >${RAM}/.filler$n; do n=$((n+1)); done 2>/dev/null; true`,
      );
      await router.store(configOf(3, 'l3'));
      const before = await fingerprints(lab);
      const startedAt = Date.now();
      const { code, stdout, stderr, timedOut } = await lab.run('multidial apply', { timeoutMs: 40_000 });
      const said = (stdout + stderr).trim();
      report(`no ${what} left: exit ${code} after ${((Date.now() - startedAt) / 1000).toFixed(1)} s: ${said.split('\n').at(-1)?.slice(0, 160)}`);
      equal([code, timedOut], [1, false], said);
      ok(sign.test(said), said);
      equal(await fingerprints(lab), before);
      await reachesOutside(lab, `with no ${what} in RAM`);
      await lab.must(`rm -f ${RAM}/.filler*`);
      await convergesOn(lab, router, linksOf('wan', 3), `after no ${what} were left`);
      await lab.until('no run uses the RAM disk', async () => (await lab.run(['umount', RAM])).code === 0);
      await router.store(configOf(2, 'l4'));
      await convergesOn(lab, router, linksOf('wan', 2), 'back to two links');
    });
  }
});
