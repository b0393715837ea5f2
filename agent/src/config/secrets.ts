// Secrets of the configuration: taken out of what is shown, put back into what the page sends without them.
import { schema, specsOf } from '../contract/index.ts';
import type { ConfigSection } from '../contract/index.ts';

const isSecret = (section: ConfigSection, option: string): boolean => Object.hasOwn(schema, section.type) && specsOf(section.type)[option]?.secret === true;

/** The section without its secrets; `secrets` names those that hold something. Unknown types lose all their options. */
export function redact(section: ConfigSection): ConfigSection {
  if (!Object.hasOwn(schema, section.type)) return { type: section.type, name: section.name, options: {} };
  const entries = Object.entries(section.options);
  const known = specsOf(section.type);
  const secrets = entries.filter(([option, value]) => isSecret(section, option) && value.length > 0).map(([option]) => option);
  // An unknown option may be a misspelt password, so only known ones are shown.
  const options = Object.fromEntries(entries.filter(([option]) => Object.hasOwn(known, option) && !isSecret(section, option)));
  return { type: section.type, name: section.name, options, ...(secrets.length ? { secrets } : {}) };
}

/** A candidate from the page with the stored secrets put back where it leaves them out. */
export function withStoredSecrets(candidate: readonly ConfigSection[], stored: readonly ConfigSection[]): ConfigSection[] {
  return candidate.map((section) => {
    const old = stored.find((other) => other.type === section.type && other.name === section.name);
    const kept = Object.entries(old?.options ?? {}).filter(([option]) => isSecret(section, option) && !section.options[option]?.length);
    return { type: section.type, name: section.name, options: { ...section.options, ...Object.fromEntries(kept) } };
  });
}
