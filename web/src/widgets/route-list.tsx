// The balanced routes: prefix, members and their weights, in order of group and family.
import type { GroupRoute } from '../../../agent/src/contract/index.ts';
import { describeRoute } from '../model/summary.ts';
import { t } from '../t.ts';

/** As many stand in one row, each as wide as its weight; more are a grid. */
const FEW = 6;

function Members({ members }: Pick<GroupRoute, 'members'>) {
  const whole = members.reduce((sum, member) => sum + member.weight, 0);
  return (
    <ul class={`md-members${members.length > FEW ? ' md-many' : ''}`}>
      {members.map(({ link, weight }) => (
        <li key={link} style={{ flexGrow: weight }}>
          <span class="md-member-name">{link}</span> <span class="md-muted md-figure">{t('{percent} %', { percent: Math.round((weight / whole) * 100) })}</span>
        </li>
      ))}
    </ul>
  );
}

const defaults: Record<string, string> = { '0.0.0.0/0': 'IPv4 default', '::/0': 'IPv6 default' };
const nameOf = ({ prefix }: GroupRoute): string => (Object.hasOwn(defaults, prefix) ? t(defaults[prefix] ?? prefix) : prefix);

export function RouteList({ routes }: { routes: readonly GroupRoute[] }) {
  return (
    <dl class="md-routes">
      {routes.map((route) => (
        <div key={`${route.group} ${route.family} ${route.prefix}`} class={`md-route md-route-${route.route}`}>
          <dt>
            <strong>{nameOf(route)}</strong> <span class="md-muted">{describeRoute(route)}</span>
            {route.group !== 'default' && <span class="md-muted"> {t('group {name}', { name: route.group })}</span>}
            {route.kind === 'multipath' && <span class="md-muted"> {t('classic multipath')}</span>}
          </dt>
          <dd>{route.members.length > 0 ? <Members members={route.members} /> : <span class="md-muted">{t('no member')}</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
