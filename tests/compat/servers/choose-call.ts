import type { Trial } from './trial.ts';

type Offered = {
  name: string;
  inputSchema: { required?: unknown };
  annotations?: { readOnlyHint?: boolean | undefined } | undefined;
};

/** Words of tools that look and change nothing. */
const looks =
  /(^|[_.-])(get|list|search|read|find|show|status|describe|info)([_.-]|$)|^(get|list|search|read|find|show)[A-Z]/;

/** A tool that says it only reads, or is called like one that does, and wants no arguments. */
export function chooseCall(tools: readonly Offered[]): Trial['call'] {
  const needsNothing = tools.filter(
    ({ inputSchema: { required } }) => !Array.isArray(required) || required.length === 0,
  );
  const chosen =
    needsNothing.find(({ annotations }) => annotations?.readOnlyHint === true) ??
    needsNothing.find(({ name, annotations }) => annotations?.readOnlyHint !== false && looks.test(name));
  return chosen && { tool: chosen.name, args: {} };
}
