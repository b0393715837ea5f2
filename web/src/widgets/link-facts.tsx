// What is known of a link and does not stand in the table: device, addresses, counters.
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { bytesText, formatDuration } from '../model/format.ts';
import { t } from '../t.ts';
import { familiesOf } from './link-row.tsx';

export function LinkFacts({ link }: { link: LinkStatus }) {
  const { device, ipv4, ipv6, uptimeS, weight, rxBytes, txBytes } = link;
  const facts: [string, string[]][] = [
    [t('Device'), device === undefined ? [] : [device]],
    [t('Addresses'), [...ipv4, ...ipv6]],
    [t('Up for'), uptimeS === undefined ? [] : [formatDuration(uptimeS)]],
    [t('Carries'), [familiesOf(link)]],
    [t('Weight'), [String(weight)]],
    [t('Received'), rxBytes === undefined ? [] : [bytesText(rxBytes)]],
    [t('Sent'), txBytes === undefined ? [] : [bytesText(txBytes)]],
  ];
  return (
    <dl class="md-facts">
      {facts
        .filter(([, texts]) => texts.length > 0)
        .map(([name, texts]) => (
          <div key={name}>
            <dt class="md-muted">{name}</dt>
            {texts.map((text) => (
              <dd key={text} class="md-address">
                {text}
              </dd>
            ))}
          </div>
        ))}
    </dl>
  );
}
