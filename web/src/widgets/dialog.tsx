// A modal dialog: focus goes in, Escape cancels, focus comes back. The browser's own <dialog> does all three.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

type Props = { title: string; onCancel: () => void; children: ComponentChildren };

export function Dialog({ title, onCancel, children }: Props) {
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  // Before the browser draws: it would give the focus to a field with autofocus, and the opener were forgotten.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    element.current?.showModal();
    return () => {
      // Once the dialog is gone: what lies below an open one takes the focus, but no letters.
      queueMicrotask(() => {
        if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
      });
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="md-dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
