/** The steps of a skill in their order: dragged, moved by keys, doubled, removed and brought back. */
import {
  type Announcements,
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { useFieldArray, useFormContext } from 'react-hook-form';
import { Button } from '../ui/button.tsx';
import { Plus } from '../ui/more-icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { say } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import type { InputNames } from './prompt-options.ts';
import { newStep, type SkillDraft } from './skill-draft.ts';
import { StepCard } from './step-card.tsx';

/** What a screen reader says while a step is moved. */
function announcementsOf(placeOf: (id: string | number) => number, steps: number): Announcements {
  return {
    onDragStart: ({ active }) => t('Step {step} of {steps} is lifted.', { step: placeOf(active.id), steps }),
    onDragOver: ({ active, over }) =>
      over
        ? t('Step {step} stands over place {place} of {steps}.', {
            step: placeOf(active.id),
            place: placeOf(over.id),
            steps,
          })
        : undefined,
    onDragEnd: ({ active, over }) =>
      over
        ? t('Step {step} is now step {place} of {steps}.', {
            step: placeOf(active.id),
            place: placeOf(over.id),
            steps,
          })
        : t('Step {step} stays.', { step: placeOf(active.id) }),
    onDragCancel: ({ active }) =>
      t('Cancelled: step {step} stays where it was.', { step: placeOf(active.id) }),
  };
}

export function SkillSteps({ inputs, triedAs }: { inputs: InputNames; triedAs: string | undefined }) {
  const { control, getValues } = useFormContext<SkillDraft>();
  const steps = useFieldArray({ control, name: 'steps' });
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const ids = steps.fields.map(({ id }) => id);
  const placeOf = (id: string | number): number => ids.indexOf(String(id)) + 1;
  const announcements = announcementsOf(placeOf, ids.length);
  const remove = (index: number): void => {
    const step = getValues(`steps.${index}`);
    steps.remove(index);
    say(t('Step {index} was removed', { index: index + 1 }), undefined, () =>
      steps.insert(Math.min(index, getValues('steps').length), step),
    );
  };
  return (
    <Panel
      title={t('Steps')}
      aside={
        <span className="text-[13px] text-ink-2">
          {t('Done in order. Type {braces} to put an input of the run into a text.', { braces: '{{' })}
        </span>
      }
    >
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        modifiers={[({ transform }) => ({ ...transform, x: 0 })]}
        accessibility={{
          announcements,
          screenReaderInstructions: {
            draggable: t(
              'To move a step, press Space, move it with the arrow keys, and press Space again; Escape leaves it where it was.',
            ),
          },
        }}
        onDragEnd={({ active, over }) => {
          if (over && active.id !== over.id) steps.move(placeOf(active.id) - 1, placeOf(over.id) - 1);
        }}
      >
        <SortableContext items={ids} strategy={verticalListSortingStrategy}>
          <ol className="space-y-4">
            {steps.fields.map(({ id }, index) => (
              <StepCard
                key={id}
                id={id}
                index={index}
                count={ids.length}
                inputs={inputs}
                triedAs={triedAs}
                onMove={(to) => steps.move(index, to)}
                onDouble={() => steps.insert(index + 1, structuredClone(getValues(`steps.${index}`)))}
                onRemove={() => remove(index)}
              />
            ))}
          </ol>
        </SortableContext>
      </DndContext>
      <Button className="mt-4" icon={<Plus className="size-4" />} onClick={() => steps.append(newStep())}>
        {t('Add a step')}
      </Button>
    </Panel>
  );
}
