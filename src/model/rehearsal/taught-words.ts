/** The fixed form in which the rehearsal model can be taught: a line for the name, a line for each step, and its tools. */

export function taughtIn(message: string): Record<string, unknown> | undefined {
  const lines = message.split('\n').map((line) => line.trim());
  const [, name] = /^teach:\s*(.+)$/i.exec(lines[0] ?? '') ?? [];
  if (name === undefined) return undefined;
  const steps: { id: number; prompt: string; allowedTools: string[] }[] = [];
  let description = '';
  for (const line of lines.slice(1)) {
    const [, field = '', value = ''] = /^(step|tools?|for):\s*(.*)$/i.exec(line) ?? [];
    if (/^step$/i.test(field)) steps.push({ id: steps.length + 1, prompt: value, allowedTools: [] });
    if (/^tools?$/i.test(field))
      steps.at(-1)?.allowedTools.push(...value.split(/[\s,]+/).filter((tool) => tool !== ''));
    if (/^for$/i.test(field)) description = value;
  }
  if (steps.length === 0) return undefined;
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 64);
  return { slug: slug === '' ? 'taught-skill' : slug, name, description, steps };
}
