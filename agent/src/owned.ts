// What is ours in the kernel, in uci and on disk: numbers and names that nobody else may be touched by.

/** Route protocol of all our routes and nexthops; free in OpenWrt's rt_protos. */
export const PROTOCOL = 77;

/** Metric of the balanced routes: above nobody's habit of 0 for "the one", below every link's own metric. */
export const ROUTE_METRIC = 7;

/** A link's uci metric is this plus its slot: netifd's own defaults stay below ours as the fallback. */
export const LINK_METRIC_BASE = 7000;

/** Slots are 1..191: the same number is the link's mark byte. */
export const MAX_SLOT = 191;

/** The highest byte of packet and connection marks is ours: 0 none, 1..191 a link, then groups and strict targets, 254 "never balance". */
export const MARK_MASK = 0xff000000;
export const FIRST_TARGET_MARK = 192;
export const LAST_TARGET_MARK = 253;
export const NEVER_MARK = 254;
/** No table has it: a packet of the router that is routed once more, now that its source is known. */
export const ONCE_MORE_MARK = 255;

/** A mark as ip and nft take it. */
export const hexMark = (mark: number): string => `0x${mark.toString(16).padStart(2, '0')}000000`;
export const HEX_MASK = '0xff000000';
/** All bits but ours. */
export const HEX_REST = '0x00ffffff';

/** The mark byte of a rule's fwmark and mask, where both are ours alone. */
export const markByte = (mark: number, mask: number): number | undefined => (mask === MARK_MASK && (mark & 0xffffff) === 0 ? mark / 0x1000000 : undefined);

const TABLE_BASE = 77_000;
/** The table of a mark: a link's alone, a group's, or a strict target's. */
export const tableOf = (mark: number): number => TABLE_BASE + mark;
/** Group of the processes that probe a link: the same number as its table. nft knows their packets by it. */
export const probeGid = (slot: number): number => TABLE_BASE + slot;
/** Balanced routes to prefixes other than the default. */
export const PREFIX_TABLE = 77_255;
export const isOurTable = (table: number): boolean => table > TABLE_BASE && table <= PREFIX_TABLE;

/** Metric of the unreachable route behind a balanced one, where its group asks for it. */
export const LAST_RESORT_METRIC = 8;

/** Metric of an unreachable route at the end of a table; what netifd gives to its own. */
export const LAST_METRIC = 4_278_198_272;

/** Preferences of our rules: main's own prefixes first, then marks, source addresses, resolvers, prefixes. */
export const PREFERENCE = { main: 4000, marks: 4000, sources: 4300, resolvers: 4500, prefixes: 4700, last: 4999 } as const;

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
/** Before a link's name: its history over a reboot, where `globals.keep_history` asks for it. */
export const SAVED_HISTORY = '/etc/multidial/history.';
export const RUN_DIRECTORY = '/var/run/multidial';
/** What an open file without a name was called before: the beginning, behind which stands a process. */
export const SCRATCH = '.io-';
/** Our rules of IPv6 as the last run left them, as JSON: reading it costs no process. */
export const RULES6_NOTE = `${RUN_DIRECTORY}/rules6`;
