// The panel of one link: its state in words, what can be done to it, and what was measured of it.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { everything } from '../model/timeline.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { LinkFacts } from '../widgets/link-facts.tsx';
import { LinkNotes } from '../widgets/link-notes.tsx';
import { ProbeMark } from '../widgets/probe-mark.tsx';
import { StateMark } from '../widgets/state-mark.tsx';
import { useDrawn } from '../widgets/use-later.ts';
import { LinkActions } from './link-actions.tsx';
import { LinkHistory } from './link-history.tsx';
import { useStore } from './store-context.ts';

type Props = { link: LinkStatus; atMs: number; onClose: () => void };

export function LinkPanel({ link, atMs, onClose }: Props) {
  const { session, screen, watching } = useStore();
  const title = useRef<HTMLHeadingElement>(null);
  const isDrawn = useDrawn();
  // Somebody has just asked for it: reading goes on here. At once, before anything in it can be pressed.
  useLayoutEffect(() => title.current?.focus(), []);
  function showEvents(): void {
    watching.filter.value = { ...everything, link: link.name };
    screen.value = 'events';
  }
  return (
    <section class="md-panel" aria-labelledby="md-panel-title">
      <div class="md-section-head">
        <h2 id="md-panel-title" ref={title} tabIndex={-1}>
          {t('Link {name}', { name: link.name })}
        </h2>
        <Button onClick={onClose}>{t('Close')}</Button>
      </div>
      <p class="md-states">
        <StateMark state={link.state} />
        <ProbeMark link={link} />
      </p>
      <LinkNotes link={link} atMs={atMs} />
      {isDrawn && (
        <>
          <LinkFacts link={link} />
          {session.rights.value.write && <LinkActions link={link} />}
          <LinkHistory name={link.name} />
          <Button onClick={showEvents}>{t('Events of {name}', { name: link.name })}</Button>
        </>
      )}
    </section>
  );
}

export { LinkPanel as Part };
