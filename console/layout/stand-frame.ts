/**
 * Stands in the document, behind the frame (frame-markup.tsx), and shows it: in the owner's theme and language, to whom is signed in
 * here. It has the questions of Home asked at once, which its page would ask once the script has come.
 */
import '../ui/no-eval.ts';
import { firstReads } from '../home/first-reads.ts';
import { language } from '../words/language.ts';
import { askFirst, askRead, scripts } from './ask.ts';
import { keepPresses } from './early-presses.ts';
import { isNoted, isSignedInHere } from './signed-in-here.ts';
import { applyTheme, readTheme } from './theme.ts';

/** Put in when the console is built. */
declare const frameWords: {
  greetings: readonly string[];
  /** By language, what is said in the frame. */
  catalogs: Record<string, Record<string, string>>;
};

const { greetings, catalogs } = frameWords;
const path = location.pathname;
const said = (text: string): string => catalogs[language]?.[text] ?? text;

function speak(frame: DocumentFragment): void {
  const texts = document.createTreeWalker(frame, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data } = texts.currentNode as Text;
    (texts.currentNode as Text).data = data.replace(data.trim(), said(data.trim()));
  }
  for (const each of frame.querySelectorAll('[aria-label]'))
    each.setAttribute('aria-label', said(each.getAttribute('aria-label') ?? ''));
}

function markPlace(frame: DocumentFragment): void {
  for (const link of frame.querySelectorAll('aside a, nav a')) {
    const to = link.getAttribute('href') ?? '';
    if (path !== to && (to === '/' || !path.startsWith(`${to}/`))) continue;
    link.setAttribute('data-status', 'active');
    link.setAttribute('aria-current', 'page');
  }
}

async function begin(): Promise<void> {
  askFirst();
  try {
    for (const each of scripts) await import(/* @vite-ignore */ each);
  } catch {
    sayLost();
  }
}

/** In the frame where it stands: the script did not come, and nothing else would ever be said. */
function sayLost(): void {
  const note = document.querySelector<HTMLTemplateElement>('template[data-lost]')?.content;
  if (!note) return;
  speak(note);
  note.querySelector('button')?.addEventListener('click', () => location.reload());
  (document.querySelector('main') ?? document.getElementById('root'))?.prepend(note);
}

/** Once the frame is seen: the console's first work is long, and nothing is drawn meanwhile. A page that nobody looks at is not drawn. */
function onceSeen(work: () => void): void {
  const timer = setTimeout(done, 250);
  const seen = new PerformanceObserver(done);
  seen.observe({ type: 'paint', buffered: true });
  function done(): void {
    clearTimeout(timer);
    seen.disconnect();
    work();
  }
}

applyTheme(readTheme());
const frame = document.querySelector('template')?.content;
// From a link in a notice: who has it need not be signed in, and is shown that one call alone.
if (frame && isSignedInHere() && path !== '/approve') {
  const heading = frame.querySelector('h1');
  if (heading) heading.textContent = greetings[new Date().getHours()] ?? '';
  if (path !== '/' || isNoted()) frame.querySelector('main')?.replaceChildren();
  speak(frame);
  markPlace(frame);
  if (frame.firstElementChild) keepPresses(frame.firstElementChild);
  document.getElementById('root')?.append(frame);
  onceSeen(() => {
    void begin();
    if (path === '/') for (const address of firstReads()) askRead(address);
  });
} else void begin();
