// The wizard's three questions: what is suggested, what each asks, what is wrong with an answer, and the line they make.
import { checkValue, schema, type ConfigReply, type Finding, type FindingCode, type Port, type PppoeInterface } from '../../../agent/src/contract/index.ts';
import type { Answers } from '../store/wizard.ts';
import { checkLine, newLine, type Complaints, type LineDraft } from './draft.ts';

export const questions = ['port', 'account', 'sessions'] as const;
export type Question = (typeof questions)[number];

const asked: Record<Question, readonly string[]> = { port: ['device', 'adopt'], account: ['username', 'password'], sessions: ['sessions'] };
const askedOf: readonly string[] = questions.flatMap((question) => asked[question]);

const textOf = ({ options }: LineDraft, option: string): string => {
  const value = options[option] ?? '';
  return typeof value === 'string' ? value : value.join(' ');
};

/** PPPoE interfaces that a new line may take over: over a port that can be dialed, and of no line yet. */
export function toOffers({ pppoe = [] }: Pick<ConfigReply, 'pppoe'>, lines: readonly LineDraft[]): PppoeInterface[] {
  const taken = lines.map((line) => textOf(line, 'adopt'));
  return pppoe.filter(({ name, device }) => !checkValue(schema.line.adopt, name) && !checkValue(schema.line.device, device) && !taken.includes(name));
}

/** What a line borrows from the interface that it adopts. */
const lends = (offer: PppoeInterface | undefined): boolean => offer !== undefined && offer.username !== '' && offer.hasPassword;

/** How much a port looks like the one to the provider; none at all where it is the network's own, or no port. */
function likelihood({ device, carrier, usedBy }: Port): number {
  if (usedBy.some((name) => /^(?:lan|loopback|guest)/.test(name)) || /^(?:br-|lo$|wlan|phy|ifb|veth|docker|lan)/.test(device)) return 0;
  return (usedBy.some((name) => name.startsWith('wan')) ? 4 : 0) + (device.startsWith('wan') ? 3 : 0) + (carrier ? 4 : 0) + (usedBy.length === 0 ? 1 : 0);
}

/** The port that is most likely meant; empty where none is likely. */
export function suggestPort(ports: readonly Port[], lines: readonly LineDraft[]): string {
  const dialed = lines.map((line) => textOf(line, 'device'));
  const free = ports.filter((port) => !dialed.includes(port.device) && likelihood(port) > 1);
  return free.toSorted((a, b) => likelihood(b) - likelihood(a))[0]?.device ?? '';
}

const isUnfinished = (line: LineDraft, lines: readonly LineDraft[]): boolean => line.isNew && Object.keys(checkLine(line, lines)).length > 0;

/** The forms without the line that is asked about. */
export const othersOf = (lines: readonly LineDraft[], line: LineDraft): LineDraft[] => lines.filter(({ key }) => key !== line.key);

/** What became of answers that were put into the form. One session for the passport is not what was answered. */
function follow(before: Answers, lines: readonly LineDraft[]): Answers {
  const form = before.isWritten ? lines.find(({ key }) => key === before.line.key) : undefined;
  if (!form) return before;
  const { sessions = '' } = before.findOut ? before.line.options : form.options;
  return { ...before, line: { ...form, options: { ...form.options, sessions } } };
}

/**
 * The answers to begin with. What was begun goes on, in the wizard or in the form of a new line, unless it was applied meanwhile.
 */
export function begin(config: ConfigReply, lines: readonly LineDraft[], before: Answers | undefined): Answers {
  const isStored = config.sections.some(({ type, name }) => type === 'line' && name === before?.line.name);
  if (before && !isStored) return follow(before, lines);
  const begun = lines.findLast((line) => isUnfinished(line, lines));
  const others = begun ? othersOf(lines, begun) : lines;
  const line = begun ?? newLine(others);
  const offer = toOffers(config, others).find(lends);
  const isChosen = textOf(line, 'device') !== '' || textOf(line, 'adopt') !== '';
  const filled = isChosen ? {} : offer ? { adopt: offer.name, device: offer.device } : { device: suggestPort(config.ports, others) };
  return { line: { ...line, options: { ...line.options, ...filled } }, findOut: false, isWritten: false };
}

/** What is wrong with the answer to one question, by the form's own check. An interface without an account lends none. */
export function complaintsAbout(question: Question, { line }: Answers, lines: readonly LineDraft[], offers: readonly PppoeInterface[]): Complaints {
  const all = checkLine(line, [...othersOf(lines, line), line]);
  const offer = offers.find(({ name }) => name === line.options.adopt);
  const lacks = (option: string): boolean => textOf(line, option) === '' && !line.hasPassword && offer !== undefined && !lends(offer);
  const missing = asked.account.filter(lacks).map((option) => [option, { code: 'option_missing', severity: 'error', section: 'line', option }] as const);
  const complaints: Complaints = { ...Object.fromEntries(missing), ...all };
  return Object.fromEntries(Object.entries(complaints).filter(([option]) => asked[question].includes(option)));
}

/** Complaints that no question is about: the form shows them. */
export const hiddenComplaints = ({ line }: Answers, lines: readonly LineDraft[]): Complaints =>
  Object.fromEntries(Object.entries(checkLine(line, [...othersOf(lines, line), line])).filter(([option]) => !askedOf.includes(option)));

/** The line that the answers make. To find out how many sessions there may be begins with one. Without nft no IPv6 can be shared by NAT. */
export function toLine({ line, findOut }: Answers, hasNft: boolean): LineDraft {
  const ipv6 = !hasNft && line.options.ipv6 === 'nat' ? 'off' : (line.options.ipv6 ?? '');
  return { ...line, options: { ...line.options, ipv6, ...(findOut ? { sessions: '1' } : {}) } };
}

/** Of the doctor's findings those that a line that is yet to be dialed would meet. */
const beforehand: ReadonlySet<FindingCode> = new Set([
  'uncommitted',
  'netifd_silent',
  'ip_unfit',
  'nexthops_missing',
  'nft_missing',
  'rule_first',
  'rule_part_first',
  'rule_among_ours',
  'mark_compared',
  'mark_overwritten',
  'table_shared',
  'mwan3_first',
  'pbr_beside',
  'default_outranks',
  'metric_taken',
  'offload_hardware',
  'zone_missing',
  'masquerade_off',
] satisfies FindingCode[]);

/** The default of an interface that is adopted steps back by itself. */
export const toConflicts = <T extends Finding>(findings: readonly T[], adopt: string): T[] =>
  findings.filter(({ code, details }) => beforehand.has(code) && !(code === 'default_outranks' && adopt !== '' && details?.interface === adopt));
