/** What a claimed run is to do: the definition that it pinned, and its limits, each with its default from the config. */
import type { AgentShape } from '../agents/agent-options.ts';
import type { Turn } from '../chat/read-turn.ts';
import { defaultModel } from '../config/known-keys.ts';
import { type ModelSettings, readModelSettings } from '../config/model-settings.ts';
import { isRehearsed } from '../contract/execution-status.ts';
import type { SkillFiles } from '../contract/skill-folder.ts';
import type { SkillDefinition, Step } from '../contract/skills.ts';
import type { Database } from '../database/client.ts';
import type { ExecutionRow } from '../executions/find-execution.ts';
import { readRunDefinition } from '../executions/read-run-definition.ts';
import type { Settings } from '../kernel/settings.ts';
import { fullModelName } from '../money/prices.ts';
import { toAgentForm } from '../skills/output-form.ts';
import { turnShape } from './turn-run.ts';

export type RunPlan = {
  steps: SkillDefinition['steps'];
  /** Of the skill, which its steps may read. */
  files: SkillFiles;
  limits: { timeoutMs: number; maxCostUsd: number | undefined; approvalTimeoutMs: number };
  shapeOf(step: Step, turn: Turn | undefined): AgentShape;
};

/** @throws AlfredError E_ROW_ALTERED when somebody else changed the definition or a limit */
export async function planOf(
  deps: { db: Database; settings: Pick<Settings, 'model'> },
  row: ExecutionRow,
): Promise<RunPlan> {
  const [definition, model] = await Promise.all([
    readRunDefinition(deps.db.prisma, row),
    readModelSettings(deps),
  ]);
  return planFrom({ definition, model }, row);
}

/** The same of what was read already: `definition` must be the one that the row's hash is of. */
export function planFrom(
  { definition, model }: { definition: SkillDefinition; model: ModelSettings },
  row: Pick<ExecutionRow, 'mode' | 'model' | 'trigger'>,
): RunPlan {
  // The rehearsal model answers by another name; the agent is told one that it knows.
  const name = isRehearsed(row) || row.model === null ? defaultModel : row.model;
  return {
    steps: definition.steps,
    files: definition.files ?? {},
    limits: {
      timeoutMs: definition.timeoutMs ?? model.runTimeoutMs,
      maxCostUsd: definition.maxCostUsd ?? model.maxCostPerRunUsd,
      approvalTimeoutMs: model.approvalTimeoutMs,
    },
    shapeOf: (step, turn) => {
      const shape: AgentShape = {
        model: fullModelName(name),
        maxTurns: step.maxTurns ?? model.maxTurns,
        ...(definition.effort == null ? {} : { effort: definition.effort }),
        ...(step.outputSchema === undefined ? {} : { outputSchema: toAgentForm(step.outputSchema) }),
        ...(row.mode === 'live' && (step.approval ?? 'never') !== 'never'
          ? { keepsSession: true as const }
          : {}),
      };
      return turn === undefined ? shape : turnShape(shape, step, turn);
    },
  };
}
