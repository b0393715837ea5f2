// The three questions of the wizard, each with its fields, help and complaints.
import { MAX_SESSIONS, schema, type ConfigReply, type PppoeInterface, type Problem } from '../../../agent/src/contract/index.ts';
import type { Complaints } from '../model/draft.ts';
import { describeProblem } from '../model/sentences.ts';
import type { Answers } from '../store/wizard.ts';
import { t } from '../t.ts';
import { Choices } from '../widgets/choices.tsx';
import { TextField } from '../widgets/field.tsx';
import { Notice } from '../widgets/notice.tsx';
import { PasswordField } from '../widgets/password-field.tsx';
import { PortField } from '../widgets/port-field.tsx';

type Props = {
  answers: Answers;
  onChange: (answers: Answers) => void;
  config: ConfigReply;
  /** Interfaces that may be adopted. */
  offers: readonly PppoeInterface[];
  complaints: Complaints;
  /** Before the first attempt to go on, an empty field is no mistake yet. */
  isStrict: boolean;
};

function describeComplaint(problem: Problem | undefined, isStrict: boolean): string | undefined {
  if (!problem) return undefined;
  if (problem.code === 'option_missing') return isStrict ? t('Required.') : undefined;
  return problem.code === 'option_invalid' ? t('Must be {expected}.', { expected: String(problem.details?.expected) }) : describeProblem(problem);
}

/** One option of the line as a field has it. */
const fieldOf = ({ answers, onChange, complaints, isStrict }: Props, option: keyof typeof schema.line) => {
  const value = answers.line.options[option] ?? '';
  return {
    label: t(schema.line[option].label),
    help: t(schema.line[option].help),
    value: typeof value === 'string' ? value : value.join(' '),
    onChange: (next: string) => onChange(withOptions(answers, { [option]: next })),
    error: describeComplaint(complaints[option], isStrict),
  };
};

const withOptions = (answers: Answers, options: Record<string, string>): Answers => ({
  ...answers,
  line: { ...answers.line, options: { ...answers.line.options, ...options } },
});

/** What is worth knowing of the port that was chosen. */
function PortNotes({ answers, config: { ports, pppoe = [] } }: Props) {
  const device = String(answers.line.options.device ?? '');
  const port = ports.find((each) => each.device === device);
  const dialing = pppoe.filter((each) => each.device === device).map(({ name }) => name);
  return (
    <>
      {port?.carrier === false && <Notice>{t('No cable is seen at {device} now. You may go on, and plug it in later.', { device })}</Notice>}
      {dialing.length > 0 && (
        <Notice>
          {t('{names} dials over this port as well, and goes on doing so: a session that the provider counts too.', { names: dialing.join(', ') })}
        </Notice>
      )}
    </>
  );
}

export function PortQuestion(props: Props) {
  const { answers, onChange, config, offers } = props;
  const adopt = String(answers.line.options.adopt ?? '');
  const isOffered = offers.some(({ name }) => name === adopt);
  function choose(name: string): void {
    const offer = offers.find((each) => each.name === name);
    onChange(withOptions(answers, offer ? { adopt: name, device: offer.device } : { adopt: '' }));
  }
  return (
    <>
      <p class="md-muted">{t('The one with the cable to the modem or the wall. Where the provider wants a VLAN it is part of the name, as in eth0.2.')}</p>
      {offers.length > 0 && (
        <Choices
          legend={t('Which port leads to the provider?')}
          value={isOffered ? adopt : ''}
          onChange={choose}
          choices={[
            ...offers.map(({ name, device, username }) => ({
              value: name,
              label: t('Go on with {name}, which dials over {device} already', { name, device }),
              help: username
                ? t('It becomes the first session and keeps its account, {username}; the other sessions use that too. It is given back as it was.', {
                    username,
                  })
                : t('It becomes the first session. It is given back as it was.'),
            })),
            { value: '', label: t('Choose a port'), help: t('All sessions are made anew.') },
          ]}
        />
      )}
      {!isOffered && (
        <>
          <div class="md-grid">
            <PortField {...fieldOf(props, 'device')} ports={config.ports} />
          </div>
          <PortNotes {...props} />
        </>
      )}
    </>
  );
}

export function AccountQuestion(props: Props) {
  const { answers, offers } = props;
  const { options, hasPassword } = answers.line;
  const lender = offers.find(({ name, username, hasPassword: lends }) => name === options.adopt && username !== '' && lends);
  return (
    <>
      <p class="md-muted">
        {lender
          ? t('Nothing is needed here: {name} has an account, {username}. Type another one only if the further sessions are to use it.', {
              name: lender.name,
              username: lender.username,
            })
          : t('User name and password for PPPoE, as in the provider’s letter. All sessions use them.')}
      </p>
      <div class="md-grid">
        <TextField {...fieldOf(props, 'username')} required={!lender} />
        <PasswordField {...fieldOf(props, 'password')} required={!lender && !hasPassword} placeholder={hasPassword ? t('stored, leave empty to keep') : ''} />
      </div>
    </>
  );
}

export function SessionsQuestion(props: Props) {
  const { answers, onChange } = props;
  return (
    <>
      <p class="md-muted">{t('Each session is a link of its own, and the traffic is shared by all. Many providers allow two to four, some only one.')}</p>
      <Choices
        legend={t('How many sessions at once?')}
        value={answers.findOut ? 'find' : 'number'}
        onChange={(choice) => onChange({ ...answers, findOut: choice === 'find' })}
        choices={[
          { value: 'number', label: t('This many'), help: t('It can be changed at any time.') },
          {
            value: 'find',
            label: t('Find out what the provider allows'),
            help: t('Sets the line up with one session. Once that is up you are led to a test, which dials more and more of them and proposes a number.'),
          },
        ]}
      />
      {!answers.findOut && (
        <div class="md-grid">
          <TextField {...fieldOf(props, 'sessions')} required inputMode="numeric" help={t('A number from 1 to {max}.', { max: MAX_SESSIONS })} />
        </div>
      )}
    </>
  );
}
