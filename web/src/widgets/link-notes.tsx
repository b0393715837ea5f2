// What is unusual of a link, each with what to do about it.
import type { LinkStatus } from '../../../agent/src/contract/index.ts';
import { gapAfter } from '../model/format.ts';
import { notesOf } from '../model/link-words.ts';

export function LinkNotes({ link, atMs }: { link: LinkStatus; atMs: number }) {
  return (
    <>
      {notesOf(link, atMs).map(({ text, advice }, place) => (
        <span key={place} class="md-reason">
          {text}
          {gapAfter(text)}
          <span class="md-muted">{advice}</span>
        </span>
      ))}
    </>
  );
}
