// What is ours in the kernel, in uci and on disk: numbers and names that nobody else may be touched by.

/** Route protocol of all our routes and nexthops; free in OpenWrt's rt_protos. */
export const PROTOCOL = 77;

/** Metric of the balanced routes: above nobody's habit of 0 for "the one", below every link's own metric. */
export const ROUTE_METRIC = 7;

/** A link's uci metric is this plus its slot: netifd's own defaults stay below ours as the fallback. */
export const LINK_METRIC_BASE = 7000;

/** Slots are 1..191: the same number will be the link's mark byte. */
export const MAX_SLOT = 191;

const NEXTHOP_V4 = 77_004_000;
const NEXTHOP_V6 = 77_006_000;
const GROUP_V4 = 77_104_000;
const GROUP_V6 = 77_106_000;
const ID_SPAN = 1000;

export const nexthopId = (family: 'ipv4' | 'ipv6', slot: number): number => (family === 'ipv4' ? NEXTHOP_V4 : NEXTHOP_V6) + slot;
export const groupId = (family: 'ipv4' | 'ipv6', index: number): number => (family === 'ipv4' ? GROUP_V4 : GROUP_V6) + index;
export const isOurNexthop = (id: number): boolean => [NEXTHOP_V4, NEXTHOP_V6, GROUP_V4, GROUP_V6].some((base) => id >= base && id < base + ID_SPAN);

/** Option in our uci sections that says which line they were derived from. */
export const TAG = 'multidial';

/** Does a section of another package bear our tag? */
export const isOurs = (section: { options: ReadonlyMap<string, unknown> }): boolean => section.options.has(TAG);

/** Section type of our notes in other packages; their own programs skip types they don't know. */
export const NOTE_TYPE = 'multidial';

export const NFT_TABLE = 'multidial';

export const CONFIG_FILE = '/etc/config/multidial';

/** Three times what 191 links with an account each take. The complaints about a longer one could be more than ubus carries. */
export const MAX_CONFIG_BYTES = 64 << 10;

export const SYSCTL_FILE = '/etc/sysctl.d/77-multidial.conf';
export const RUN_DIRECTORY = '/var/run/multidial';
