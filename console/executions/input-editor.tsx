/** What a run of the skill is given: a row for each input, or the JSON Schema itself. */

import { useController, useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import type { SkillDraft } from '../skills/skill-draft.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { Plus, Trash2 } from '../ui/more-icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { say } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { inputTypes, linesOf, newRow, rowsOf, schemaOfRows, schemaSoFar } from './input-schema.ts';

export function InputEditor({ undescribed }: { undescribed: string[] }) {
  const { control, setValue, setError, getValues } = useFormContext<SkillDraft>();
  const view = useWatch({ control, name: 'inputs.view' });
  const toJson = (): void => {
    const schema = schemaOfRows(getValues('inputs'));
    setValue('inputs.text', schema ? JSON.stringify(schema, null, 2) : '', { shouldDirty: true });
    setValue('inputs.view', 'json');
  };
  const toFields = (): void => {
    const schema = schemaSoFar(getValues('inputs'));
    const rows = schema === undefined ? undefined : rowsOf(schema ?? {});
    if (!rows) {
      const message =
        schema === undefined
          ? t('This is not a JSON object yet.')
          : t('Rows cannot show this schema: it stays JSON.');
      setError('inputs.text', { type: 'view', message }, { shouldFocus: true });
      return;
    }
    setValue('inputs.rows', rows.rows, { shouldDirty: true });
    setValue('inputs.rest', rows.rest);
    setValue('inputs.view', 'fields');
  };
  return (
    <Panel
      title={t('Inputs')}
      aside={
        <Button look="quiet" size="sm" onClick={view === 'fields' ? toJson : toFields}>
          {view === 'fields' ? t('As JSON Schema') : t('As fields')}
        </Button>
      }
    >
      {view === 'fields' ? <Rows undescribed={undescribed} /> : <SchemaText />}
    </Panel>
  );
}

function Rows({ undescribed }: { undescribed: string[] }) {
  const { control, getValues } = useFormContext<SkillDraft>();
  const rows = useFieldArray({ control, name: 'inputs.rows' });
  const remove = (index: number): void => {
    const row = getValues(`inputs.rows.${index}`);
    rows.remove(index);
    say(t('The input {name} was removed', { name: row.name }), undefined, () =>
      rows.insert(Math.min(index, getValues('inputs.rows').length), row),
    );
  };
  return (
    <div className="space-y-3">
      {rows.fields.length === 0 ? (
        <p className="text-ink-2">
          {undescribed.length === 0
            ? t(
                'It takes none: each run does the same. An input is what a person or a program fills in when it starts.',
              )
            : t(
                'Each name in the texts is asked for as a text. Describe them to say more: a type, what they are for.',
              )}
        </p>
      ) : (
        <ul className="space-y-3">
          {rows.fields.map(({ id }, index) => (
            <Row key={id} index={index} onRemove={() => remove(index)} />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        <Button icon={<Plus className="size-4" />} onClick={() => rows.append(newRow())}>
          {t('Add an input')}
        </Button>
        {undescribed.length > 0 ? (
          <Button
            className="max-w-full"
            onClick={() =>
              rows.append(
                undescribed.map((name) => newRow(name)),
                { shouldFocus: false },
              )
            }
          >
            <span className="truncate">
              {t('Describe {undescribed}', { undescribed: undescribed.join(', ') })}
            </span>
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Row({ index, onRemove }: { index: number; onRemove(): void }) {
  const { control, register } = useFormContext<SkillDraft>();
  const typed = useWatch({ control, name: `inputs.rows.${index}` });
  return (
    <li className="grid grid-cols-2 gap-x-3 gap-y-2 rounded-lg border border-line p-3 sm:grid-cols-[10rem_11rem_minmax(0,1fr)_auto]">
      <Name index={index} />
      <Field label={t('Type')}>
        {(props) => (
          <Select {...props} {...register(`inputs.rows.${index}.type`)}>
            {Object.entries(inputTypes).map(([type, words]) =>
              type === 'other' && typed?.type !== 'other' ? null : (
                <option key={type} value={type}>
                  {words}
                </option>
              ),
            )}
          </Select>
        )}
      </Field>
      <div className="col-span-2 sm:col-span-1">
        <Field label={t('What it is')}>
          {(props) => <Input {...props} {...register(`inputs.rows.${index}.description`)} />}
        </Field>
      </div>
      <div className="col-span-2 flex items-center justify-between gap-2 sm:col-span-1 sm:self-start sm:pt-7">
        <label className="flex h-9 items-center gap-2 whitespace-nowrap">
          <input
            type="checkbox"
            {...register(`inputs.rows.${index}.required`)}
            className="size-4 accent-accent"
          />
          {t('required')}
        </label>
        <Button
          look="quiet"
          size="icon"
          aria-label={t('Remove the input {name}', { name: typed?.name ?? '' })}
          onClick={onRemove}
        >
          <Trash2 className="size-4" />
        </Button>
      </div>
      {typed?.type === 'choice' ? <Choices index={index} /> : null}
    </li>
  );
}

function Name({ index }: { index: number }) {
  const { register, formState } = useFormContext<SkillDraft>();
  return (
    <Field label={t('Name')} error={formState.errors.inputs?.rows?.[index]?.name?.message}>
      {(props) => (
        <Input
          {...props}
          {...register(`inputs.rows.${index}.name`, {
            validate: (name, { inputs }) =>
              name.trim() === ''
                ? t('It needs a name.')
                : !/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name.trim())
                  ? 'Letters, digits, _ and - alone.'
                  : inputs.rows.findIndex((row) => row.name.trim() === name.trim()) === index ||
                    t('Two have this name.'),
          })}
          autoCapitalize="none"
          className="font-mono"
        />
      )}
    </Field>
  );
}

function Choices({ index }: { index: number }) {
  const { register, formState } = useFormContext<SkillDraft>();
  return (
    <div className="col-span-full">
      <Field
        label={t('The choices')}
        hint={t('One a line.')}
        error={formState.errors.inputs?.rows?.[index]?.choices?.message}
      >
        {(props) => (
          <TextArea
            {...props}
            {...register(`inputs.rows.${index}.choices`, {
              validate: (text) => linesOf(text).length > 0 || t('Name at least one.'),
            })}
          />
        )}
      </Field>
    </div>
  );
}

function SchemaText() {
  const { control } = useFormContext<SkillDraft>();
  const { field, fieldState } = useController({
    control,
    name: 'inputs.text',
    rules: {
      validate: (_, { inputs }) => schemaSoFar(inputs) !== undefined || t('This is not a JSON object.'),
    },
  });
  return (
    <Field
      label={t('JSON Schema')}
      hint={t('Draft 2020-12, of an object. A run whose input does not fit it is refused before it starts.')}
      error={fieldState.error?.message}
    >
      {(props) => (
        <TextArea {...props} {...field} spellCheck={false} className="min-h-40 font-mono text-[13px]" />
      )}
    </Field>
  );
}
