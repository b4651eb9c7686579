/**
 * The fixed form in which the rehearsal model can be taught: a line for the name, a line for each step with its tools behind it,
 * and lines for what else there is to say. It is read, and not understood.
 */

export type Taught = { definition: Record<string, unknown> } | { missing: string };

type TaughtStep = {
  id: number;
  prompt: string;
  allowedTools: string[];
  guidance?: string;
  approval?: string;
};

/** Undefined for a message that does not begin with `Teach:`. */
export function taughtIn(message: string): Taught | undefined {
  const lines = message
    .replaceAll('```', '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [, name] = /^teach:\s*(.+)$/i.exec(lines[0] ?? '') ?? [];
  if (name === undefined) return undefined;
  const steps: TaughtStep[] = [];
  const properties: Record<string, unknown> = {};
  let rest: Record<string, unknown> = {};
  for (const line of lines.slice(1)) {
    const [, field = '', value = ''] = /^(step|tools?|how|ask|for|when|input):\s*(.+)$/i.exec(line) ?? [];
    const step = steps.at(-1);
    const kind = field.toLowerCase();
    if (kind === 'step') steps.push({ id: steps.length + 1, prompt: value, allowedTools: [] });
    else if (kind === 'for') rest.description = value;
    else if (kind === 'when') rest = { ...rest, ...triggerOf(value) };
    else if (kind === 'input') Object.assign(properties, inputOf(value));
    else if (field === '')
      return { missing: `I do not know what to do with the line “${line.slice(0, 80)}”.` };
    else if (step === undefined)
      return { missing: `The line “${line.slice(0, 80)}” belongs behind a line that begins with \`Step:\`.` };
    else if (kind === 'how') step.guidance = value;
    else if (kind === 'ask') step.approval = value.toLowerCase();
    else step.allowedTools.push(...value.split(/[\s,]+/).filter((tool) => tool !== ''));
  }
  if (steps.length === 0)
    return { missing: 'A line that begins with `Step:` is missing: what is to be done.' };
  if (Object.keys(properties).length > 0) {
    rest.inputSchema = { type: 'object', properties, required: Object.keys(properties) };
  }
  return { definition: { slug: slugOf(name), name, ...rest, steps } };
}

/** Five fields are a schedule, `by hand` is what it says, and anything else is a phrase. */
function triggerOf(value: string): Record<string, unknown> {
  if (/^by hand$/i.test(value)) return { triggerType: 'manual', triggerConfig: {} };
  if (/^@\w+$|^[\d*]\S*(\s+\S+){4}$/.test(value))
    return { triggerType: 'schedule', triggerConfig: { cron: value } };
  return { triggerType: 'chat', triggerConfig: { phrases: [value] } };
}

/** `folder, the folder to look at` */
function inputOf(value: string): Record<string, unknown> {
  const [, name = value, description = ''] = /^([\w-]+)[\s,:]*(.*)$/.exec(value) ?? [];
  return { [name]: { type: 'string', ...(description === '' ? {} : { description }) } };
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? 'taught-skill' : slug;
}

/** How it is told, with a tool that is there. */
export const formOfTeaching = (tool = 'mcp__files__list_directory'): string => `\`\`\`
Teach: Morning papers
For: What is new in the folder, before breakfast
When: 0 7 * * *
Step: List the files of the folder and say what is new
Tools: ${tool}
\`\`\`

\`For\`, \`When\` and \`Tools\` may be left out; \`When\` is a schedule of cron or a phrase to be said here. More steps follow in the same
way, and behind a step \`How: …\` says how to do it well, \`Ask: always\` has it ask before every call. \`Input: folder, which folder\` names
what it is to be told on each run, and \`{{folder}}\` stands for it in a step.`;
