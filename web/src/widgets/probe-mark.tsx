// What the probes say of a link, and whether it rests, by shape and word beside netifd's state.
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { describeProbe, describeQuality, toProbeWord, type ProbeWord } from '../model/link-words.ts';
import { t } from '../t.ts';
import { memo } from './memo.tsx';

/** A pulse, one that ends, a flat line with a cross, a dotted line: told apart in grey too. */
const shapes: Record<ProbeWord, preact.JSX.Element> = {
  alive: <path d="M.5 8.5h4L6.5 3l3 10 2-4.5h4" />,
  part: (
    <>
      <path d="M.5 8.5h3L5 4l2 8 1.5-3.5" />
      <path d="M10.5 8.5h5" stroke-dasharray="1.6 1.8" />
    </>
  ),
  dead: <path d="M.5 8.5h3m9 0h3M5.5 6l5 5m0-5-5 5" />,
  unheard: <path d="M.5 8.5h15" stroke-dasharray="1.6 1.8" />,
};

const resting = {
  pause: <path d="M5.5 3v10m5-10v10" />,
  drain: <path d="M8 2v8M4.5 7 8 10.5 11.5 7M3 14h10" />,
  held: <path d="M4 2h8M4 14h8M5 2c0 5 6 7 6 12M11 2c0 5-6 7-6 12" />,
};

/** The shape alone, of a word or of a rest. */
export const ProbeShape = memo(({ shape }: { shape: ProbeWord | keyof typeof resting }) => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8">
    {{ ...shapes, ...resting }[shape]}
  </svg>
));

const Mark = memo(({ name, shape, word }: { name: string; shape: ProbeWord | keyof typeof resting; word: string }) => (
  <span class={`md-state md-${name}`}>
    <ProbeShape shape={shape} />
    {word}
  </span>
));

type Props = {
  link: LinkStatus;
  /** Loss and latency stand elsewhere. */
  isBrief?: boolean;
};

export function ProbeMark({ link, isBrief = false }: Props) {
  const word = toProbeWord(link);
  const quality = isBrief ? '' : describeQuality(link);
  return (
    <>
      {word && <Mark name={`probe-${word}`} shape={word} word={describeProbe(link) ?? ''} />}
      {link.rest?.kind === 'pause' && <Mark name="rest" shape="pause" word={t('paused')} />}
      {link.rest?.kind === 'drain' && <Mark name="rest" shape="drain" word={t('drains')} />}
      {link.held && <Mark name="held" shape="held" word={t('waits')} />}
      {quality && <span class="md-quality md-muted md-figure">{quality}</span>}
    </>
  );
}
