// What the recordings leave out between two entries: time that passed, and steps that were kept back.
import type { RecordingName } from './recording.ts';
import type { Replay } from './replay.ts';

type Bridge = (replay: Replay) => Promise<void>;
const wait =
  (ms: number): Bridge =>
  (replay) =>
    replay.wait(ms);

/** Sets options of the section that all of the recordings use. */
const set =
  (sid: string, values: object): Bridge =>
  async (replay) =>
    void (await replay.call(sid, 'uci', 'set', { config: 'benchcfg', section: 'named', values }));

const shell =
  (cmd: string): Bridge =>
  (replay) =>
    replay.shell(cmd);

/** By the entry that comes behind. */
export const bridges: Partial<Record<RecordingName, Record<string, Bridge>>> = {
  '01c-http-ubus-more': {
    // In all more than the 3 s of the session, each far less.
    'sliding-1': wait(1200),
    'sliding-2': wait(1200),
    'sliding-3': wait(1200),
    'sliding-denied-1': wait(1600),
    'sliding-denied-2': wait(1600),
    // Still used within its 3 s, however slow this host is.
    'cli-session': async (replay) => void (await replay.call('8c01c75000381b7fbef1f3eefe821e93', 'system', 'nosuch', {})),
  },
  '02-uci-ubus': {
    'get-after-rollback-timeout': wait(4500),
  },
  '03-uci-cli': {
    delete: shell('uci add_list clitest.a.l=four'),
    // As long a value as makes the file as long as it was.
    perm: shell('uci set clitest.n.long=$(head -c $((20200 - $(wc -c < /etc/config/clitest))) /dev/zero | tr "\\000" y); uci commit clitest'),
    'import-m': shell('printf "config t n\\n\\toption a 1\\n" | uci import clitest'),
  },
  '12-uci-private-deltas': {
    'rpcd-files': async (replay) => {
      const other = '140587364ad61cd7e5850ff0f17cd899';
      await replay.login(other);
      await replay.call(other, 'uci', 'set', { config: 'benchcfg', section: 'named', values: { x: 'other' } });
      await replay.call(other, 'uci', 'commit', { config: 'benchcfg' });
    },
    'rpcd-get-after': shell('uci set zq.n.b=cli; uci commit zq'),
    'rpcd-changes-2': shell('uci -t /var/run/rpcd/uci-0501f9ee7841b4cb6080e5f86ded0440 set zq.n.c=bycli'),
    'kill-commit-leftover': shell(
      'i=0; while [ $i -lt 3000 ]; do printf "config t s$i\\n\\toption v $i\\n\\toption w abcdefghijklmnopqrstuvwxyz\\n"; i=$((i+1)); done > /tmp/zorig',
    ),
  },
  '02b-uci-ubus-types': {
    's9-set': (replay) => replay.login('746a32892d8d29c914350c6fecd6a01c'),
    'get-true': set('dbc3d1e92d53ffc9bbcd49b9680705c7', { v: true }),
  },
};
