// A button with the weight it has in the page; LuCI's own classes let its theme draw it.
import type { ComponentChildren } from 'preact';

type Props = {
  kind?: 'plain' | 'primary' | 'danger';
  type?: 'button' | 'submit';
  disabled?: boolean;
  /** It does nothing for now, but keeps the focus that it may have. Say why nearby, in the element `describedBy`. */
  isIdle?: boolean;
  describedBy?: string | undefined;
  onClick?: () => void;
  children: ComponentChildren;
};

const luciClass = { plain: 'cbi-button-neutral', primary: 'cbi-button-apply important', danger: 'cbi-button-negative' } as const;

export function Button({ kind = 'plain', type = 'button', disabled = false, isIdle = false, describedBy, onClick, children }: Props) {
  return (
    <button
      type={type}
      class={`md-button md-${kind} btn cbi-button ${luciClass[kind]}`}
      disabled={disabled}
      aria-disabled={isIdle || undefined}
      aria-describedby={describedBy}
      onClick={(event) => {
        if (isIdle) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
}
