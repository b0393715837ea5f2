// The router as a picture: the LAN, the balance, each link as wide as it is busy, and the internet. A link in it opens its panel.
import { useMemo, useState } from 'preact/hooks';
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { toSeries } from '../model/history.ts';
import { layOut, type Layout, type Place } from '../model/picture-layout.ts';
import { bothWays, describePicture, flowOf, widthBy, wordOf, type Flow } from '../model/picture.ts';
import type { Rate, Rates } from '../model/rates.ts';
import { t } from '../t.ts';
import { Figure } from './figure.tsx';
import { memo } from './memo.tsx';
import { ProbeShape } from './probe-mark.tsx';
import { StateShape } from './state-mark.tsx';
import { useWidth } from './use-width.ts';

const NO_RATE: Rate = { downBps: null, upBps: null };
const TRUNK_PX = { wide: 26, narrow: 16 } as const;
/** A line that is drawn as two needs room between them. */
const HOLLOW_PX = 5;

/** 24 by 24, around their middle. */
const icons = {
  lan: 'M-10-1 0-9.5 10-1M-7-3.5V9H7V-3.5M-2.2 9V3h4.4v6',
  router: 'M-10 0H-4C1 0 0-7 5-7H9.5M-4 0C1 0 0 7 5 7H9.5M-4 0H9.5M7-9.5 9.8-7 7-4.5M7-2.5 9.8 0 7 2.5M7 4.5 9.8 7 7 9.5',
  internet: 'M-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0M-10 0H10M0-10C-6-5-6 5 0 10M0-10C6-5 6 5 0 10M-8.7-5H8.7M-8.7 5H8.7',
} as const;

const Node = memo(({ name, layout, label }: { name: keyof typeof icons; layout: Layout; label: string }) => {
  const { x, y } = layout[name];
  const { radius, isWide } = layout;
  const isLast = name === 'internet';
  const beside = { x: isLast ? -radius - 9 : radius + 9, y: 4.5, 'text-anchor': isLast ? ('end' as const) : ('start' as const) };
  const below = { x: 0, y: radius + 19, 'text-anchor': 'middle' as const };
  return (
    <g transform={`translate(${x} ${y})`}>
      {name === 'router' ? (
        <rect class="md-node" x={-radius} y={-radius} width={2 * radius} height={2 * radius} rx={9} />
      ) : (
        <circle class="md-node" r={radius} />
      )}
      <path class="md-icon" d={icons[name]} transform={isWide ? '' : 'scale(.82)'} />
      <text class="md-node-name" {...(isWide ? below : beside)}>
        {label}
      </text>
    </g>
  );
});

type LineProps = { place: Place; flow: Flow; series: number; width: number };

/** Whole where traffic flows, hollow at rest, dots before a dial, dashes with a cross where nothing comes through. */
const Line = memo(({ place: { into, out, cross }, flow, series, width }: LineProps) => {
  const paths = flow === 'down' ? [into] : [into, out];
  return (
    <g class={`md-flow md-flow-${flow} md-swatch-${series}`}>
      {paths.map((path) => (
        <path key={path} d={path} style={{ strokeWidth: flow === 'rests' ? Math.max(HOLLOW_PX, width) : width }} />
      ))}
      {flow === 'rests' &&
        paths.map((path) => <path key={`in ${path}`} class="md-hollow" d={path} style={{ strokeWidth: Math.max(HOLLOW_PX, width) - 2.4 }} />)}
      {(flow === 'silent' || flow === 'down') && (
        <>
          <circle class="md-cross-ground" cx={cross.x} cy={cross.y} r={7.5} />
          <path class="md-cross" d={`M${cross.x - 4} ${cross.y - 4}l8 8m0-8l-8 8`} />
        </>
      )}
    </g>
  );
});

function Shape({ link, flow }: { link: LinkStatus; flow: Flow }) {
  if (link.held) return <ProbeShape shape="held" />;
  if (flow === 'rests') return <ProbeShape shape={link.rest?.kind ?? 'pause'} />;
  if (flow === 'silent') return <ProbeShape shape="dead" />;
  if (flow === 'part') return <ProbeShape shape="part" />;
  return <StateShape state={link.state} />;
}

type StationProps = {
  link: LinkStatus;
  flow: Flow;
  layout: Layout;
  place: Place;
  rate: Rate;
  isOpen: boolean;
  hasStop: boolean;
  onOpen: (name: string) => void;
  onFocus: (name: string) => void;
};

