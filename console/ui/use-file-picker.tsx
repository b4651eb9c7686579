/** Files that a person picks in the browser's own dialog. */
import { type ReactNode, useRef } from 'react';

/** What is to be drawn for it, unseen, and what opens the dialog. */
export type FilePicker = { field: ReactNode; open(): void };

export function useFilePicker(
  onPick: (files: File[]) => void,
  options: { label: string; accept?: string; multiple?: boolean },
): FilePicker {
  const input = useRef<HTMLInputElement>(null);
  const { label, ...rest } = options;
  const field = (
    <input
      ref={input}
      type="file"
      hidden
      aria-label={label}
      {...rest}
      onChange={({ target }) => {
        // The list is the browser's own, and is emptied with its field, so that the same file can be picked again.
        onPick([...(target.files ?? [])]);
        target.value = '';
      }}
    />
  );
  return { field, open: () => input.current?.click() };
}
