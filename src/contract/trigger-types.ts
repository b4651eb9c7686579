/** What starts a skill, in words and pictures, without what is set of it: the console's first script goes by this. */

type TriggerFacts = {
  /** How a run began. */
  words: string;
  icon: string;
  /** Its name among the choices of the console's form, and what is said there of it. */
  choice: string;
  about: string;
  /** When it starts a skill, to whoever is about to accept one; chat/proposals/reach.ts says it of those whose config says more. */
  when: string;
  /** On a skill's page: what starts it, where words say all. */
  starts?: string;
  /** Of its runs' jobs, the higher first: a waiting person goes before a schedule. */
  priority: number;
  /** When what the model's side may get over is tried again, in seconds: somebody who waits is told soon. */
  retryDelays: readonly number[];
};

/** The types of triggers, each once; what their config holds stands in `triggers.ts`, and `prisma/schema.prisma` has their names. */
export const triggers = {
  manual: {
    words: 'by hand',
    icon: 'Hand',
    choice: 'by hand',
    about: 'Whoever may run it can always do so; nothing else starts it.',
    when: 'When you start it',
    starts: 'By hand: here, from the command line, or by the API.',
    priority: 10,
    retryDelays: [2, 10],
  },
  schedule: {
    words: 'by a schedule',
    icon: 'CalendarClock',
    choice: 'a schedule',
    about: 'Alfred starts it by itself, also while nobody looks.',
    when: 'By its schedule',
    priority: 0,
    retryDelays: [10, 60, 300],
  },
  webhook: {
    words: 'by a webhook',
    icon: 'Webhook',
    choice: 'a webhook',
    about: 'Another program calls an address of this VM. What it sends is the input.',
    when: 'Whenever its webhook is called',
    priority: 5,
    retryDelays: [10, 60, 300],
  },
  chat: {
    words: 'by conversation',
    icon: 'MessageCircle',
    choice: 'a conversation',
    about: 'A conversation, or a client that is connected to Alfred, may ask for it.',
    when: 'When you ask for it in a conversation',
    starts: 'From a conversation, or by hand.',
    priority: 10,
    retryDelays: [2, 10],
  },
} as const satisfies Record<string, TriggerFacts>;

export type TriggerType = keyof typeof triggers;
export const triggerTypes = Object.keys(triggers) as TriggerType[];
