// Redial, drain, pause and resume of the links that are chosen in the table: asked about where it cuts, and told how it went.
import { useId, useState } from 'preact/hooks';
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { bulkActions, costOf, describeBulk, describeBulkUnderWay, describeCost, fitting } from '../model/bulk.ts';
import { labelOf, type Action } from '../model/link-actions.ts';
import { t, tn } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { useStore } from './store-context.ts';

function Question({
  action,
  chosen,
  all,
  onYes,
  onNo,
}: {
  action: Action;
  chosen: LinkStatus[];
  all: readonly LinkStatus[];
  onYes: () => void;
  onNo: () => void;
}) {
  const cost = costOf(action, chosen, all);
  return (
    <Dialog title={tn(chosen.length, '{action} {count} link?', '{action} {count} links?', { action: labelOf(action) })} onCancel={onNo}>
      <p>{cost && describeCost(cost)}</p>
      <p class="md-muted">{chosen.map(({ name }) => name).join(', ')}</p>
      <div class="md-actions">
        <Button kind="danger" onClick={onYes}>
          {labelOf(action)}
        </Button>
        <Button onClick={onNo}>{t('Cancel')}</Button>
      </div>
    </Dialog>
  );
}

export function BulkActions({ all }: { all: readonly LinkStatus[] }) {
  const { links } = useStore();
  const [asking, setAsking] = useState<Action>();
  const id = useId();
  const selected = all.filter(({ name }) => links.selected.value.has(name));
  const acting = links.acting.value;
  const told = links.toldOfAll.value;
  const act = (action: Action): void => {
    setAsking(undefined);
    const names = fitting(action, selected).map(({ name }) => name);
    void links.actOnAll(action, names);
  };
  return (
    <div class="md-bulk" role="group" aria-label={t('Chosen links')}>
      <strong>{tn(selected.length, '{count} link chosen', '{count} links chosen')}</strong>
      {bulkActions.map((action) => {
        const chosen = fitting(action, selected);
        const isCostly = costOf(action, chosen, all) !== undefined;
        return (
          <Button
            key={action}
            isIdle={acting !== undefined || chosen.length === 0}
            describedBy={acting ? id : undefined}
            onClick={() => (isCostly ? setAsking(action) : act(action))}
          >
            {labelOf(action)} ({chosen.length}){isCostly && '…'}
          </Button>
        );
      })}
      <Button
        onClick={() => {
          links.selected.value = new Set();
        }}
      >
        {t('Choose none')}
      </Button>
      <p id={id} class={told?.failed.length ? 'md-told md-told-bad' : 'md-told'} role="status">
        {acting?.count !== undefined
          ? describeBulkUnderWay({ ...acting, place: acting.place ?? 1, count: acting.count })
          : !acting && told && describeBulk(told)}
      </p>
      {asking && <Question action={asking} chosen={fitting(asking, selected)} all={all} onYes={() => act(asking)} onNo={() => setAsking(undefined)} />}
    </div>
  );
}

export { BulkActions as Part };
