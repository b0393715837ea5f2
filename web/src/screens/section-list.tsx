// The sections of one kind as a list: each opens to its form; add, duplicate, remove, put back, and move by keys or by hand.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { addWords, isOrdered, kindHelp, summaryOf } from '../model/kind-words.ts';
import { toKnown } from '../model/known-names.ts';
import type { Kind, SectionDraft } from '../model/section-draft.ts';
import { t } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { Grip } from '../widgets/grip.tsx';
import { focusMistake } from './focus-mistake.ts';
import { LinkWeights } from './link-weights.tsx';
import { SectionForm } from './section-form.tsx';
import { useStore } from './store-context.ts';

/** `isSought`: lead to the first mistake once the form is there, and say so by `onFound`. */
export type SectionListProps = { kind: Kind; isStrict: boolean; isSought: boolean; onFound: () => void };

const rowOf = (key: string): string => `[data-key="${CSS.escape(key)}"]`;

/** What was pressed may be gone or elsewhere after the next drawing: the focus goes on where the work does. */
function useFocus() {
  const list = useRef<HTMLDivElement>(null);
  const wanted = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    list.current?.querySelector<HTMLElement>(wanted.current)?.focus();
    wanted.current = undefined;
  });
  const focusNext = (selector: string): void => {
    wanted.current = selector;
  };
  return { list, focusNext };
}

type RowProps = {
  draft: SectionDraft;
  place: number;
  count: number;
  isStrict: boolean;
  focusNext: (selector: string) => void;
  onTold: (sentence: string) => void;
};

function Moves({ draft, place, count, focusNext, onTold }: RowProps) {
  const { sections } = useStore().setup;
  const { name, key } = draft;
  const step = (by: -1 | 1): void => {
    sections.move(draft, by);
    focusNext(`${rowOf(key)} .${by < 0 ? 'md-up' : 'md-down'} button`);
    onTold(t('{name} is now number {place} of {count}.', { name, place: place + 1 + by, count }));
  };
  return (
    <div class="md-moves">
      <span class="md-up">
        <Button isIdle={place === 0} onClick={() => step(-1)}>
          <span aria-hidden="true">↑</span>
          <span class="md-hidden">{t('Move {name} up', { name })}</span>
        </Button>
      </span>
      <span class="md-down">
        <Button isIdle={place === count - 1} onClick={() => step(1)}>
          <span aria-hidden="true">↓</span>
          <span class="md-hidden">{t('Move {name} down', { name })}</span>
        </Button>
      </span>
    </div>
  );
}

function RowActions({ draft, focusNext, onTold }: RowProps) {
  const { sections } = useStore().setup;
  const { name, key } = draft;
  const state = sections.stateOf(draft);
  return (
    <div class="md-actions">
      {state === 'changed' && (
        <Button
          onClick={() => {
            sections.undo(draft);
            focusNext(`${rowOf(key)} summary`);
            onTold(t('Changes of {name} were undone.', { name }));
          }}
        >
          {t('Undo changes of {name}', { name })}
        </Button>
      )}
      {draft.type !== 'globals' && (
        <>
          <Button onClick={() => focusNext(`${rowOf(sections.duplicate(draft))} input`)}>{t('Duplicate {name}', { name })}</Button>
          <Button
            onClick={() => {
              sections.remove(draft);
              focusNext(state === 'new' ? '.md-add button' : `${rowOf(key)} button`);
            }}
          >
            {t('Remove {name}', { name })}
          </Button>
        </>
      )}
    </div>
  );
}

function Row(props: RowProps) {
  const { setup, session } = useStore();
  const { draft, isStrict, count } = props;
  const { sections, config, lines } = setup;
  const { key, name, type } = draft;
  const canWrite = session.rights.value.write;
  const state = sections.stateOf(draft);
  const complaints = sections.complaints.value.get(key) ?? {};
  const told = setup.toldOf(type, draft);
  const mistakes = Object.values(complaints).filter(({ code }) => isStrict || code !== 'option_missing').length + told.length;
  const isOpen = sections.open.value.has(key) || type === 'globals';
  const ports = config.value.state === 'ready' ? config.value.value.ports : [];
  return (
    <li class="md-item" data-key={key}>
      {canWrite && isOrdered(type) && count > 1 && (
        <>
          <Grip onMove={(by) => sections.move(draft, by)} />
          <Moves {...props} />
        </>
      )}
      <details
        class="md-item-body"
        open={isOpen}
        onToggle={({ currentTarget, target }) => {
          // The details within tell of themselves too.
          if (target === currentTarget && currentTarget.open !== sections.open.value.has(key)) sections.toggle(key, currentTarget.open);
        }}
      >
        <summary>
          <strong>{name}</strong>
          {state === 'new' && <span class="md-tag">{t('new')}</span>}
          {state === 'changed' && <span class="md-tag">{t('changed')}</span>}
          {mistakes > 0 && <span class="md-tag md-tag-bad">{t('look here')}</span>} <span class="md-muted md-summary">{summaryOf(draft)}</span>
        </summary>
        {isOpen && (
          <>
            <SectionForm
              value={draft}
              onChange={sections.change}
              stored={sections.storedOf(key)}
              complaints={complaints}
              told={told}
              known={toKnown(lines.value, sections.drafts.value, ports)}
              isStrict={isStrict}
              disabled={!canWrite}
            />
            {canWrite && <RowActions {...props} />}
          </>
        )}
      </details>
    </li>
  );
}

function Removed({ draft, focusNext }: { draft: SectionDraft; focusNext: (selector: string) => void }) {
  const { setup, session } = useStore();
  const { key, name } = draft;
  return (
    <li class="md-item" data-key={key}>
      <span class="md-item-body">
        <s>{name}</s> <span class="md-tag">{t('will be removed')}</span>
      </span>
      {session.rights.value.write && (
        <Button
          onClick={() => {
            setup.sections.undo(draft);
            focusNext(`${rowOf(key)} summary`);
          }}
        >
          {t('Put {name} back', { name })}
        </Button>
      )}
    </li>
  );
}

export function Part({ kind, isStrict, isSought, onFound }: SectionListProps) {
  const { setup, session } = useStore();
  const { sections } = setup;
  const { list, focusNext } = useFocus();
  const [told, setTold] = useState('');
  const drafts = sections.drafts.value.filter(({ type }) => type === kind);
  const removed = sections.removed.value.filter(({ type }) => type === kind);
  useEffect(() => {
    if (!isSought) return;
    focusMistake(list.current);
    onFound();
  });
  return (
    <div ref={list}>
      <p class="md-muted md-lead">{kindHelp()[kind]}</p>
      {kind === 'link' && <LinkWeights />}
      {drafts.length + removed.length > 0 && (
        <ol class="md-items">
          {drafts.map((draft, place) => (
            <Row key={draft.key} {...{ draft, place, isStrict, focusNext }} count={drafts.length} onTold={setTold} />
          ))}
          {removed.map((draft) => (
            <Removed key={draft.key} draft={draft} focusNext={focusNext} />
          ))}
        </ol>
      )}
      <p class="md-hidden" role="status">
        {told}
      </p>
      {session.rights.value.write && kind !== 'globals' && (
        <div class="md-add">
          <Button onClick={() => focusNext(`${rowOf(sections.add(kind))} input`)}>{addWords()[kind]}</Button>
        </div>
      )}
    </div>
  );
}
