/** What is said of each type of trigger where one is chosen or accepted. */
import type { TriggerType } from './trigger-types.ts';

type TriggerTexts = {
  /** Its name among the choices of the console's form, and what is said there of it. */
  choice: string;
  about: string;
  /** When it starts a skill, to whoever is about to accept one; chat/proposals/reach.ts says it of those whose config says more. */
  when: string;
  /** On a skill's page: what starts it, where words say all. */
  starts?: string;
};

export const triggerTexts = {
  manual: {
    choice: 'by hand',
    about: 'Whoever may run it can always do so; nothing else starts it.',
    when: 'When you start it',
    starts: 'By hand: here, from the command line, or by the API.',
  },
  schedule: {
    choice: 'a schedule',
    about: 'Alfred starts it by itself, also while nobody looks.',
    when: 'By its schedule',
  },
  webhook: {
    choice: 'a webhook',
    about: 'Another program calls an address of this VM. What it sends is the input.',
    when: 'Whenever its webhook is called',
  },
  chat: {
    choice: 'a conversation',
    about: 'A conversation, or a client that is connected to Alfred, may ask for it.',
    when: 'When you ask for it in a conversation',
    starts: 'From a conversation, or by hand.',
  },
} as const satisfies Record<TriggerType, TriggerTexts>;
