/** One step in the form: what to do, how, with which tools, and when a person is asked. */
import { useSortable } from '@dnd-kit/sortable';
import type { ReactNode } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, Input, Select } from '../ui/field.tsx';
import { ArrowDown, ArrowUp, CopyPlus, GripVertical, Trash2 } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';
import { useInherited } from './inherited.ts';
import { PromptField } from './prompt-field.tsx';
import type { InputNames } from './prompt-options.ts';
import type { SkillDraft } from './skill-draft.ts';
import { StepTry } from './step-try.tsx';
import { ToolPicker } from './tool-picker.tsx';

export function StepCard({
  id,
  index,
  count,
  inputs,
  triedAs,
  onMove,
  onDouble,
  onRemove,
}: {
  id: string;
  index: number;
  count: number;
  inputs: InputNames;
  /** The skill that a step is tried as; undefined for one that was never saved. */
  triedAs: string | undefined;
  onMove(to: number): void;
  onDouble(): void;
  onRemove(): void;
}) {
  const { control, register, setValue, clearErrors, formState } = useFormContext<SkillDraft>();
  const wrong = formState.errors.steps?.[index];
  const maxTurns = useInherited('max_turns')?.value;
  const allowedTools = useWatch({ control, name: `steps.${index}.allowedTools` });
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({ id });
  return (
    <li
      ref={setNodeRef}
      style={{
        transform: transform ? `translate3d(0, ${transform.y}px, 0)` : undefined,
        transition: transition ?? undefined,
      }}
      className={cx(
        'relative rounded-lg border border-line bg-surface p-3 sm:p-4',
        isDragging && 'z-10 border-accent shadow-pop',
      )}
    >
      <div className="mb-3 flex items-center gap-1">
        <Button
          {...attributes}
          {...listeners}
          ref={setActivatorNodeRef}
          look="quiet"
          size="icon"
          aria-label={t('Drag step {index}', { index: index + 1 })}
          title={t('Drag, or press Space and the arrow keys')}
          className={cx('-ml-2 touch-none', isDragging ? 'cursor-grabbing' : 'cursor-grab')}
        >
          <GripVertical className="size-4" />
        </Button>
        <span className="mr-auto font-semibold">{t('Step {index}', { index: index + 1 })}</span>
        <StepButton label={t('Move up')} disabled={index === 0} onClick={() => onMove(index - 1)}>
          <ArrowUp className="size-4" />
        </StepButton>
        <StepButton label={t('Move down')} disabled={index === count - 1} onClick={() => onMove(index + 1)}>
          <ArrowDown className="size-4" />
        </StepButton>
        <StepButton label={t('Duplicate')} disabled={count >= 50} onClick={onDouble}>
          <CopyPlus className="size-4" />
        </StepButton>
        <StepButton label={t('Remove')} disabled={count === 1} onClick={onRemove}>
          <Trash2 className="size-4" />
        </StepButton>
      </div>
      <div
        className={cx(triedAs !== undefined && 'gap-5 xl:grid xl:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]')}
      >
        <div className="space-y-4">
          <Prompt
            name={`steps.${index}.prompt`}
            label={t('What to do')}
            required={t('Say what is to be done.')}
            inputs={inputs}
          />
          <Prompt
            name={`steps.${index}.guidance`}
            label={t('How to do it well')}
            hint={t('Guidance: may be empty.')}
            inputs={inputs}
            className="min-h-14"
          />
          <ToolPicker
            names={allowedTools}
            error={wrong?.allowedTools?.message}
            onNames={(names) => {
              clearErrors(`steps.${index}.allowedTools`);
              setValue(`steps.${index}.allowedTools`, names, { shouldDirty: true });
            }}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('Asks you before it calls')} error={wrong?.approval?.message}>
              {(props) => (
                <Select {...props} {...register(`steps.${index}.approval`)}>
                  <option value="">{t('nothing: it calls what it may')}</option>
                  <option value="destructive">{t('a tool that may destroy')}</option>
                  <option value="always">{t('any tool')}</option>
                </Select>
              )}
            </Field>
            <Field label={t('Turns of the model, at most')} error={wrong?.maxTurns?.message}>
              {(props) => (
                <Input
                  {...props}
                  {...register(`steps.${index}.maxTurns`)}
                  placeholder={
                    maxTurns === undefined ? undefined : t('{maxTurns}, as in settings', { maxTurns })
                  }
                  type="number"
                  inputMode="numeric"
                  min="1"
                  max="1000"
                />
              )}
            </Field>
          </div>
        </div>
        {triedAs === undefined ? null : (
          <div className="mt-4 xl:mt-0">
            <StepTry slug={triedAs} step={index + 1} />
          </div>
        )}
      </div>
    </li>
  );
}

function Prompt({
  name,
  label,
  hint,
  required,
  inputs,
  className = '',
}: {
  name: `steps.${number}.prompt` | `steps.${number}.guidance`;
  label: string;
  hint?: string;
  required?: string;
  inputs: InputNames;
  className?: string;
}) {
  const { control } = useFormContext<SkillDraft>();
  const { field, fieldState } = useController({
    control,
    name,
    rules: required === undefined ? {} : { validate: (text) => text.trim() !== '' || required },
  });
  return (
    <Field label={label} hint={hint} error={fieldState.error?.message}>
      {(props) => (
        <PromptField
          {...props}
          ref={field.ref}
          value={field.value}
          onValue={field.onChange}
          onBlur={field.onBlur}
          inputs={inputs}
          className={className}
        />
      )}
    </Field>
  );
}

const StepButton = ({
  label,
  children,
  ...rest
}: {
  label: string;
  disabled: boolean;
  onClick(): void;
  children: ReactNode;
}) => (
  <Button look="quiet" size="icon" aria-label={label} title={label} {...rest}>
    {children}
  </Button>
);
