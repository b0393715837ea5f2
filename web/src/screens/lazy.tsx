// Parts of the page that are fetched when first shown, so that the first load does not carry them.
import type { ComponentType } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Notice } from '../widgets/notice.tsx';

type Loading<P> = { part?: ComponentType<P>; hasFailed: boolean };

/** A component that stands for the one that `load` brings. A router that is gone, or has another version now, is said so. */
export function lazy<P extends object>(load: () => Promise<{ Part: ComponentType<P> }>): ComponentType<P> {
  let known: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [{ part: Part = known, hasFailed }, set] = useState<Loading<P>>({ hasFailed: false });
    const [attempt, setAttempt] = useState(0);
    // Before anything is drawn: what was fetched with another part is there at once.
    useLayoutEffect(() => {
      if (known) return;
      load().then(
        ({ Part: loaded }) => {
          known = loaded;
          set({ part: loaded, hasFailed: false });
        },
        () => set({ hasFailed: true }),
      );
    }, [attempt]);
    if (Part) return <Part {...props} />;
    if (hasFailed)
      return (
        <Notice tone="bad">
          {t('This part of the page could not be fetched. If trying again does not help, load the page anew: the router may have another version now.')}{' '}
          <Button onClick={() => setAttempt(attempt + 1)}>{t('Try again')}</Button>
        </Notice>
      );
    return (
      <p class="md-muted" role="status">
        {t('Loading…')}
      </p>
    );
  };
}
