// Checks of what multidial is told, and of whether the router answers at all.
import { describe } from '../contract/index.ts';
import type { Finding } from '../contract/index.ts';
import { isSilent } from './input.ts';
import type { Check } from './input.ts';

const configuration: Check = {
  name: 'configuration',
  look: ({ config, configProblems, packageProblems, isDue }) => {
    const faults = configProblems.filter(({ severity }) => severity === 'error');
    const [first] = faults;
    const found: Finding[] = first ? [{ code: 'config_faulty', severity: 'error', details: { count: faults.length, first: describe(first) } }] : [];
    for (const { details = {} } of packageProblems) {
      const path = details['path'] ?? details['command'] ?? '?';
      found.push({ code: 'package_unreadable', severity: 'error', details: { path, reason: details['reason'] ?? `it is ${details['found']}` } });
    }
    if (config.broken) return found;
    if (!config.enabled) return [...found, { code: 'disabled', severity: 'note' }];
    return isDue ? [...found, { code: 'apply_due', severity: 'warning' }] : found;
  },
};

const uncommitted: Check = {
  name: 'uncommitted',
  look: (input) =>
    input.uncommitted.map(
      (name): Finding =>
        name === 'multidial' ? { code: 'config_uncommitted', severity: 'note' } : { code: 'uncommitted', severity: 'warning', details: { package: name } },
    ),
};

const netifd: Check = {
  name: 'netifd',
  look: ({ interfaces }) => (isSilent(interfaces) ? [{ code: 'netifd_silent', severity: 'error', details: { ...interfaces } }] : []),
};

export const setupChecks: readonly Check[] = [configuration, uncommitted, netifd];
