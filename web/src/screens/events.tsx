// Events: what happened since the router was started, by link, kind and words.
import { useEffect } from 'preact/hooks';
import { describeHappening, topicName } from '../model/event-words.ts';
import { describeFault } from '../model/sentences.ts';
import { everything, isFiltered, linksIn, select, topics, type Happening, type Topic } from '../model/timeline.ts';
import { t, tn } from '../t.ts';
import { Button } from '../widgets/button.tsx';
import { EventList } from '../widgets/event-list.tsx';
import { SelectField, TextField } from '../widgets/field.tsx';
import { Notice } from '../widgets/notice.tsx';
import { useStore } from './store-context.ts';

function Filter({ happenings }: { happenings: readonly Happening[] }) {
  const { watching, live } = useStore();
  const filter = watching.filter.value;
  const names = linksIn(happenings, [...(live.status.value?.links.map(({ name }) => name) ?? []), ...(filter.link ? [filter.link] : [])]);
  return (
    <div class="md-grid md-filter">
      <SelectField
        label={t('Link')}
        value={filter.link}
        onChange={(link) => {
          watching.filter.value = { ...filter, link };
        }}
        choices={[{ value: '', label: t('All links') }, ...names.map((name) => ({ value: name, label: name }))]}
      />
      <SelectField
        label={t('Kind')}
        value={filter.topic}
        onChange={(topic) => {
          watching.filter.value = { ...filter, topic: topic as Topic | '' };
        }}
        choices={[{ value: '', label: t('Everything') }, ...(Object.keys(topics) as Topic[]).map((topic) => ({ value: topic, label: topicName(topic) }))]}
      />
      <TextField
        label={t('Words')}
        value={filter.text}
        onChange={(text) => {
          watching.filter.value = { ...filter, text };
        }}
      />
    </div>
  );
}

function Found({ happenings }: { happenings: readonly Happening[] }) {
  const { watching } = useStore();
  const filter = watching.filter.value;
  const found = select(happenings, filter, describeHappening);
  const count =
    found.length === happenings.length
      ? tn(found.length, '{count} event since the router was started.', '{count} events since the router was started.')
      : t('{found} of {all} events.', { found: found.length, all: happenings.length });
  return (
    <>
      <p class="md-muted" role="status">
        {found.length > 0
          ? count
          : filter.text.trim()
            ? t('No event of this kind and link has “{text}” in it.', { text: filter.text.trim() })
            : t('No event is of this kind and link.')}
      </p>
      {found.length === 0 && isFiltered(filter) && (
        <Button
          onClick={() => {
            watching.filter.value = everything;
          }}
        >
          {t('Show all')}
        </Button>
      )}
      <EventList key={`${filter.link} ${filter.topic} ${filter.text}`} happenings={found} />
    </>
  );
}

export function EventsScreen() {
  const { watching } = useStore();
  useEffect(() => watching.followEvents(), []);
  const events = watching.events.value;
  if (events.state === 'failed') return <Notice tone="bad">{describeFault(events.fault)}</Notice>;
  if (events.state !== 'ready')
    return (
      <p class="md-muted" role="status">
        {t('Asking the router…')}
      </p>
    );
  const { happenings } = events.value;
  if (happenings.length === 0)
    return (
      <div class="md-empty">
        <h2>{t('Nothing has happened yet')}</h2>
        <p>{t('Links that come and go, probes without an answer, what is done by hand and what is applied is told here, since the router was started.')}</p>
        <p class="md-muted">{t('Where option watch is 0, nobody watches the links, and only what is applied or done by hand is told.')}</p>
      </div>
    );
  return (
    <>
      <Filter happenings={happenings} />
      <Found happenings={happenings} />
    </>
  );
}

export { EventsScreen as Part };
