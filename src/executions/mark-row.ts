/** What the owner said of a run, as it is read beside others. */
import type { Mark } from '../contract/marks.ts';

export type MarkRow = { pinned: boolean; rating: string | null; comment: string | null };

/** Columns of `execution_marks AS m`, which may have no row. */
export const markColumns = `m.pinned_at IS NOT NULL AS pinned, m.rating, m.comment`;

export const presentMark = ({ pinned, rating, comment }: MarkRow): Mark => ({
  pinned,
  // A check of the table holds that there is nothing else.
  rating: rating === 'good' || rating === 'bad' ? rating : null,
  comment,
});
