/** Where a sealed value stands. It is bound to that place: moved to another row, field or VM it does not open. */
export type Place = {
  table: string;
  /** The row's primary key. */
  rowId: string;
  /** Column and JSON pointer within it: `/config/env/API_KEY`, `/value`. */
  pointer: string;
};

/** For errors and logs: names the place, says nothing of the value. */
export const showPlace = ({ table, rowId, pointer }: Place): string => `${table}/${rowId}${pointer}`;
