/** Runs the endings of endings.ts, and says what each execution is to say. */
import { type Ending, endings } from './endings.ts';
import type { ScriptedBlock, ScriptedBreak, ScriptedFailure, ScriptedTurn } from './messages-api-script.ts';
import type { RunnerBench } from './runner.ts';

const turnOf = ({ turns }: Ending, index: number) =>
  turns[Math.min(index, turns.length - 1)] ?? { content: [] };
const byName = new Map(endings.map((ending) => [ending.name, ending]));

/** Answers each ending's run as it says; `endingOf` reads which it is out of the prompt. */
export function endingsScript(): Parameters<RunnerBench['api']['setScript']>[0] {
  const asked = new Map<string, number>();
  return ({ raw }) => {
    const name = /Ending: ([^.]+)\./.exec(raw)?.[1] ?? '';
    const ending = byName.get(name);
    const index = asked.get(name) ?? 0;
    asked.set(name, index + 1);
    return ending ? turnOf(ending, index) : { fail: 'bad-request', message: `No ending is called "${name}"` };
  };
}

/** What an execution says, as far as docs/endings.md has a column for it. */
export type Said = { status: string; code: string | null; output: string | null; costUsd: number | null };

/** Runs it. `hostile` must be a connection of the bench, and `endingsScript` its script. */
export async function saidOf(bench: RunnerBench, ending: Ending): Promise<Said> {
  const slug = `ends-${endings.indexOf(ending)}`;
  const step = { ...ending.step, prompt: `Ending: ${ending.name}.` };
  await bench.addSkill({
    slug,
    steps: [step],
    ...(ending.maxCostUsd === undefined ? {} : { maxCostUsd: ending.maxCostUsd }),
  });
  const { execution } = await bench.run(slug);
  const { status, errorCode: code, output, costUsd } = execution;
  return { status, code, output, costUsd: costUsd === null ? null : rounded(costUsd) };
}

/** What it is to say. */
export function expectedOf(ending: Ending): Said {
  const costUsd = Array.from({ length: ending.asked }, (_, index) => costOf(turnOf(ending, index)));
  return {
    status: 'output' in ending ? 'succeeded' : 'failed',
    code: 'code' in ending ? ending.code : null,
    output: 'output' in ending ? ending.output : null,
    costUsd: rounded(costUsd.reduce((sum, cost) => sum + cost, 0)),
  };
}

const rounded = (usd: number): number => Number(usd.toFixed(8));

/** At $2 and $10 for a million tokens. What a broken answer has not reported is a token for every three bytes. */
function costOf(turn: ScriptedTurn | ScriptedFailure): number {
  if ('fail' in turn) return 0;
  const { input_tokens = 100, output_tokens = 20 } = turn.usage ?? {};
  const output = turn.breaks
    ? Math.max(1, Math.ceil(bytesBefore(turn.breaks, turn.content ?? []) / 3))
    : output_tokens;
  return (input_tokens * 2 + output * 10) / 1_000_000;
}

function bytesBefore({ afterBlocks, withinNext }: ScriptedBreak, content: ScriptedBlock[]): number {
  const wordsOf = (block: ScriptedBlock) =>
    'text' in block ? block.text : 'thinking' in block ? block.thinking : JSON.stringify(block.call.input);
  const whole = content.slice(0, afterBlocks).map(wordsOf).join('').length;
  const next = content[afterBlocks];
  return whole + (withinNext && next ? Math.ceil(wordsOf(next).length / 2) : 0);
}
