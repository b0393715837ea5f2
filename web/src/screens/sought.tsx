// Leads to the form's field that a finding of the doctor's is about.
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { useStore } from './store-context.ts';

export function Sought({ form }: { form: RefObject<HTMLFormElement | null> }) {
  const { mending, setup } = useStore();
  const sought = mending.sought.value;
  useEffect(() => {
    if (!sought) return undefined;
    setup.sections.kind.value = 'line';
    // After the screen's title had the focus, as on each new screen.
    const frame = requestAnimationFrame(() => {
      const name = `line.${sought.line}.${sought.option}`;
      const field = [...(form.current?.elements ?? [])].find((element) => element.getAttribute('name') === name);
      mending.sought.value = undefined;
      if (!(field instanceof HTMLElement)) return;
      const closed = field.closest('details');
      if (closed) closed.open = true;
      field.focus();
      field.scrollIntoView({ block: 'center' });
    });
    return () => cancelAnimationFrame(frame);
  }, [sought]);
  return null;
}
