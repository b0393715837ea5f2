// `config`: the stored configuration without its secrets, the ports that could be dialed, and the PPPoE interfaces that could be adopted.
import { redact } from '../config/secrets.ts';
import type { ConfigReply } from '../contract/index.ts';
import { listPorts, readPackages } from '../observe/files.ts';
import { listAdoptable } from '../plan/adopt.ts';
import { readConfig } from '../reconcile.ts';
import { readRevision } from '../revision.ts';
import type { System } from '../system.ts';

export function readConfigReply(system: System): ConfigReply {
  const { sections, problems } = readConfig(system);
  const { packages } = readPackages(system);
  const { network } = packages;
  return {
    revision: readRevision(system),
    sections: sections.map(redact),
    ports: listPorts(system, network),
    pppoe: listAdoptable(network),
    problems,
  };
}
