/** What is pressed while the frame stands in the document and nothing answers yet: it is done once the page is there. */
import { keepTyped } from './early-typed.ts';

const buttonsIn = (frame: ParentNode): HTMLElement[] => [
  ...frame.querySelectorAll<HTMLElement>('aside button, nav button'),
];
const place = (): HTMLElement | null => document.getElementById('root');

/** Keeps the last press of a button of the frame. @param frame what is gone once the page is there */
export function keepPresses(frame: Element): void {
  const keep = (event: Event, at: number) => {
    event.preventDefault();
    const root = place();
    if (root) root.dataset.pressed = String(at);
  };
  frame.addEventListener('click', (event) => {
    const button = (event.target as Element).closest('button');
    if (button) keep(event, buttonsIn(frame).indexOf(button));
  });
  document.addEventListener('keydown', (event) => {
    if (!frame.isConnected) return;
    const isMod = event.ctrlKey || event.metaKey;
    const root = place();
    // As the first button says; and what is typed behind that is meant to be found.
    if (isMod && event.key === 'k') keep(event, 0);
    else if (root?.dataset.pressed === '0' && !isMod && event.key.length === 1)
      root.dataset.typed = (root.dataset.typed ?? '') + event.key;
  });
}

/** Presses what was pressed. */
export function pressAgain(): void {
  const root = place();
  const pressed = root?.dataset.pressed;
  if (!root || pressed === undefined) return;
  delete root.dataset.pressed;
  keepTyped(root.dataset.typed ?? '');
  buttonsIn(root)[Number(pressed)]?.click();
}
