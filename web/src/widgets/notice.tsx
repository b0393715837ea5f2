// A box with something to know: plain, good, or bad; bad ones are announced at once.
import type { ComponentChildren } from 'preact';

type Props = { tone?: 'plain' | 'good' | 'bad'; children: ComponentChildren };

export function Notice({ tone = 'plain', children }: Props) {
  return (
    <div class={`md-notice md-notice-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
