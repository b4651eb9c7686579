/** What starts a skill, without what is set of it and what is said of it at length (`trigger-texts.ts`): the console's first script goes by this. */

type TriggerFacts = {
  /** How a run began. */
  words: string;
  icon: string;
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
    priority: 10,
    retryDelays: [2, 10],
  },
  schedule: {
    words: 'by a schedule',
    icon: 'CalendarClock',
    priority: 0,
    retryDelays: [10, 60, 300],
  },
  webhook: {
    words: 'by a webhook',
    icon: 'Webhook',
    priority: 5,
    retryDelays: [10, 60, 300],
  },
  chat: {
    words: 'by conversation',
    icon: 'MessageCircle',
    priority: 10,
    retryDelays: [2, 10],
  },
} as const satisfies Record<string, TriggerFacts>;

export type TriggerType = keyof typeof triggers;
export const triggerTypes = Object.keys(triggers) as TriggerType[];
