// A command as text with a button that copies it.
import { useRef, useState } from 'preact/hooks';
import { t } from '../t.ts';

/** A router is reached over plain HTTP, where browsers give a page no clipboard: there the text is marked and copied the old way. */
export async function copy(element: HTMLElement, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return document.execCommand('copy');
  }
}

export function CopyText({ text }: { text: string }) {
  const code = useRef<HTMLElement>(null);
  const [outcome, setOutcome] = useState('');
  async function press(): Promise<void> {
    if (!code.current) return;
    setOutcome((await copy(code.current, text)) ? t('copied') : t('marked: copy it with Ctrl+C'));
  }
  return (
    <span class="md-command">
      <code ref={code}>{text}</code>{' '}
      <button type="button" class="md-copy" aria-label={t('Copy {text}', { text })} onClick={() => void press()}>
        {t('Copy')}
      </button>
      <span class="md-muted" role="status">
        {outcome && ` ${outcome}`}
      </span>
    </span>
  );
}
