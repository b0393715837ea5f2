// What the checks look at, asked once before any of them runs, and what a check is.
import type { Config } from '../config/parse.ts';
import type { CheckName, Family, Finding, LinkState, Problem, SkipReason } from '../contract/index.ts';
import type { DeviceFacts, Packages } from '../observe/files.ts';
import type { Kernel } from '../observe/kernel.ts';
import type { NetifdInterface } from '../observe/netifd.ts';
import type { Link } from '../plan/members.ts';
import type { ReadSetting } from '../plan/settings.ts';
import type { UciSection } from '../uci/package.ts';
import type { PolicyRule } from './rules.ts';

/** A link with its section in network and what netifd says of it. */
export type SeenLink = { link: Link; section: UciSection | undefined; entry: NetifdInterface | undefined; state: LinkState };

/** A command that gave no answer of use. */
export type Silence = { exit: number; reason: string };

export type DoctorInput = {
  config: Config;
  /** Complaints about the configuration, and packages that can't be read: those are empty in `packages`. */
  configProblems: readonly Problem[];
  packageProblems: readonly Problem[];
  /** The configuration is another one than that of the last run. */
  isDue: boolean;
  packages: Packages;
  links: readonly SeenLink[];
  interfaces: readonly NetifdInterface[] | Silence;
  kernel: Kernel | Silence;
  /** All policy rules, everybody's; undefined where they could not be read. */
  rules: Record<Family, readonly PolicyRule[] | undefined>;
  /** Text of `nft list ruleset`; undefined where nft did not list it. */
  ruleset: string | undefined;
  hasNft: boolean;
  /** Does the iptables of old have a table mangle? */
  hasMangle: boolean;
  /** By the kernel or by the program conntrack. */
  canEndConnections: boolean;
  setting: ReadSetting;
  /** Text of our file under /etc/sysctl.d. */
  settingsFile: string | undefined;
  device: (name: string) => DeviceFacts | undefined;
  /** Version of the kernel, as in 6.6.73. */
  release: string;
  /** How this system installs a package: `apk add` or `opkg install`. */
  install: string;
  /** Packages that somebody left changes of uncommitted. */
  uncommitted: readonly string[];
  wallMs: number;
};

/** One question. It is answered by findings, none when all is well, or can't be answered for a reason. */
export type Check = { name: CheckName; look: (input: DoctorInput) => Finding[] | SkipReason };

export const isSilent = <T extends object>(answer: T | Silence): answer is Silence => 'reason' in answer && 'exit' in answer;

export const familyWord = (family: Family): string => (family === 'ipv4' ? 'IPv4' : 'IPv6');

/** Links that are dialed: sessions of a line, among them adopted ones. */
export const dialedLinks = (links: readonly SeenLink[]): SeenLink[] => links.filter(({ link }) => link.line !== undefined);
