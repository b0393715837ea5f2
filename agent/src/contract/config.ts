// The configuration as it travels between page and agent: uci sections, with the secrets left out.

/** Section types of /etc/config/multidial. */
export type SectionType = 'globals' | 'line' | 'link' | 'group' | 'pin' | 'probe';

/** uci knows two kinds of value: a string, or a list of strings. */
export type OptionValue = string | string[];

/**
 * One section of /etc/config/multidial, options spelled as in uci.
 * From the agent `password` is never among the options; `secrets` names those that are set.
 * To the agent (plan of a candidate) an absent password means "keep what is stored for the section of this name".
 */
export type ConfigSection = {
  type: SectionType;
  name: string;
  options: Record<string, OptionValue>;
  secrets?: string[];
};

/**
 * A network device that could be a line. Source: /sys/class/net and /etc/config/network.
 * `carrier` is null where the device is down and the kernel does not say.
 */
export type Port = {
  device: string;
  mac: string;
  carrier: boolean | null;
  /** Names of netifd interfaces (uci sections) that use it now. */
  usedBy: string[];
};

/**
 * A PPPoE interface of somebody's in /etc/config/network, which a line can adopt. Its password is never told, only whether
 * there is one. `device` is empty where the interface names none.
 */
export type PppoeInterface = { name: string; device: string; username: string; hasPassword: boolean };
