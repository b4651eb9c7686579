/** The name of the tab: which page it is, and before it how much waits for the owner. */
let page = '';
let waiting = 0;

const write = (): void => {
  const count = waiting === 0 ? '' : `(${waiting}) `;
  document.title = `${count}${page === '' ? 'Alfred' : `${page} · Alfred`}`;
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
