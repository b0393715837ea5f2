// Routes: what the kernel has of routes, rules and nexthops in both families, whose each is, and what ours are for.
import { useEffect } from 'preact/hooks';
import { renderRoutes, type Owner, type RoutesReply } from '../../../agent/src/contract/index.ts';
import { formatMoment, gapAfter, isoMoment } from '../model/format.ts';
import { owners, ownerWord, partsOf, summariseRoutes } from '../model/routes-words.ts';
import { describeFault } from '../model/sentences.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { CopyBlock } from '../widgets/copy-block.tsx';
import { SelectField } from '../widgets/field.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ProblemList } from '../widgets/problem-list.tsx';
import { RoutesPartList } from '../widgets/routes-part.tsx';
import { useStore } from './store-context.ts';

function Found({ reply }: { reply: RoutesReply }) {
  const { routes } = useStore();
  const owner = routes.owner.value;
  const parts = partsOf(reply, owner);
  return (
    <>
      <ProblemList problems={reply.problems} />
      <div class="md-grid md-filter">
        <SelectField
          label={t('Whose')}
          value={owner}
          onChange={(value) => {
            routes.owner.value = value as Owner | '';
          }}
          choices={[{ value: '', label: t('Everybody’s') }, ...owners.map((each) => ({ value: each, label: ownerWord(each) }))]}
        />
      </div>
      {parts.length === 0 && <p class="md-muted">{t('There is nothing of theirs.')}</p>}
      {parts.map((part) => (
        <RoutesPartList key={`${part.kind} ${part.family} ${part.table}`} part={part} />
      ))}
      <CopyBlock
        label={t('Copy all as text')}
        remark={t('It holds addresses of this router.')}
        text={() => renderRoutes(reply, ({ message = '' }) => message)}
      />
    </>
  );
}

export function RoutesScreen() {
  const { routes } = useStore();
  const found = routes.found.value;
  const isLooking = routes.isLooking.value;
  useEffect(() => {
    void routes.look();
  }, []);
  return (
    <>
      <p class="md-muted md-lead">
        {t('What the kernel has now: the routes and rules of multidial and what each is for, links’ own routes by netifd, and what others have set.')}
      </p>
      <div class="md-actions md-look">
        <Button kind="primary" isIdle={isLooking} describedBy={isLooking ? 'md-looked' : undefined} onClick={() => void routes.look()}>
          {t('Look again')}
        </Button>
        <p id="md-looked" class="md-told" role="status">
          {isLooking
            ? t('Asking the router…')
            : found.state === 'ready' && (
                <>
                  {summariseRoutes(found.value.reply)}
                  {gapAfter(summariseRoutes(found.value.reply))}
                  <time dateTime={isoMoment(found.value.atS)}>{t('Looked at {time}.', { time: formatMoment(found.value.atS) })}</time>
                </>
              )}
        </p>
      </div>
      {found.state === 'failed' && !isLooking && <Notice tone="bad">{describeFault(found.fault)}</Notice>}
      {found.state === 'ready' && <Found reply={found.value.reply} />}
    </>
  );
}

export { RoutesScreen as Part };
