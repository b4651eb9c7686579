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
import { Plus } from '../ui/icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { say } from '../ui/toast.tsx';
import type { InputNames } from './prompt-options.ts';
import { newStep, type SkillDraft } from './skill-draft.ts';
import { StepCard } from './step-card.tsx';

export function SkillSteps({ inputs, triedAs }: { inputs: InputNames; triedAs: string | undefined }) {
  const { control, getValues } = useFormContext<SkillDraft>();
  const steps = useFieldArray({ control, name: 'steps' });
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const ids = steps.fields.map(({ id }) => id);
  const placeOf = (id: string | number): number => ids.indexOf(String(id)) + 1;
  const announcements: Announcements = {
    onDragStart: ({ active }) => `Step ${placeOf(active.id)} of ${ids.length} is lifted.`,
    onDragOver: ({ active, over }) =>
      over ? `Step ${placeOf(active.id)} stands over place ${placeOf(over.id)} of ${ids.length}.` : undefined,
    onDragEnd: ({ active, over }) =>
      over
        ? `Step ${placeOf(active.id)} is now step ${placeOf(over.id)} of ${ids.length}.`
        : `Step ${placeOf(active.id)} stays.`,
    onDragCancel: ({ active }) => `Cancelled: step ${placeOf(active.id)} stays where it was.`,
  };
  const remove = (index: number): void => {
    const step = getValues(`steps.${index}`);
    steps.remove(index);
    say(`Step ${index + 1} was removed`, undefined, () =>
      steps.insert(Math.min(index, getValues('steps').length), step),
    );
  };
  return (
    <Panel
      title="Steps"
      aside={
        <span className="text-[13px] text-ink-2">
          Done in order. Type {'{{'} to put an input of the run into a text.
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
            draggable:
              'To move a step, press Space, move it with the arrow keys, and press Space again; Escape leaves it where it was.',
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
        Add a step
      </Button>
    </Panel>
  );
}
