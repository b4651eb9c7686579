/** Files that go with a message. What cannot go is said before anything is sent. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { attachmentProblem, attachmentWords } from '../../contract/attachment-limits.ts';
import type { AttachmentInput } from '../../contract/attachments.ts';
import { messageOf } from '../../kernel/errors.ts';
import { usageProblem } from '../problem.ts';

/** By a file's name; the server looks at the content of all others. */
const mediaTypes: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.pdf': 'application/pdf',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
};

/** @throws CliProblem wrong usage: a file that is not there, or does not fit with the others */
export async function readAttachments(files: readonly string[]): Promise<AttachmentInput[]> {
  const sizes = await Promise.all(files.map(async (file) => ({ name: file, size: await sizeOf(file) })));
  const problem = attachmentProblem(sizes);
  if (problem !== undefined) throw usageProblem(problem, `Attach ${attachmentWords}.`);
  return await Promise.all(
    files.map(async (file) => ({
      name: path.basename(file),
      mediaType: mediaTypes[path.extname(file).toLowerCase()] ?? 'text/plain',
      data: (await readFile(file)).toString('base64'),
    })),
  );
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw usageProblem(`${file} cannot be read: ${messageOf(error)}`);
  }
  throw usageProblem(`${file} is no file.`);
}
