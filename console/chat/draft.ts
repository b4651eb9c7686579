import { useState } from 'react';

const prefix = 'alfred.draft.';

/** What is said with one message. */
export type Said = {
  text: string;
  files: readonly File[];
  /** A name for it: sent again because nobody knows whether it arrived, it is the same message. */
  clientId: string;
};

/** What is written and not sent yet. Its name is that of a try that failed, as long as nothing of it is changed. */
export type Draft = Omit<Said, 'clientId'> & { clientId?: string };

/**
 * What is written in one place. Its text survives a reload, and ends with its tab.
 *
 * @param key the conversation, or `new`
 */
export function useDraft(key: string): [draft: Draft, setDraft: (draft: Draft) => void] {
  const [state, setState] = useState(() => ({ key, draft: keptDraft(key) }));
  // Another conversation has a draft of its own.
  const draft = state.key === key ? state.draft : keptDraft(key);
  const setDraft = (changed: Draft) => {
    setState({ key, draft: changed });
    if (changed.text === '') sessionStorage.removeItem(prefix + key);
    else sessionStorage.setItem(prefix + key, changed.text);
  };
  return [draft, setDraft];
}

export const noDraft: Draft = { text: '', files: [] };

const keptDraft = (key: string): Draft => ({ ...noDraft, text: sessionStorage.getItem(prefix + key) ?? '' });

/** What could not be sent, to be sent again: before what was written since, so that neither is lost. */
export function withUnsent({ text, files }: Draft, unsent: Said): Draft {
  if (text === '' && files.length === 0) return unsent;
  return {
    text: [unsent.text, text].filter((one) => one !== '').join('\n\n'),
    files: [...unsent.files, ...files],
  };
}

/** Of whoever signs out, nothing stays. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(prefix)))
    sessionStorage.removeItem(key);
}

/** A text that somebody finds written where they come to. */
export const writeDraft = (key: string, text: string): void => sessionStorage.setItem(prefix + key, text);
