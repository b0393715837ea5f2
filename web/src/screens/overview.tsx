// Overview: the sentence that matters, totals, links, balanced routes, and the plot.
import { useState } from 'preact/hooks';
import type { Status } from '../../../agent/src/contract/index.ts';
import { describeFault } from '../model/sentences.ts';
import { headline } from '../model/headline.ts';
import { bothWays } from '../model/picture.ts';
import type { Rates } from '../model/rates.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Figure } from '../widgets/figure.tsx';
import { Notice } from '../widgets/notice.tsx';
import { LinkTable } from '../widgets/link-table.tsx';
import { Picture } from '../widgets/picture.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { RouteList } from '../widgets/route-list.tsx';
import { useDrawn } from '../widgets/use-later.ts';
import { lazy } from './lazy.tsx';
import { RatesPlot } from './rates-plot.tsx';
import { useStore } from './store-context.ts';

const BulkActions = lazy(() => import('./bulk-actions.tsx'));
const LinkPanel = lazy(() => import('./link-panel.tsx'));

/** Nothing dialed yet: say what this is and lead to the form. */
function Empty({ status, canWrite, onSetup }: { status: Status; canWrite: boolean; onSetup: () => void }) {
  return (
    <div class="md-empty">
      <h2>{status.enabled ? t('Dial one line several times') : t('multidial is turned off')}</h2>
      <p>
        {status.enabled
          ? t('Many providers give each PPPoE session its own rate. multidial dials as many as you ask for and shares the traffic among them, IPv4 and IPv6.')
          : t('Its configuration is kept. Applying the setup turns it on again.')}
      </p>
      {status.enabled && (
        <ol class="md-how">
          <li>{t('Choose the port and type the account your provider gave you.')}</li>
          <li>{t('Look at what will change before anything does.')}</li>
          <li>{t('Apply. If this page is cut off by it, the router goes back by itself.')}</li>
        </ol>
      )}
      {canWrite ? (
        <Button kind="primary" onClick={onSetup}>
          {status.enabled ? t('Set up a line') : t('Open Setup')}
        </Button>
      ) : (
        <p class="md-muted">{t('Your account may look, but not change anything.')}</p>
      )}
    </div>
  );
}

function Totals({ rates }: { rates: Rates | undefined }) {
  const total = rates?.total;
  return (
    <dl class="md-totals">
      <div>
        <dt>
          <span aria-hidden="true">↓ </span>
          {t('Download')}
        </dt>
        <dd>
          <Figure large bps={total?.downBps ?? null} />
        </dd>
      </div>
      <div>
        <dt>
          <span aria-hidden="true">↑ </span>
          {t('Upload')}
        </dt>
        <dd>
          <Figure large bps={total?.upBps ?? null} />
        </dd>
      </div>
    </dl>
  );
}

/** What is wrong now; what the last run complained of; and a way to try again, where there is nothing else to apply. */
function Problems({ status, canWrite }: { status: Status; canWrite: boolean }) {
  const { setup, live } = useStore();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const hasFailed = status.last?.ok === false;
  const problems = hasFailed && status.problems.length === 0 ? status.last?.problems : status.problems;
  async function runAgain(): Promise<void> {
    setBusy(true);
    const fault = await setup.runAgain();
    setBusy(false);
    setError(fault && describeFault(fault));
    live.now();
  }
  return (
    <>
      <ProblemList problems={problems ?? []} />
      {hasFailed && (
        <Notice tone="bad">
          {t('The last run could not do everything.')}{' '}
          {canWrite && (
            <Button disabled={isBusy} onClick={() => void runAgain()}>
              {isBusy ? t('Trying…') : t('Try again')}
            </Button>
          )}
        </Notice>
      )}
      {error && <Notice tone="bad">{error}</Notice>}
    </>
  );
}

/** A link in it opens its panel, as its name in the table does. */
function RouterPicture({ status }: { status: Status }) {
  const { live, links } = useStore();
  const peakBps = Math.max(0, ...live.history.value.map(({ total }) => bothWays(total)));
  return <Picture links={status.links} rates={live.rates.value} peakBps={peakBps} opened={links.opened.value} onOpen={links.toggle} />;
}

/** The table, and below it the panel of the link whose name was pressed. */
function Links({ status }: { status: Status }) {
  const { live, links, session } = useStore();
  const opened = status.links.find((link) => link.name === links.opened.value);
  return (
    <>
      <section aria-label={t('Links')}>
        <LinkTable
          links={status.links}
          atMs={status.atMs}
          rates={live.rates.value}
          opened={opened?.name}
          onToggle={links.toggle}
          sort={links.sort.value}
          onSort={(next) => {
            links.sort.value = next;
          }}
          selection={session.rights.value.write ? { selected: links.selected.value, onSelect: links.select } : undefined}
        />
        {links.selected.value.size > 0 && <BulkActions all={status.links} />}
      </section>
      {opened && (
        <LinkPanel
          key={opened.name}
          link={opened}
          atMs={status.atMs}
          onClose={() => {
            links.opened.value = undefined;
          }}
        />
      )}
    </>
  );
}

/** All that there is to see of links: much to draw, so it follows the sentence. */
function Everything({ status }: { status: Status }) {
  return (
    <>
      <RouterPicture status={status} />
      <Links status={status} />
      {status.offload && (
        <p class="md-muted">
          {status.offload === 'hardware'
            ? t('Hardware flow offloading is on: much of what it forwards is not counted, so rates read too low.')
            : t('Software flow offloading is on: some of what it forwards is not counted, so rates may read too low.')}
        </p>
      )}
      <RatesPlot names={status.links.map((link) => link.name)} />
      {status.groups.length > 0 && (
        <section aria-labelledby="md-routes-title">
          <h2 id="md-routes-title">{t('Shared routes')}</h2>
          <RouteList routes={status.groups} />
        </section>
      )}
    </>
  );
}

export function OverviewScreen() {
  const { live, session, screen } = useStore();
  const isDrawn = useDrawn();
  const status = live.status.value;
  if (!status)
    return live.trouble.value ? null : (
      <p class="md-muted" role="status">
        {t('Asking the router…')}
      </p>
    );
  const canWrite = session.rights.value.write;
  const goToSetup = (): void => {
    screen.value = status.enabled ? 'wizard' : 'setup';
  };
  if (status.links.length === 0) {
    return (
      <>
        <Problems status={status} canWrite={canWrite} />
        <Empty status={status} canWrite={canWrite} onSetup={goToSetup} />
      </>
    );
  }
  return (
    <>
      <div class="md-top">
        {/* Follows the sentence, not the rates: it is read aloud when something happened. */}
        <p class="md-headline" role="status">
          {headline(status)}
        </p>
        <Totals rates={live.rates.value} />
      </div>
      <Problems status={status} canWrite={canWrite} />
      {isDrawn && <Everything status={status} />}
    </>
  );
}
