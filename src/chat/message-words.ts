import pg from 'pg';
import { Prisma } from '../database/client.ts';

const longestTitle = 60;

/** A conversation's title until somebody gives it one: how its first message begins. No model is asked. */
export function titleOf(text: string, attachments: readonly { name: string }[]): string {
  const line =
    text
      .split('\n')
      .map((each) => each.replaceAll(/\s+/g, ' ').trim())
      .find((each) => each !== '') ??
    attachments[0]?.name ??
    '';
  if (line.length <= longestTitle) return line;
  const cut = line.slice(0, longestTitle);
  // Not in the middle of a word, unless it is one.
  const space = cut.lastIndexOf(' ');
  return `${(space > longestTitle / 2 ? cut.slice(0, space) : cut).trimEnd().toWellFormed()}…`;
}

/** Whether the database refused a second message of one client's id. */
export const isDuplicateClientId = (error: unknown): boolean =>
  error instanceof pg.DatabaseError
    ? error.code === '23505' && error.constraint?.includes('client_id') === true
    : error instanceof Prisma.PrismaClientKnownRequestError &&
      error.code === 'P2002' &&
      JSON.stringify(error.meta ?? {}).includes('client_id');
