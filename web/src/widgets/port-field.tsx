// Which port: one of the router's, with what is known about it, or a name typed by hand.
import { useState } from 'preact/hooks';
import type { Port } from '../../../agent/src/contract/index.ts';
import { t } from '../t.ts';
import { SelectField, TextField } from './field.tsx';

const OTHER = '\u0000other';

function describePort({ device, carrier, usedBy }: Port): string {
  const cable = carrier === null ? t('state unknown') : carrier ? t('cable in') : t('no cable');
  const use = usedBy.length > 0 ? t('used by {names}', { names: usedBy.join(', ') }) : '';
  return [device, cable, use].filter(Boolean).join(' · ');
}

type Props = {
  label: string;
  name?: string | undefined;
  help: string;
  ports: readonly Port[];
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  disabled?: boolean;
};

export function PortField({ label, name, help, ports, value, onChange, error, disabled = false }: Props) {
  const isListed = value === '' || ports.some((port) => port.device === value);
  const [isOther, setOther] = useState(!isListed || ports.length === 0);
  const choices = [
    ...(value === '' && !isOther ? [{ value: '', label: t('Choose a port') }] : []),
    ...ports.map((port) => ({ value: port.device, label: describePort(port) })),
    { value: OTHER, label: t('Other…') },
  ];
  const users = ports.find((port) => port.device === value)?.usedBy ?? [];
  const listHelp = users.length > 0 ? t('Also used by {names}; that stays as it is.', { names: users.join(', ') }) : help;
  function choose(next: string): void {
    setOther(next === OTHER);
    onChange(next === OTHER ? '' : next);
  }
  return (
    <>
      {ports.length > 0 && (
        <SelectField
          label={label}
          name={name}
          help={isOther ? undefined : listHelp}
          error={isOther ? undefined : error}
          required
          disabled={disabled}
          value={isOther ? OTHER : value}
          onChange={choose}
          choices={choices}
        />
      )}
      {isOther && (
        <TextField
          label={ports.length > 0 ? t('Name of the port') : label}
          name={ports.length > 0 ? undefined : name}
          help={help}
          error={error}
          required
          disabled={disabled}
          value={value}
          onChange={onChange}
          placeholder="eth0.2"
        />
      )}
    </>
  );
}
