/** The fields of a channel's kind, each with what is wrong with it. */
import type { ChannelField } from '../../../src/contract/channel-field.ts';
import { kindFacts } from '../../../src/contract/channel-kinds.ts';
import type { Channel } from '../../../src/contract/channels.ts';
import { Field, Input, Select } from '../../ui/field.tsx';
import { t, told } from '../../words/t.ts';
import type { ChannelDraft } from './channel-draft.ts';
import { Check } from './check.tsx';

export function ConfigFields({
  draft,
  channel,
  errorAt,
  onChange,
}: {
  draft: ChannelDraft;
  channel: Channel | undefined;
  errorAt(pointer: string): string | undefined;
  onChange(draft: ChannelDraft): void;
}) {
  const { fields, isOwn } = kindFacts(draft.kind);
  const nearError = errorAt('/config/allowPrivateNetwork');
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <NameField draft={draft} error={errorAt('/name')} onChange={onChange} />
        {Object.entries(fields).map(([name, field]) => (
          <ConfigField
            key={name}
            field={field}
            value={draft.values[name] ?? ''}
            isKept={channel?.config[name] !== undefined}
            error={errorAt(`/config/${name}`)}
            onChange={(value) => onChange({ ...draft, values: { ...draft.values, [name]: value } })}
          />
        ))}
      </div>
      {isOwn ? (
        <Check
          label={t('It stands in my own network')}
          about={nearError ?? t('Otherwise private addresses are not dialled, whatever a name leads to.')}
          checked={draft.isNear}
          onChange={(near) => onChange({ ...draft, isNear: near })}
        />
      ) : null}
    </>
  );
}

export const NameField = ({
  draft,
  error,
  onChange,
}: {
  draft: ChannelDraft;
  error: string | undefined;
  onChange(draft: ChannelDraft): void;
}) => (
  <Field label={t('Name')} hint={t('A word of yours: lower-case letters, digits, hyphens.')} error={error}>
    {(props) => (
      <Input
        {...props}
        required
        maxLength={40}
        spellCheck={false}
        placeholder={t('phone')}
        value={draft.name}
        onChange={({ target }) => onChange({ ...draft, name: target.value })}
      />
    )}
  </Field>
);

function ConfigField({
  field,
  value,
  isKept,
  error,
  onChange,
}: {
  field: ChannelField;
  value: string;
  isKept: boolean;
  error: string | undefined;
  onChange(value: string): void;
}) {
  const {
    label,
    hint,
    example,
    otherwise,
    choices,
    isSecret = false,
    isOptional = false,
    isMadeUp = false,
    isProposed = false,
  } = field;
  const isHidden = isSecret && (!isProposed || isKept);
  const isRequired = !isOptional && !isMadeUp && otherwise === undefined && !(isSecret && isKept);
  return (
    <Field label={told(label)} hint={hint && told(hint)} error={error}>
      {(props) =>
        choices ? (
          <Select {...props} value={value || otherwise} onChange={({ target }) => onChange(target.value)}>
            {choices.map(([choice, words]) => (
              <option key={choice} value={choice}>
                {told(words)}
              </option>
            ))}
          </Select>
        ) : (
          <Input
            {...props}
            required={isRequired}
            type={isHidden ? 'password' : 'text'}
            autoComplete={isHidden ? 'new-password' : 'off'}
            spellCheck={false}
            placeholder={isSecret && isKept ? t('sealed, and kept') : (otherwise ?? example)}
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  );
}