const Station = memo(({ link, flow, layout, place: { station }, rate, isOpen, hasStop, onOpen, onFocus }: StationProps) => {
  const word = wordOf(link);
  return (
    <button
      type="button"
      class={`md-station md-station-${flow} md-state-${link.state}`}
      style={{ left: `${station.x}px`, top: `${station.y}px`, width: `${station.width}px`, height: `${station.height}px` }}
      aria-expanded={isOpen}
      tabIndex={hasStop ? 0 : -1}
      onClick={() => onOpen(link.name)}
      onFocus={() => onFocus(link.name)}
    >
      {/* What is seen changes each second and would be read anew each time; the image and the table say it too. */}
      <span class="md-hidden">{t('Show {link}', { link: link.name })}</span>
      <Shape link={link} flow={flow} />
      <span class="md-station-name" aria-hidden="true">
        {link.name}
      </span>
      {word === undefined ? (
        <span class="md-station-rates" aria-hidden="true">
          <span>
            ↓ <Figure bps={rate.downBps} />
          </span>
          {(!layout.isDense || station.width > 270) && (
            <span>
              ↑ <Figure bps={rate.upBps} />
            </span>
          )}
        </span>
      ) : (
        <span class="md-station-word" aria-hidden="true">
          {word}
        </span>
      )}
    </button>
  );
});

/** One stop of Tab for all links, however many there are; arrows go from one to the next. */
function useStop(names: readonly string[]) {
  const [stop, setStop] = useState<string>();
  const at = Math.max(0, names.indexOf(stop ?? ''));
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const buttons = (event.currentTarget as HTMLElement).querySelectorAll('button');
    buttons[Math.max(0, Math.min(names.length - 1, next))]?.focus();
  };
  return { at, setStop, onKeyDown };
}

type Props = {
  links: readonly LinkStatus[];
  rates: Rates | undefined;
  /** The most of late, both ways. */
  peakBps: number;
  opened: string | undefined;
  onOpen: (name: string) => void;
};

const Drawing = memo(({ links, rates, peakBps, layout, width }: Omit<Props, 'opened' | 'onOpen'> & { layout: Layout; width: number }) => {
  const flows = links.map(flowOf);
  const bps = links.map(({ name }) => bothWays(rates?.links.get(name) ?? NO_RATE));
  const widthOf = widthBy(peakBps, layout.isWide ? TRUNK_PX.wide : TRUNK_PX.narrow);
  const sumOf = (from: number, to: number): number => bps.slice(from, to + 1).reduce((sum, each) => sum + each, 0);
  return (
    <svg role="img" aria-label={describePicture(links, rates)} width={width} height={layout.height} viewBox={`0 0 ${width} ${layout.height}`}>
      {layout.places.map((place, index) => (
        <Line
          key={links[index]?.name}
          place={place}
          flow={flows[index] ?? 'idle'}
          series={toSeries(index)}
          width={['flows', 'part', 'rests'].includes(flows[index] ?? '') ? widthOf(bps[index] ?? 0) : 2}
        />
      ))}
      {layout.trunks.map(({ path, from, to }) => (
        <path key={path} class="md-trunk" d={path} style={{ strokeWidth: widthOf(sumOf(from, to)) }} />
      ))}
      <Node name="lan" layout={layout} label={t('LAN')} />
      <Node name="router" layout={layout} label={t('Router')} />
      <Node name="internet" layout={layout} label={t('Internet')} />
    </svg>
  );
});

export function Picture({ links, rates, peakBps, opened, onOpen }: Props) {
  const { element, width } = useWidth();
  const { at, setStop, onKeyDown } = useStop(links.map(({ name }) => name));
  const layout = useMemo(() => (width ? layOut(links.length, width) : undefined), [links.length, width]);
  return (
    <div
      ref={element}
      class={`md-picture${layout?.isDense ? ' md-dense' : ''}${layout?.isWide ? '' : ' md-narrow'}`}
      style={{ height: `${layout?.height ?? 0}px` }}
    >
      {layout && width && (
        <>
          <Drawing links={links} rates={rates} peakBps={peakBps} layout={layout} width={width} />
          <div role="toolbar" aria-label={t('Links in the picture')} aria-orientation="vertical" onKeyDown={onKeyDown}>
            {layout.places.map((place, index) => {
              const link = links[index];
              return (
                link && (
                  <Station
                    key={link.name}
                    link={link}
                    flow={flowOf(link)}
                    layout={layout}
                    place={place}
                    rate={rates?.links.get(link.name) ?? NO_RATE}
                    isOpen={link.name === opened}
                    hasStop={index === at}
                    onOpen={onOpen}
                    onFocus={setStop}
                  />
                )
              );
            })}
          </div>
        </>
      )}
    </div>
  );
}
