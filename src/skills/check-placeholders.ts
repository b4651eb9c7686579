/** Placeholders that a skill's own `inputSchema` can never fill: most often a slip of the pen, so said at save. */
import { undeclaredPlaceholders } from '../contract/placeholders.ts';
import type { Step } from '../contract/skills.ts';
import type { FieldError } from '../kernel/errors.ts';

/** One entry for each prompt and guidance that asks for something that `inputSchema` does not declare. */
export function placeholderProblems(
  steps: readonly Step[],
  inputSchema: Readonly<Record<string, unknown>>,
): FieldError[] {
  return steps.flatMap((step, index) =>
    (['prompt', 'guidance'] as const).flatMap((field) => {
      const strangers = undeclaredPlaceholders(step[field] ?? '', inputSchema);
      if (strangers.length === 0) return [];
      const names = strangers.map((placeholder) => `{{${placeholder}}}`).join(', ');
      return [{ field: `/steps/${index}/${field}`, message: `inputSchema does not declare ${names}` }];
    }),
  );
}
