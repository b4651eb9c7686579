/** The picture of each way in which a run begins, by the name that the contract has for it (`src/contract/trigger-types.ts`). */
import { CalendarClock, Hand, MessageCircle, Webhook } from './icons.tsx';

export const triggerPictures = { CalendarClock, Hand, MessageCircle, Webhook };
