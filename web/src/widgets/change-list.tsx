// A plan's exact edits, as uci and the commands would say them.
import type { SystemChange, UciChange } from '../../../agent/src/contract/index.ts';
import { t, tn } from '../t.ts';

/** One edit in uci's own notation, with the sign of a diff. */
export function uciLine(change: UciChange): { sign: '+' | '−'; text: string } {
  const at = `${change.package}.${change.section}`;
  switch (change.op) {
    case 'section':
      return { sign: '+', text: `${at}=${change.type}` };
    case 'set':
      return { sign: '+', text: `${at}.${change.option}='${change.value}'` };
    case 'unset':
      return { sign: '−', text: change.option === undefined ? at : `${at}.${change.option}` };
    case 'list-add':
      return { sign: '+', text: `${at}.${change.option}+='${change.value}'` };
    case 'list-del':
      return { sign: '−', text: `${at}.${change.option}-='${change.value}'` };
    default:
      return change satisfies never;
  }
}

type Props = { uci: readonly UciChange[]; system: readonly SystemChange[] };

export function ChangeList({ uci, system }: Props) {
  return (
    <>
      {uci.length > 0 && (
        <details class="md-details">
          <summary>{tn(uci.length, '{count} edit of the configuration', '{count} edits of the configuration')}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <pre class="md-diff" tabIndex={0} role="region" aria-label={t('Edits of the configuration')}>
            {uci.map(uciLine).map(({ sign, text }) => (
              <span key={`${sign}${text}`} class={sign === '+' ? 'md-plus' : 'md-minus'}>{`${sign} ${text}\n`}</span>
            ))}
          </pre>
        </details>
      )}
      {system.length > 0 && (
        <details class="md-details">
          <summary>{tn(system.length, '{count} command', '{count} commands')}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <pre class="md-diff" tabIndex={0} role="region" aria-label={t('Commands')}>
            {system.map(({ tool, text }) => `${tool} ${text}`).join('\n')}
          </pre>
        </details>
      )}
    </>
  );
}
