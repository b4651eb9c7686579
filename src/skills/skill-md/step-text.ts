/**
 * Steps as the body of a SKILL.md: markdown that any agent can follow from top to bottom. Comments that markdown does
 * not show mark where a step's prompt and guidance begin and end, so that they come back to the letter.
 */

export type StepText = { prompt: string; guidance?: string | undefined };

const opens = /^<!-- alfred:(step|guidance|end) -->$/;

/** A line of a prompt that looks like one of our marks, or like such a line escaped, gets one more colon. */
const escapeMarks = (text: string): string => text.replace(/^(<!-- alfred:+)/gm, '$1:');
const unescapeMarks = (text: string): string => text.replace(/^(<!-- alfred:+):/gm, '$1');

/** The body of a SKILL.md for these steps. */
export function writeSteps(title: string, steps: readonly StepText[]): string {
  const parts = steps.map(({ prompt, guidance }, index) => {
    const heading = steps.length > 1 ? `## Step ${index + 1}\n\n` : '';
    const more =
      guidance === undefined
        ? ''
        : `\n### Guidance\n\n<!-- alfred:guidance -->\n${escapeMarks(guidance)}\n<!-- alfred:end -->\n`;
    return `${heading}<!-- alfred:step -->\n${escapeMarks(prompt)}\n<!-- alfred:end -->\n${more}`;
  });
  return `# ${title.replace(/\s+/g, ' ')}\n\n${parts.join('\n')}`;
}

/** The steps of a body that `writeSteps` wrote; undefined when it holds no marks: a plain skill from elsewhere. */
export function readSteps(body: string): StepText[] | undefined {
  const steps: StepText[] = [];
  let open: { kind: string; lines: string[] } | undefined;
  for (const line of body.split('\n')) {
    const kind = opens.exec(line)?.[1];
    if (kind === undefined) {
      open?.lines.push(line);
    } else if (kind !== 'end') {
      open = { kind, lines: [] };
    } else if (open !== undefined) {
      const text = unescapeMarks(open.lines.join('\n'));
      const last = steps.at(-1);
      if (open.kind === 'step') steps.push({ prompt: text });
      else if (last) last.guidance = text;
      open = undefined;
    }
  }
  return steps.length > 0 ? steps : undefined;
}
