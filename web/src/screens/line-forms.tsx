// All lines, a form each.
import type { Complaints, LineDraft } from '../model/draft.ts';
import { LineForm } from './line-form.tsx';
import { useStore } from './store-context.ts';

export function LineForms({ isStrict }: { isStrict: boolean }) {
  const { setup, session } = useStore();
  const config = setup.config.value;
  const lines = setup.lines.value;
  const { ports, sections } = config.state === 'ready' ? config.value : { ports: [], sections: [] };
  const interfaces = [...new Set(ports.flatMap(({ usedBy }) => usedBy))];
  /** What the agent says gives way to what the schema says of the same field. */
  const complaintsOf = (line: LineDraft): Complaints => ({
    ...Object.fromEntries(setup.toldOf('line', line).map((problem) => [problem.option ?? 'name', problem])),
    ...setup.complaints.value.get(line.key),
  });
  return (
    <>
      {lines.map((line) => (
        <LineForm
          key={line.key}
          value={line}
          stored={sections.find(({ type, name }) => !line.isNew && type === 'line' && name === line.key)?.options ?? {}}
          ports={ports}
          interfaces={interfaces}
          isStrict={isStrict}
          disabled={!session.rights.value.write}
          complaints={complaintsOf(line)}
          onChange={(next) => {
            setup.lines.value = lines.map((each) => (each.key === line.key ? next : each));
          }}
          onRemove={
            lines.length > 1 || !line.isNew
              ? () => {
                  setup.lines.value = lines.filter((each) => each.key !== line.key);
                }
              : undefined
          }
          onDuplicate={() => setup.addLine(line)}
        />
      ))}
    </>
  );
}
