/** Short words about what was just done, with a way back where there is one. What draws them comes later than the page (toasts.tsx): until then they wait. */
import type { Toast } from '@base-ui/react/toast';
import { t } from '../words/t.ts';
import { wordsOf } from './problem-words.ts';

export type SaidData = { log: string | undefined };
type Said = Parameters<ReturnType<typeof Toast.createToastManager<SaidData>>['add']>[0];

const waiting: Said[] = [];
let show = (said: Said): void => void waiting.push(said);
let onWaiting = (): void => {};

function tell(said: Said): void {
  show(said);
  if (waiting.length > 0) onWaiting();
}

export function say(title: string, description?: string, undo?: () => void): void {
  tell({
    title,
    ...(description === undefined ? {} : { description }),
    ...(undo === undefined ? {} : { actionProps: { children: t('Undo'), onClick: undo }, timeout: 10_000 }),
  });
}

export function sayProblem(error: unknown): void {
  const { said, log, fields, remedy } = wordsOf(error);
  const more = [
    ...fields.map(({ name, message }) => (name === '' ? message : `${name} ${message}`)),
    ...(remedy === undefined ? [] : [remedy.words]),
  ].join(' ');
  tell({
    type: 'problem',
    title: said,
    timeout: 12_000,
    priority: 'high',
    ...(more === '' ? {} : { description: more }),
    data: { log },
  });
}

/** From now on `by` shows them, and first those that wait. @returns what ends that */
export function showBy(by: (said: Said) => void): () => void {
  show = by;
  for (const said of waiting.splice(0)) by(said);
  return () => {
    show = (said) => void waiting.push(said);
  };
}

/** Calls `then` when something is said that nobody shows yet. */
export function whenWaiting(then: () => void): () => void {
  onWaiting = then;
  return () => {
    onWaiting = () => {};
  };
}
