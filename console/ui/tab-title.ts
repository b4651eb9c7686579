/** The name of the tab: which page it is, and before it how much waits for the owner. */
import { t } from '../words/t.ts';

let page = '';
let waiting = 0;

const write = (): void => {
  const count = waiting === 0 ? '' : `(${waiting}) `;
  document.title = `${count}${page === '' ? t('Alfred') : t('{page} · Alfred', { page })}`;
};

/** @param name of the page, as its heading has it */
export function nameTab(name: string): void {
  page = name.replace(/\s+/g, ' ').trim();
  write();
}

export function countTab(count: number): void {
  waiting = count;
  write();
}
