import { useState } from 'react';

const prefix = 'alfred.draft.';

/**
 * A text that is written and not sent yet: it survives a reload, and ends with its tab.
 *
 * @param key the conversation, or `new`
 */
export function useDraft(key: string): [text: string, setText: (text: string) => void] {
  const [state, setState] = useState({ key, text: readDraft(key) });
  // Another conversation has a draft of its own.
  const text = state.key === key ? state.text : readDraft(key);
  const setText = (changed: string) => {
    setState({ key, text: changed });
    if (changed === '') sessionStorage.removeItem(prefix + key);
    else sessionStorage.setItem(prefix + key, changed);
  };
  return [text, setText];
}

const readDraft = (key: string): string => sessionStorage.getItem(prefix + key) ?? '';

/** Of whoever signs out, nothing stays. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(prefix)))
    sessionStorage.removeItem(key);
}

/** A text that somebody finds written where they come to. */
export const writeDraft = (key: string, text: string): void => sessionStorage.setItem(prefix + key, text);
