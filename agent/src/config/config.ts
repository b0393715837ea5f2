// The configuration as the planners take it: typed, defaults filled in, without what was faulty.

export type Ipv6Mode = 'off' | 'nat' | 'native';

/** A line as planned with: defaults filled in, `undefined` where pppd's or netifd's own default is to rule. */
export type Line = {
  name: string;
  device: string;
  sessions: number;
  username: string;
  password: string;
  ac: string | undefined;
  service: string | undefined;
  hostUniq: string | undefined;
  mtu: number | undefined;
  keepalive: string | undefined;
  weight: number;
  ipv6: Ipv6Mode;
  /** A PPPoE interface of somebody's that is the first link, and whose account is used where the line names none. */
  adopt: string | undefined;
  /** With fewer sessions up all are dialed anew; 0: never. */
  minUp: number;
  /** Hours after which a session is renewed; 0: never. */
  rotateH: number;
  /** `HH:MM-HH:MM`. */
  rotateWindow: string | undefined;
  disabled: boolean;
};

/**
 * Settings of one link; with `interface` a netifd interface of somebody else's that takes part, and in IPv6 too where
 * `ipv6` is not off. An account is that of one dialed session.
 */
export type LinkSetting = {
  name: string;
  interface: string | undefined;
  username: string | undefined;
  password: string | undefined;
  weight: number | undefined;
  ipv6: Ipv6Mode;
  disabled: boolean;
};

/** `links` empty: all links. */
export type Group = {
  name: string;
  links: string[];
  dest: string[];
  hash: 'l3' | 'l4';
  mode: 'flow' | 'packet';
  spread: 'nth' | 'random';
  sticky: 'off' | 'client' | 'site';
  /** Traffic is refused while no link lives. */
  isLastResort: boolean;
};

/** Traffic that goes by one link or group, `none`: by the router's own default. All that is given must match; an empty list is any. */
export type Pin = {
  name: string;
  use: string;
  strict: boolean;
  src: string[];
  dest: string[];
  /** Domain names, in lower case. */
  names: string[];
  proto: string[];
  srcPort: string[];
  destPort: string[];
  in: string[];
  mac: string[];
};

/** How links are asked whether they live. `links` empty: all that no other probe names. */
export type Probe = {
  name: string;
  links: string[];
  kind: 'ping' | 'dns' | 'http';
  /** Addresses, or pages where `kind` is http. */
  targets: string[];
  /** What a resolver is asked for. */
  question: string;
  intervalS: number;
  misses: number;
  backS: number;
  vetoPackets: number;
  disabled: boolean;
};

/**
 * The whole configuration. `frozen` names lines whose section is faulty: what they have now is neither changed
 * nor taken away. `broken` is set when nothing at all could be read: then no section may be touched.
 */
export type Config = {
  enabled: boolean;
  watch: boolean;
  /** Over a reboot, on flash. */
  keepsHistory: boolean;
  lines: Line[];
  links: LinkSetting[];
  groups: Group[];
  pins: Pin[];
  probes: Probe[];
  frozen: string[];
  broken: boolean;
};
