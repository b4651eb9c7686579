/** The control in which an input is filled in, by what is wanted of it. */
import { Input, Select, TextArea } from '../ui/field.tsx';
import { t } from '../words/t.ts';
import type { InputField } from './input-fields.ts';

export function InputControl({
  field,
  value,
  onValue,
  ...props
}: {
  field: InputField;
  value: string;
  onValue(text: string): void;
  id: string;
}) {
  const shared = {
    ...props,
    value,
    required: field.required,
    onChange: (event: { target: { value: string } }) => onValue(event.target.value),
  };
  if (field.choices || field.kind === 'boolean') {
    const choices = field.choices?.map((choice) => [choice, choice]) ?? [
      ['true', t('yes')],
      ['false', t('no')],
    ];
    return (
      <Select {...shared}>
        <option value="">{t('choose')}</option>
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </Select>
    );
  }
  if (field.kind === 'number' || field.kind === 'integer') {
    return <Input type="number" step={field.kind === 'integer' ? 1 : 'any'} {...shared} />;
  }
  if (field.kind === 'date') return <Input type="date" {...shared} />;
  if (field.kind === 'list') return <TextArea placeholder={t('one a line')} {...shared} />;
  return field.kind === 'string' && !field.isLong ? (
    <Input {...shared} />
  ) : (
    <TextArea
      className={field.kind === 'json' ? 'min-h-14 font-mono text-[13px]' : ''}
      placeholder={field.kind === 'json' ? t('JSON') : undefined}
      {...shared}
    />
  );
}
