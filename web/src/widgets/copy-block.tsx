// A longer text that is copied as a whole, and shown as it was copied: for a forum, or for whoever is asked.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { joinSentences } from '../model/format.ts';
import { t } from '../t.ts';
import { Button } from './button.tsx';
import { copy } from './copy-text.tsx';

type Props = {
  /** Of the button, as in "Copy report as text". */
  label: string;
  /** What it says besides, once it is shown. */
  remark?: string;
  text: () => string;
};

export function CopyBlock({ label, remark, text }: Props) {
  const block = useRef<HTMLPreElement>(null);
  const [shown, setShown] = useState<{ text: string }>();
  const [outcome, setOutcome] = useState('');
  useLayoutEffect(() => {
    if (!shown || !block.current) return;
    void copy(block.current, shown.text).then((isDone) => setOutcome(isDone ? t('Copied.') : t('Marked: copy it with Ctrl+C.')));
  }, [shown]);
  return (
    <section class="md-copy-block">
      <div class="md-actions md-look">
        <Button onClick={() => setShown({ text: text() })}>{label}</Button>
        <p class="md-told" role="status">
          {joinSentences([outcome, outcome && remark])}
        </p>
      </div>
      {shown && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <pre ref={block} class="md-diff" tabIndex={0} role="region" aria-label={t('What was copied')}>
          {shown.text}
        </pre>
      )}
    </section>
  );
}
