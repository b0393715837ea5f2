// The links with state, quality and live rates: sorted by any column, chosen by boxes; a table where there is room, cards where there is not.
import { useRef } from 'preact/hooks';
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { toSeries } from '../model/history.ts';
import { columnName, columnsOf, press, shareOf, toOrder, type Column, type Order, type Sort } from '../model/link-order.ts';
import type { Rate, Rates } from '../model/rates.ts';
import { t } from '../t.ts';
import { Figure } from './figure.tsx';
import { LinkRow } from './link-row.tsx';
import { useLater } from './use-later.ts';

const NO_RATE: Rate = { downBps: null, upBps: null };

/** `onSelect` chooses these too, or no longer. */
type Selection = { selected: ReadonlySet<string>; onSelect: (names: readonly string[], isSelected: boolean) => void };

type Props = {
  links: readonly LinkStatus[];
  /** The agent's clock when it told of them. */
  atMs: number;
  rates: Rates | undefined;
  opened?: string | undefined;
  onToggle?: ((name: string) => void) | undefined;
  sort: Sort;
  onSort: (next: Sort) => void;
  /** undefined: nothing can be done to them, so none is chosen. */
  selection: Selection | undefined;
};

function Heads({ columns, sort, onSort }: { columns: readonly Column[]; sort: Sort; onSort: (next: Sort) => void }) {
  return (
    <>
      {columns.map((column) => (
        <th
          key={column}
          role="columnheader"
          scope="col"
          class={`md-cell-${column}`}
          aria-sort={sort.column !== column ? undefined : sort.isDescending ? 'descending' : 'ascending'}
        >
          <button type="button" class="md-sort" onClick={() => onSort(press(sort, column))}>
            {columnName(column)}
          </button>
        </th>
      ))}
    </>
  );
}

function ChooseAll({ names, selected, onSelect }: Selection & { names: readonly string[] }) {
  const count = names.filter((name) => selected.has(name)).length;
  return (
    <th role="columnheader" scope="col" class="md-cell-pick">
      <input
        type="checkbox"
        aria-label={t('Choose all links')}
        checked={count === names.length}
        indeterminate={count > 0 && count < names.length}
        onChange={() => onSelect(names, count < names.length)}
      />
    </th>
  );
}

/** Rows in an order that holds while somebody is at one of them. */
function useRows({ links, rates, atMs, sort }: Pick<Props, 'links' | 'rates' | 'atMs' | 'sort'>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const order = useRef<Order | undefined>(undefined);
  const isHeld = body.current?.matches(':hover, :focus-within') ?? false;
  order.current = toOrder(order.current, { links, sort, rates, atMs, isHeld });
  const rows = new Map(links.map((link, index) => [link.name, { link, series: toSeries(index) }]));
  return { body, rows: order.current.names.flatMap((name) => rows.get(name) ?? []) };
}

export function LinkTable({ links, atMs, rates, opened, onToggle, sort, onSort, selection }: Props) {
  const rateOf = (link: LinkStatus): Rate => rates?.links.get(link.name) ?? NO_RATE;
  const mostOf = (direction: keyof Rate): number => Math.max(0, ...links.map((link) => rateOf(link)[direction] ?? 0));
  const [mostDown, mostUp] = [mostOf('downBps'), mostOf('upBps')];
  const hasWeight = links.some(({ weight }) => weight !== links[0]?.weight);
  const columns = columnsOf(links);
  const { body, rows } = useRows({ links, rates, atMs, sort: useLater(sort) });
  const selected = useLater(selection?.selected);
  return (
    // The roles stay when a narrow page turns rows into cards by CSS, which costs a table its meaning otherwise.
    <table role="table" class="md-links">
      <caption class="md-hidden">{t('Links')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {selection && <ChooseAll names={links.map(({ name }) => name)} {...selection} />}
          <Heads columns={columns} sort={sort} onSort={onSort} />
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        {rows.map(({ link, series }) => (
          <LinkRow
            key={link.name}
            link={link}
            columns={columns}
            atMs={atMs}
            series={series}
            rate={rateOf(link)}
            share={shareOf(link, rates)}
            hasWeight={hasWeight}
            mostDown={mostDown}
            mostUp={mostUp}
            isOpen={link.name === opened}
            isSelected={selected?.has(link.name) ?? false}
            onToggle={onToggle}
            onSelect={selection?.onSelect}
          />
        ))}
      </tbody>
      <tfoot role="rowgroup">
        <tr role="row">
          <th role="rowheader" scope="row" colSpan={columns.length - 3 + (selection ? 1 : 0)}>
            {t('Sum')}
          </th>
          <td role="cell" class="md-cell-carries" />
          <td role="cell" data-label={t('Download')} class="md-cell-down">
            <Figure bps={rates?.total.downBps ?? null} />
          </td>
          <td role="cell" data-label={t('Upload')} class="md-cell-up">
            <Figure bps={rates?.total.upBps ?? null} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
