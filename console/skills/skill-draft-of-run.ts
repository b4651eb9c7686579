/** A skill made of a run that went well: its steps as they were asked, each with the tools that it really used. */
import type { Execution } from '../../src/contract/executions.ts';
import type { Skill, Step } from '../../src/contract/skills.ts';
import type { StepView } from '../api/run-shapes.ts';
import { draftOf, type SkillDraft } from './skill-draft.ts';

export type SkillOfRun = {
  draft: SkillDraft;
  /** Tools that its steps were allowed and did not use. */
  leftOut: string[];
};

/**
 * @param definition of the skill that ran, in the version that ran; undefined when it was removed: then the prompts are
 *   what the model was asked, with the values of that run in them
 */
export function skillOfRun(
  execution: Execution,
  definition: Partial<Skill> | undefined,
  told: readonly StepView[],
): SkillOfRun {
  const before = definition?.steps ?? told.map(askedStep);
  const steps = before.map((step): Step => {
    // Of a step that was carried over from an earlier run nobody knows here what it used.
    const isCarried = execution.steps.find(({ id }) => id === step.id)?.startedAt === null;
    return isCarried ? step : { ...step, allowedTools: usedIn(execution, step.id) };
  });
  const kept = new Set(steps.flatMap(({ allowedTools }) => allowedTools));
  const name = definition?.name ?? execution.skillSlug;
  return {
    draft: {
      ...draftOf({
        ...definition,
        steps,
        name: `${name}, as it ran`.slice(0, 200),
        slug: `${execution.skillSlug.slice(0, 53).replace(/-+$/, '')}-as-it-ran`,
        triggerType: 'manual',
        triggerConfig: {},
        isActive: false,
      } as Skill),
    },
    leftOut: [...new Set(before.flatMap(({ allowedTools }) => allowedTools))].filter(
      (tool) => !kept.has(tool),
    ),
  };
}

const usedIn = ({ toolCalls }: Execution, step: number): string[] => [
  ...new Set(
    toolCalls.filter(({ stepId, status }) => stepId === step && status !== 'denied').map(({ name }) => name),
  ),
];

/** Where a prompt ends, and what the VM adds to each begins: the next run adds its own. */
const added =
  /\n\n# (?:Today\n\n[A-Z][a-z]+day, \d{4}-|Input of this run\n\n```json|Results of earlier steps\n\n## Step)/;

const askedStep = ({ id, asked = '' }: StepView): Step => ({
  id,
  prompt: asked.split(added, 1)[0] ?? '',
  allowedTools: [],
});
