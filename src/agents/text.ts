/**
 * What makes the agent's program take a prompt as text and as nothing else. By itself it reads what `@path` names into the
 * model request, and carries out a prompt that begins with `/`: without a tool, without asking a hook, and outside every
 * record (docs/security.md, "Text is text"). What follows is proven on the wire, for one version of the program.
 */
import type { Options } from '@anthropic-ai/claude-agent-sdk';

/**
 * The version of the Agent SDK that text.test.ts and tests/runs/text-is-text.test.ts were last run against and read.
 * A test fails when another is installed.
 */
export const provenSdkVersion = '0.3.330';

/** Prompts are delivered as they were written. This alone ends both. */
export const asWritten = { verbatimPrompts: true } satisfies Options;

/**
 * The program's own switches, in case the above is ever overlooked: these alone end the reading of files, and leave of the
 * commands those that answer without a model turn, which is no success (step-outcome.ts).
 */
export const switchedOff = {
  env: {
    CLAUDE_CODE_DISABLE_FILE_MENTIONS: '1',
    CLAUDE_CODE_DISABLE_ATTACHMENTS: '1',
    CLAUDE_CODE_DISABLE_BUNDLED_SKILLS: '1',
    CLAUDE_CODE_DISABLE_CLAUDE_MDS: '1',
    CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
    DISABLE_UPDATES: '1',
  },
  extraArgs: { 'disable-slash-commands': null },
} satisfies Options;
