// Redial, drain, pause and resume of one link: with a question where connections are cut, and told how it went.
import { useId, useState } from 'preact/hooks';
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { joinSentences } from '../model/format.ts';
import { actionsOf, describeOutcome, describeUnderWay, isCutting, labelOf, obstacleTo, type Action } from '../model/link-actions.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Dialog } from '../widgets/dialog.tsx';
import { useStore } from './store-context.ts';

export function LinkActions({ link }: { link: LinkStatus }) {
  const { links } = useStore();
  const [asking, setAsking] = useState<Action>();
  const id = useId();
  const acting = links.acting.value;
  const told = links.told.value?.link === link.name ? links.told.value : undefined;
  const actions = actionsOf(link);
  const obstacles = actions.flatMap((action) => obstacleTo(action, link) ?? []);
  const act = (action: Action): void => {
    setAsking(undefined);
    void links.act(action, link.name);
  };
  return (
    <>
      <div class="md-actions md-link-actions">
        {actions.map((action) => (
          <Button
            key={action === 'resume' ? 'pause' : action}
            isIdle={acting !== undefined || obstacleTo(action, link) !== undefined}
            describedBy={acting || obstacleTo(action, link) ? id : undefined}
            onClick={() => (isCutting(action, link) ? setAsking(action) : act(action))}
          >
            {labelOf(action)}
            {isCutting(action, link) && '…'}
          </Button>
        ))}
      </div>
      {/* Always there, so that what is put into it is read aloud. */}
      <p id={id} class={told?.fault ? 'md-told md-told-bad' : 'md-told'} role="status">
        {acting ? describeUnderWay(acting) : told ? describeOutcome(told) : <span class="md-muted">{joinSentences(obstacles)}</span>}
      </p>
      {asking && (
        <Dialog title={t('Redial {link}?', { link: link.name })} onCancel={() => setAsking(undefined)}>
          <p>{t('It hangs up at once: its connections are cut. New ones take the other links meanwhile.')}</p>
          <p class="md-muted">{t('Drain does the same once its connections are over.')}</p>
          <div class="md-actions">
            <Button kind="danger" onClick={() => act(asking)}>
              {t('Redial')}
            </Button>
            <Button onClick={() => setAsking(undefined)}>{t('Cancel')}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
