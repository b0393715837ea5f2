// The object `uci`: checks of arguments and rights in rpcd's order, then the work of uci-read, uci-write and uci-apply.
import { INVALID_ARGUMENT, OK, PERMISSION_DENIED } from '../bus.ts';
import type { Args, Methods, Reply, UbusObject } from '../bus.ts';
import { resolve } from '../uci/change.ts';
import type { Package } from '../uci/model.ts';
import { readString } from './args.ts';
import { toBytes } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { Sessions } from './session.ts';
import type { Apply } from './uci-apply.ts';
import { changesReply, getReply } from './uci-read.ts';
import { addReply, deleteReply, hasGoodNames, isCallable, orderReply, renameReply, setReply } from './uci-write.ts';

const SID = { ubus_rpc_session: 'string' } as const;
const GET = { config: 'string', section: 'string', option: 'string', type: 'string', match: 'table', ...SID } as const;

export type UciObjectOptions = {
  cursor: Cursor;
  sessions: Sessions;
  apply: Apply;
  onChange: (config: string) => void;
  reloadConfig: () => void;
};

const WRITES: Record<string, (cursor: Cursor, pkg: Package, args: Args) => Reply> = {
  add: addReply,
  set: setReply,
  delete: deleteReply,
  rename: renameReply,
  order: orderReply,
};

export class UciObject implements UbusObject {
  readonly name = 'uci';
  readonly methods: Methods = {
    configs: {},
    get: GET,
    state: GET,
    add: { config: 'string', type: 'string', name: 'string', values: 'table', ...SID },
    set: { config: 'string', section: 'string', type: 'string', match: 'table', values: 'table', ...SID },
    delete: { config: 'string', section: 'string', type: 'string', match: 'table', option: 'string', options: 'array', ...SID },
    rename: { config: 'string', section: 'string', option: 'string', name: 'string', ...SID },
    order: { config: 'string', sections: 'array', ...SID },
    changes: { config: 'string', ...SID },
    revert: { config: 'string', ...SID },
    commit: { config: 'string', ...SID },
    apply: { rollback: 'bool', timeout: 'int32', ...SID },
    confirm: SID,
    rollback: SID,
    reload_config: {},
  };
  #options: UciObjectOptions;

  constructor(options: UciObjectOptions) {
    this.#options = options;
  }

  async call(method: string, args: Args): Promise<Reply> {
    const { cursor, sessions, apply, reloadConfig } = this.#options;
    switch (method) {
      case 'configs':
        return this.#configs();
      case 'get':
      case 'state':
        return getReply(cursor, sessions, args, method === 'state');
      case 'changes':
        return changesReply(cursor, sessions, args);
      case 'revert':
      case 'commit':
        return this.#revertOrCommit(method, args);
      case 'apply':
      case 'confirm':
      case 'rollback':
        return apply.call(method, args);
      case 'reload_config':
        reloadConfig();
        return { code: OK };
      default:
        return this.#write(method, args);
    }
  }

  #configs(): Reply {
    const { cursor } = this.#options;
    let configs: string[] = [];
    const isListed = cursor.try(() => {
      configs = cursor.store.list();
    });
    return isListed ? { code: OK, data: { configs } } : { code: cursor.status };
  }

  #mayWrite(args: Args, config: string): boolean {
    const { cursor, sessions } = this.#options;
    const sid = readString(args, 'ubus_rpc_session');
    cursor.use(sid);
    return sid === undefined || sessions.isAllowed(sid, 'uci', config, 'write');
  }

  #write(method: string, args: Args): Reply {
    const config = readString(args, 'config');
    const { cursor } = this.#options;
    if (config === undefined || !isCallable(method, args)) return { code: INVALID_ARGUMENT };
    if (!this.#mayWrite(args, config)) return { code: PERMISSION_DENIED };
    if (!hasGoodNames(method, args)) return { code: INVALID_ARGUMENT };
    const pkg = cursor.load(config);
    return (pkg && WRITES[method]?.(cursor, pkg, args)) ?? { code: cursor.status };
  }

  /** Nobody commits or reverts while an apply waits for its confirm. A commit tells procd even when nothing was pending. */
  #revertOrCommit(method: 'revert' | 'commit', args: Args): Reply {
    const { cursor, apply, onChange } = this.#options;
    const config = readString(args, 'config');
    if (apply.pendingSid !== undefined) return { code: PERMISSION_DENIED };
    if (config === undefined) return { code: INVALID_ARGUMENT };
    if (!this.#mayWrite(args, config)) return { code: PERMISSION_DENIED };
    const pkg = cursor.load(config);
    if (!pkg) return { code: cursor.status };
    if (method === 'commit') {
      cursor.try(() => cursor.store.commit(pkg));
      onChange(config);
    } else {
      cursor.try(() => cursor.store.revert(resolve({ package: toBytes(config), extended: false, complete: false }, pkg)));
    }
    return { code: OK };
  }
}
