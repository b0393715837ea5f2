// netifd's and pppd's error codes as a sentence with advice.
import type { LinkReason } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';

export type Reason = { text: string; advice: string };

/** Codes of OpenWrt's ppp.sh (pppd's exit codes by name) and of netifd itself. English is the key for t(). */
const reasons: Record<string, Reason> = {
  AUTH_TOPEER_FAILED: {
    text: 'The provider refused the account',
    advice: 'Check account and password. Some providers allow fewer sessions at once than you ask for.',
  },
  AUTH_FAILED: { text: 'The provider refused the account', advice: 'Check account and password.' },
  PEER_AUTH_FAILED: { text: 'The provider’s side did not prove who it is', advice: 'Unusual for PPPoE: ask the provider.' },
  CNID_AUTH_FAILED: { text: 'The provider refused this caller', advice: 'Ask the provider whether the line is bound to another device.' },
  CONNECT_FAILED: { text: 'No access concentrator answered', advice: 'Check the cable and the port or VLAN. The provider may also allow fewer sessions.' },
  NEGOTIATION_FAILED: { text: 'The two sides did not agree on the terms', advice: 'Try without the advanced options, such as MTU and service name.' },
  PEER_DEAD: {
    text: 'The provider’s side stopped answering',
    advice: 'It is dialed again by itself. If it comes back often, check the line’s quality or relax the keepalive.',
  },
  HANGUP: { text: 'The provider hung up', advice: 'It is dialed again by itself. If it happens at once each time, the provider may allow fewer sessions.' },
  NO_DEVICE: { text: 'The port does not exist', advice: 'Check the line’s port.' },
  DEVICE_CLAIM_FAILED: {
    text: 'The link’s own device could not be made',
    advice: 'One of its name may be left from before a restart of the network: apply again, or reboot.',
  },
  NO_KERNEL_SUPPORT: { text: 'The kernel lacks PPPoE', advice: 'Install the package ppp-mod-pppoe.' },
  OPTION_ERROR: { text: 'pppd does not understand its options', advice: 'Check the advanced options of the line.' },
  INVALID_OPTIONS: { text: 'pppd does not understand its options', advice: 'Check the advanced options of the line.' },
  LOOPBACK: { text: 'The line echoes: it is looped back', advice: 'Check the cabling: two ports may be connected to each other.' },
  IDLE_TIMEOUT: { text: 'Hung up after idle time', advice: 'It is dialed again when needed.' },
  TRAFFIC_LIMIT: { text: 'The traffic limit was reached', advice: 'Ask the provider.' },
  CONNECT_TIME: { text: 'The provider’s time limit was reached', advice: 'It is dialed again by itself.' },
  USER_REQUEST: { text: 'Hung up on request', advice: 'Somebody stopped this interface; start it again with ifup.' },
  OPEN_FAILED: { text: 'The port could not be opened', advice: 'Check the line’s port.' },
  INIT_FAILED: { text: 'pppd could not start', advice: 'Look at the system log.' },
  FATAL_ERROR: { text: 'pppd failed', advice: 'Look at the system log.' },
};

/** A code that is not in the table is shown as it came. */
export function explain({ code }: LinkReason): Reason {
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return known ? { text: t(known.text), advice: t(known.advice) } : { text: code, advice: t('Look at the system log.') };
}
