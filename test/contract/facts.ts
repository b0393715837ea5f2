// Which recorded entry proves which of the facts that were read off the recordings (numbers as in the collection of them).
import type { RecordingName } from './recording.ts';

export type Proof = {
  /** Entries that are replayed as recorded. */
  entries?: Partial<Record<RecordingName, readonly string[]>>;
  /** facts.test.ts has a test of its own for what no entry shows. */
  here?: true;
  /** What of it the stand-in does not play, and why. */
  not?: string;
};

const HTTP = '01-http-ubus';
const LARGE = '01b-http-ubus-large-reply';
const MORE = '01c-http-ubus-more';
const UCI = '02-uci-ubus';
const TYPES = '02b-uci-ubus-types';
const CLI = '03-uci-cli';
const PLUGIN = '04-exec-plugin';
const FILE = '05-file-plugin';
const DELTAS = '12-uci-private-deltas';

export const FACTS: Readonly<Record<number, Proof>> = {
  1: { entries: { [HTTP]: ['malformed', 'login-wrong', 'query', 'put', 'delete', 'get-list'] }, here: true },
  2: { entries: { [HTTP]: ['login-ok', 'login-wrong', 'unknown-object'], [UCI]: ['get-missing-section', 'commit'] } },
  3: {
    entries: { [HTTP]: ['malformed', 'no-method', 'unknown-rpc-method', 'params-3', 'params-object', 'args-array', 'args-null', 'ubus_rpc_session-in-args'] },
    here: true,
  },
  4: { entries: { [HTTP]: ['no-session-zero-unknown-object', 'unknown-method', 'short-session', 'viewer-allowed-object-denied-method'] }, here: true },
  5: { entries: { [UCI]: ['reload_config'], [MORE]: ['destroy'] }, here: true },
  6: { entries: { [HTTP]: ['login-wrong', 'login-unknown-user', 'login-no-password', 'login-num-password', 'login-plain-in-config', 'login-viewer'] } },
  7: { entries: { [HTTP]: ['login-timeout-2', 'login-timeout-0'], [MORE]: ['sliding-3', 'sliding-denied-2'] }, here: true },
  8: { entries: { [HTTP]: ['body-65000', 'body-65536', 'body-1048576'] }, here: true },
  9: { entries: { [HTTP]: ['reply-4000k', 'types-out'], [LARGE]: ['reply-1023k', 'reply-1024k', 'after'] } },
  10: {
    entries: { [HTTP]: ['batch-2', 'batch-order', 'batch-empty', 'batch-nonobject', 'batch-with-bad-entry', 'no-id', 'id-string', 'id-float'] },
    here: true,
  },
  11: { entries: { [MORE]: ['pipelined-3', 'parallel-9 /ubus'], [PLUGIN]: ['concurrent-40-slow'] } },
  12: {
    entries: {
      [HTTP]: ['list-no-params', 'list-all-nosession', 'list-star', 'get-list', 'get-list-bearer', 'post-call-bearer'],
      [MORE]: ['sse-subscribe-noauth'],
    },
    here: true,
  },
  13: { entries: { [HTTP]: ['options', 'cors-origin', 'rebind-host', 'malformed-trailing', 'chunked-request', 'no-length', 'http10'] }, here: true },
  14: { entries: { [PLUGIN]: ['call-deep', 'call-nul', 'type-i64-big', 'type-num-double'], [HTTP]: ['id-float', 'id-big'] }, here: true },
  15: { entries: { [PLUGIN]: ['http-slow-29', 'http-slow-33', 'http-slow-70'], [FILE]: ['exec-slow-125'] } },
  16: {
    entries: {
      [UCI]: ['get-missing-section', 'get-missing-option', 'get-missing-config', 'get-denied-package', 'get-denied-missing-package', 'get-wrong-type'],
    },
  },
  17: { entries: { [UCI]: ['get-package', 'get-section-named', 'get-list'] } },
  18: { entries: { [TYPES]: ['get-true', 'changes-neg', 'set-null', 'set-list-nested', 'mixed-changes', 'empty-string-deletes', 'changes-empty-list'] } },
  19: {
    entries: {
      [UCI]: ['set-new-section-type', 'add-anon', 'add-named', 'add-existing-name', 'set-bad-section-name', 'set-bad-option-name'],
      [TYPES]: ['upper'],
    },
  },
  20: { entries: { [UCI]: ['get-package', 'get-anon-after-del', 'get-anon-after-commit'] } },
  21: { entries: { [UCI]: ['get-ext-last', 'set-ext-anon', 'rename-clash', 'order-unknown', 'delete-missing-option', 'delete-options', 'delete-whole'] } },
  22: { entries: { [UCI]: ['changes-other-session', 'get-with-cli-delta', 'cli-ubus-uci-nosession'], [DELTAS]: ['rpcd-files'] }, here: true },
  23: { entries: { [UCI]: ['c1-changes-after', 'c1-get-after', 'file-after-both', 'cli-after'] } },
  24: {
    entries: { [UCI]: ['apply-nothing', 'during-rollback', 'apply-second-while-pending', 'confirm-other-session', 'confirm-too-late', 'e-confirm'] },
    here: true,
  },
  25: { here: true },
  26: { entries: { [CLI]: ['get-missing', 'add-nocfg', 'batch'], [DELTAS]: ['exit-codes'] } },
  27: { entries: { [CLI]: ['set-empty', 'add_list', 'del_list', 'delete-list-item'] } },
  28: { entries: { [CLI]: ['prep2', 'special', 'perm'] } },
  29: { entries: { [CLI]: ['parse-errors', 'dup-sections', 'prep'], [TYPES]: ['syntax-error'] } },
  30: {
    entries: { [DELTAS]: ['foreign-delta', 't-commit', 'c-t'] },
    not: 'commands race on a router; here one process runs them, each as a whole',
  },
  31: { entries: { [PLUGIN]: ['list-call-argv', 'plugins-seen'] } },
  32: { entries: { [PLUGIN]: ['call-echo', 'clear2'] }, here: true },
  33: { entries: { [PLUGIN]: ['type-str-as-int', 'type-null', 'type-unknown-extra', 'ucode-hello-wrongtype'] } },
  34: {
    entries: { [PLUGIN]: ['call-array', 'call-scalar', 'call-badjson', 'call-exit3', 'call-exit3out', 'call-stderr', 'call-trail', 'call-two'] },
    here: true,
  },
  35: { entries: { [PLUGIN]: ['http-slow-33', 'cli-slow-33', 'bg'] }, here: true },
  36: { entries: { [PLUGIN]: ['concurrent-8-slow', 'ucode-hello'] }, not: 'ucode plugins are objects of the tests: nothing blocks in them' },
  37: { not: 'a leak of descriptors of the real rpcd' },
  38: {
    entries: {
      [FILE]: ['read-missing-denied', 'read-missing-allowed', 'read-dotdot', 'read-dotdot2', 'read-double-slash', 'read-symlink-to-denied', 'read-relative'],
    },
  },
  39: { entries: { [FILE]: ['read-empty', 'read-base64', 'stat', 'stat-list-perm', 'md5', 'md5-denied', 'write-badbase64'] }, here: true },
  40: { entries: { [FILE]: ['exec-args-other', 'exec-denied', 'exec-out-250k', 'exec-out-256k', 'exec-signal', 'exec-env', 'exec-stdin', 'exec-slow-125'] } },
  41: { entries: { [FILE]: ['cli-nosession'], [UCI]: ['cli-ubus-uci-nosession'] } },
};
