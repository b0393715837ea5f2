// The weights of all links side by side: the one thing of a link that is changed often.
import { schema } from '../../../agent/src/contract/index.ts';
import { linksOf } from '../model/known-names.ts';
import { describeAtField } from '../model/sentences.ts';
import { t } from '../t.ts';
import { TextField } from '../widgets/field.tsx';
import { useStore } from './store-context.ts';

export function LinkWeights() {
  const { setup, session } = useStore();
  const { sections, lines } = setup;
  const links = linksOf(lines.value, sections.drafts.value);
  if (links.length === 0) return null;
  return (
    <fieldset class="md-line md-weights">
      <legend>{t('Weights')}</legend>
      <p class="md-muted">{t(schema.link.weight.help)}</p>
      <div class="md-grid">
        {links.map((link) => {
          const draft = sections.drafts.value.find(({ type, name }) => type === 'link' && name === link.name);
          const stored = draft?.options['weight'] ?? '';
          const problem = draft && sections.complaints.value.get(draft.key)?.['weight'];
          return (
            <TextField
              key={link.name}
              label={t('Weight of {name}', { name: link.name })}
              inputMode="numeric"
              value={typeof stored === 'string' ? stored : stored.join(' ')}
              placeholder={link.weight}
              error={problem && describeAtField(problem)}
              disabled={!session.rights.value.write}
              onChange={(weight) => sections.setWeight(link.name, weight)}
            />
          );
        })}
      </div>
    </fieldset>
  );
}
