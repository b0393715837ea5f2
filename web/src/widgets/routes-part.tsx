// Some routes, rules or nexthops: whose each is, in the words of ip, and what ours are for.
import type { RoutesPart } from '../../../agent/src/contract/index.ts';
import { describeRow, ownerWord, partTitle } from '../model/routes-words.ts';

export function RoutesPartList({ part }: { part: RoutesPart }) {
  return (
    <section>
      <h2>{partTitle(part)}</h2>
      <ul class="md-kernel">
        {part.rows.map((row, place) => (
          <li key={place} class={`md-owner-${row.owner}`}>
            <span class="md-owner">{ownerWord(row.owner)}</span>
            <code>{row.words}</code>
            <span class="md-muted">{describeRow(row)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
