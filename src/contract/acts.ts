import type { Scope } from './common.ts';

/**
 * Acts that are more than the route they come by: without the scope a request is answered with less, or refused. `words` say
 * where in docs/security.md.
 */
export const acts = {
  'see what a run did': { scope: 'read', words: 'in the answer to `?wait`; without it how the run ended' },
  'see what was answered': { scope: 'read', words: 'in the answer to `?wait`; without it the message’s ids' },
  'see what a call is made with': { scope: 'read', words: 'in the answer to a decision' },
  'sign for a hook that gives results': { scope: 'read', words: 'a sample of a delivery, or a test' },
  'approve a connection by saving it': {
    scope: 'connections:approve',
    words: 'without it a change waits for its approval',
  },
  'let a conversation use a tool unasked': {
    scope: 'connections:approve',
    words: 'one that is not read-only',
  },
  'replay a draft': { scope: 'write', words: 'a definition that is sent along, and not saved' },
  'try a step for real': {
    scope: 'connections:approve',
    words: 'a definition that is sent along and not saved, with the tools that it names',
  },
  'loosen a skill': { scope: 'connections:approve', words: 'by whichever way it is saved' },
} as const satisfies Record<string, { scope: Scope; words: string }>;
