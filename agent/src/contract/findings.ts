// The doctor's English sentences: of each finding what it is, why it matters and how to mend it; and why a check was left out.
import type { DoctorReport, Examination, Explanation, Finding, FindingCode, Remedy, SkipReason, ToldFinding } from './doctor.ts';
import { fill } from './fill.ts';

/** `{link}`, `{section}` and the names of details are filled in; a list is joined by commas. */
export const findings: Record<FindingCode, Explanation & { remedy?: Remedy }> = {
  config_faulty: {
    what: 'Faults in /etc/config/multidial: {count}. The first: {first}',
    why: 'A faulty section has no effect, so not all is done that you asked for.',
    mend: 'Mend it there or on the page; all faults are listed by: multidial plan',
    remedy: { kind: 'setup' },
  },
  package_unreadable: {
    what: '{path} can’t be read: {reason}.',
    why: 'multidial changes nothing while a package that it derives into can’t be read.',
    mend: 'Mend the file, then: multidial apply',
  },
  disabled: {
    what: 'multidial is disabled.',
    why: 'Nothing is dialed and nothing is balanced.',
    mend: 'Enable it on the page, or: uci set multidial.globals.enabled=1; uci commit multidial; multidial apply',
    remedy: { kind: 'setup' },
  },
  apply_due: {
    what: 'The configuration was changed since the last run, or there was no run yet.',
    why: 'The router still does what it was told before.',
    mend: 'multidial apply',
    remedy: { kind: 'apply' },
  },
  uncommitted: {
    what: 'Somebody left uncommitted changes in {package}.',
    why: 'A commit of multidial’s would take them along, so it refuses to apply until they are gone.',
    mend: 'Look at them: uci changes {package}. Then uci commit {package}, or uci revert {package}.',
  },
  config_uncommitted: {
    what: 'There are uncommitted changes of multidial’s own configuration.',
    why: 'They have no effect until they are committed.',
    mend: 'uci commit multidial; multidial apply',
  },
  netifd_silent: {
    what: 'netifd does not answer (exit code {exit}): {reason}',
    why: 'Without it nobody knows which links are up, so routes are not touched.',
    mend: 'Ask it by hand: ubus call network.interface dump. If that fails as well: /etc/init.d/network restart (it dials everything anew).',
  },
  ip_unfit: {
    what: 'The command ip gives no answer that can be read (exit code {exit}): {reason}',
    why: 'busybox’s ip knows no JSON. Without answers multidial neither sees routes nor sets them.',
    mend: '{install} ip-full',
  },
  nexthops_missing: {
    what: 'There are no nexthop groups here: either ip or the kernel (Linux {release}) knows none.',
    why: 'Links are shared by a classic route instead, and each hang-up takes the IPv4 default away for a moment.',
    mend: '{install} ip-full. The kernel must be 5.3 or newer, which OpenWrt has from 21.02 on.',
  },
  nft_missing: {
    what: 'There is no nft here.',
    why: 'Connections do not keep their link when links come and go, and pins, sticky groups, mode packet and IPv6 by NAT have no effect.',
    mend: 'Use OpenWrt 22.03 or newer with firewall4, which brings nft.',
  },
  hash_policy_missing: {
    what: 'This kernel has no setting {key}.',
    why: 'It shares traffic by pairs of hosts only: all connections to one server take the same link.',
    mend: 'Use a newer release of OpenWrt, or a kernel that is built with multipath routing.',
  },
  hash_policy_differs: {
    what: 'The kernel’s setting {key} is {got}, not {wanted}.',
    why: 'Traffic is shared in another way than the configuration says.',
    mend: 'multidial apply. If it does not stay, find out who sets it: grep -r {key} /etc/sysctl.conf /etc/sysctl.d',
    remedy: { kind: 'apply' },
  },
  connections_unlisted: {
    what: 'The kernel does not list its connections (no /proc/net/nf_conntrack), and the program conntrack is missing.',
    why: 'Connections of a link that dies can’t be ended at once: they hang until they time out.',
    mend: '{install} conntrack',
  },
  clock_unset: {
    what: 'The clock says {date}, so it is not set.',
    why: 'Times in the log are wrong, and certificates and signed names are refused as not valid yet.',
    mend: '/etc/init.d/sysntpd restart, once a link is up. If it stays wrong: uci show system.ntp',
  },
  offload_software: {
    what: 'Software flow offloading is on ({by}).',
    why: 'Offloaded packets go past nft, and often past the counters of a session’s device: rates and bytes of links may read too low, and a busy link may look idle.',
    mend: 'Keep it if the router needs it. To turn it off: uci set firewall.@defaults[0].flow_offloading=0; uci commit firewall; fw4 reload',
  },
  offload_hardware: {
    what: 'Hardware flow offloading is on ({by}).',
    why: 'The switch forwards by itself what it has learnt, so rates and bytes of links are wrong, and traffic that flows can’t be told from a dead link.',
    mend: 'Use the software one alone: uci set firewall.@defaults[0].flow_offloading_hw=0; uci commit firewall; fw4 reload',
  },
  offload_packets: {
    what: '{section} spreads single packets, but flow offloading is on.',
    why: 'A connection that was offloaded stays on one link: its packets are not spread any more.',
    mend: 'uci set firewall.@defaults[0].flow_offloading=0; uci commit firewall; fw4 reload. Or set mode to flow.',
  },
  rule_first: {
    what: 'Rules of {family} that catch all traffic come before multidial’s: {rules}.',
    why: 'All traffic takes their way: pins, kept connections and answers to inbound ones never reach their link’s table.',
    mend: 'Give them a preference above 5000: option priority of the section rule in /etc/config/network, or ip rule del and add.',
  },
  rule_part_first: {
    what: 'Rules of {family} that catch some traffic come before multidial’s: {rules}.',
    why: 'What they match takes their way, whatever pins and groups say. That may be just what they are for.',
    mend: 'If it is not: give them a preference above 5000, by option priority in /etc/config/network or with ip rule.',
  },
  rule_among_ours: {
    what: 'Rules of somebody else’s stand at preferences of multidial’s (4000 to 4999) in {family}: {rules}.',
    why: 'They come before some of multidial’s rules and after others, and which ones may change with each link.',
    mend: 'Give them a preference above 5000, by option priority in /etc/config/network or with ip rule.',
  },
  mark_compared: {
    what: 'Rules of {family} look at mark bits that are multidial’s (0xff000000): {rules}.',
    why: 'multidial writes a connection’s link there, so these rules match what they should not, or miss what they should match.',
    mend: 'Give them a mask without those bits, such as fwmark 0x1/0x00ffffff, and set only these bits where the mark is set.',
  },
  mark_overwritten: {
    what: 'nft table {table}, chain {chain} sets mark bits that are multidial’s (0xff000000): {statement}',
    why: 'A connection that passes there loses its link and may be cut, or it is taken for another link’s.',
    mend: 'Set your own bits only, as in: meta mark set meta mark & 0xff00ffff | 0x00010000',
  },
  table_shared: {
    what: 'Somebody else uses routing table {table}, which is multidial’s: {by}.',
    why: 'Traffic of a link may leave by another way, and what is put there may be taken away.',
    mend: 'Use another table than 77001 to 77255.',
  },
  mwan3_first: {
    what: 'mwan3 is at work in {family}: its rules ({rules}) come before multidial’s.',
    why: 'What mwan3 marks takes mwan3’s way and is not balanced here; its usual default_rule marks all there is. Its marks and tables do not clash with multidial’s.',
    mend: 'Let mwan3 have only the traffic that you mean for it, or turn it off: /etc/init.d/mwan3 stop; /etc/init.d/mwan3 disable',
  },
  pbr_beside: {
    what: 'pbr is at work in {family}: {rules}.',
    why: 'Its marks and tables do not clash with multidial’s. New connections that it marks take its way; all others are balanced.',
    mend: 'Nothing to do. A pin of multidial’s comes before pbr where both match.',
  },
  default_outranks: {
    what: 'The {family} default of {interface} (device {device}, metric {metric}) wins over the balanced one (metric {ours}).',
    why: 'New connections that no pin names take that interface, and none is shared.',
    mend: 'Give that interface a metric above {ours}: option metric in its section of /etc/config/network, then: ubus call network reload',
  },
  metric_taken: {
    what: 'The {family} route to {prefix} by {device} has metric {metric}, which is multidial’s own.',
    why: 'netifd and multidial would overwrite each other’s route, so nothing is balanced there.',
    mend: 'Give that interface another metric in /etc/config/network, then: ubus call network reload',
  },
  metric_shared: {
    what: 'The interfaces {interfaces} have the same metric {metric}.',
    why: 'A link’s metric is how multidial knows it, and of two defaults with one metric the kernel keeps only one.',
    mend: 'Give an interface that is no link another metric. Then: multidial apply, which gives each link its own.',
  },
  port_missing: {
    what: '{section}: there is no device {device}.',
    why: 'The line can’t be dialed.',
    mend: 'Choose another port for the line on the page; those that there are: ls /sys/class/net',
    remedy: { kind: 'setup', option: 'device' },
  },
  port_unplugged: {
    what: '{section}: port {device} has no carrier.',
    why: 'No cable, or nobody at its other end: the line can’t be dialed.',
    mend: 'Check the cable and the modem. In bridge mode the modem must be on.',
  },
  mac_duplicate: {
    what: '{link}: its device {device} has the MAC address {mac}, as {other} has.',
    why: 'The kernel leaves such a device down while netifd calls it up, or the provider mixes up both sessions.',
    mend: 'uci delete network.{section_name}.macaddr; uci commit network; multidial apply (it gives the device an address of its own)',
  },
  device_down: {
    what: '{link}: its device {device} is down, although {parent} is up.',
    why: 'Nothing can be dialed over it. The usual cause is a MAC address that another device of the same port has.',
    mend: 'Compare the addresses: ip link show. Then: ifup {link}',
  },
  carrier_lost: {
    what: '{link}: netifd calls it up, but its device {device} has no carrier.',
    why: 'It is left out of the balance until the carrier comes back.',
    mend: 'Check the cable, and who is at its other end.',
  },
  name_too_long: {
    what: 'The PPPoE interface {interface} has a name of more than 9 characters.',
    why: 'Its device would be called {device}, and the kernel takes 15 characters: it never comes up.',
    mend: 'Give it a shorter name: uci rename network.{interface}=SHORT; uci commit network. Then use that one in the firewall’s zone too, and as adopt of its line.',
  },
  account_refused: {
    what: '{link}: the provider refuses the account or its password ({reason}).',
    why: 'It is dialed again and again in vain, and some providers lock an account for that.',
    mend: 'Check account and password of the line or of this link on the page. If its siblings are up, the provider may allow no more sessions: use fewer.',
    remedy: { kind: 'setup', option: 'username' },
  },
  session_refused: {
    what: '{link}: the other side hangs up while it is dialed ({reason}).',
    why: 'That is how some providers refuse a wrong password, or one session too many.',
    mend: 'Check the account. If its siblings are up, try with fewer sessions, or with an account of its own for this link.',
    remedy: { kind: 'setup', option: 'sessions' },
  },
  dial_unanswered: {
    what: '{link}: nobody answers when it is dialed ({reason}).',
    why: 'The modem does not pass PPPoE on, a VLAN is missing, or the provider’s side is still holding an old session.',
    mend: 'Check that the modem is in bridge mode, and the VLAN of the port. Empty options ac and service of the line if they are set.',
    remedy: { kind: 'setup', option: 'ac' },
  },
  dial_failed: {
    what: '{link}: it does not come up ({reason}).',
    why: 'The link carries nothing meanwhile.',
    mend: 'Read what pppd and netifd say: logread -e pppd; logread -e netifd. Then: ifup {interface}',
    remedy: { kind: 'redial' },
  },
  link_stopped: {
    what: '{link}: its interface {interface} is down, and netifd does not start it by itself.',
    why: 'It was taken down by hand, or it has option auto 0: it is not dialed until somebody asks for it.',
    mend: 'ifup {interface}. Or turn the link off on the page, if that is what is meant.',
    remedy: { kind: 'redial' },
  },
  link_absent: {
    what: '{link}: netifd knows no interface {interface}, although it stands in /etc/config/network.',
    why: 'It was not loaded yet, or its section is faulty.',
    mend: 'ubus call network reload; logread -e netifd',
  },
  address_restricted: {
    what: '{link} got the address {address}, while other links of its line have public ones.',
    why: 'The provider gave this session restricted access, as after a dial that was refused or came too soon: pages may end at a login or payment site.',
    mend: 'Dial it once more in a minute: ifdown {interface}; sleep 60; ifup {interface}. If it comes back: use fewer sessions.',
    remedy: { kind: 'redial' },
  },
  mtu_low: {
    what: '{link}: packets of at most {mtu} bytes fit through (PPPoE has 1492).',
    why: 'Each packet carries less, and sites that never hear of it seem to hang. IPv6 needs 1280 at least.',
    mend: 'Take option mtu of the line away, and see that the port and the modem take packets of 1500 bytes.',
    remedy: { kind: 'setup', option: 'mtu' },
  },
  resolvers_missing: {
    what: 'No link has told a resolver, and none is set by hand.',
    why: 'Addresses work, names do not.',
    mend: 'uci add_list dhcp.@dnsmasq[0].server=ADDRESS; uci commit dhcp; /etc/init.d/dnsmasq restart',
  },
  resolvers_private: {
    what: 'All resolvers have private addresses: {resolvers}.',
    why: 'That is usual behind a provider’s NAT. Where it is not, the sessions may have restricted access, and names lead to a login site.',
    mend: 'Try one: nslookup openwrt.org {first}. If it fails, name another: uci add_list dhcp.@dnsmasq[0].server=ADDRESS',
  },
  zone_missing: {
    what: 'The firewall has no zone named wan.',
    why: 'Links are in no zone: nothing is masqueraded, and the LAN is not let out by them.',
    mend: 'Create a zone wan with masquerading (Network, Firewall), and let lan forward to it. Then: multidial apply',
  },
  masquerade_off: {
    what: 'The firewall’s zone wan does not masquerade.',
    why: 'LAN addresses would leave by a link as they are, and no answer comes back.',
    mend: 'uci set firewall.{zone}.masq=1; uci commit firewall; /etc/init.d/firewall reload',
  },
  mss_unclamped: {
    what: 'The firewall’s zone wan does not clamp the MSS (option mtu_fix).',
    why: 'PPPoE takes 1492 bytes, the LAN sends 1500: some sites load half or not at all.',
    mend: 'uci set firewall.{zone}.mtu_fix=1; uci commit firewall; /etc/init.d/firewall reload',
  },
  zone_lacks_link: {
    what: '{link}: it is not in the firewall’s zone wan.',
    why: 'The firewall rejects what the LAN sends by it.',
    mend: 'multidial apply',
    remedy: { kind: 'apply' },
  },
};

export const skipReasons: Record<SkipReason, string> = {
  no_lines: 'no line is described, or all are disabled',
  no_links: 'there are no links yet',
  no_live_links: 'no link is up',
  netifd_silent: 'netifd does not answer',
  ip_silent: 'ip gives no answer that can be read',
  nft_missing: 'there is no nft',
  nft_silent: 'nft does not list its rules',
  package_unreadable: 'the package can’t be read',
  iptables_unread: 'there are rules of iptables in its table mangle, which are not read: iptables -t mangle -S shows them',
};

/** A finding with its sentences, and with its remedy where there is one. */
export function explain(finding: Finding): ToldFinding {
  const fields = { section: finding.section, link: finding.link, ...finding.details };
  const { what, why, mend, ...rest } = findings[finding.code];
  return { ...finding, ...rest, what: fill(what, fields), why: fill(why, fields), mend: fill(mend, fields) };
}

/** An examination as the reply has it, in words. */
export const toDoctorReport = ({ findings: found, checked, skipped }: Examination): DoctorReport => ({
  findings: found.map(explain),
  checked,
  skipped: skipped.map((each) => ({ ...each, text: skipReasons[each.reason] })),
});
