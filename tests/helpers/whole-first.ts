import { BaseSequencer, type TestSpecification } from 'vitest/node';
import type { ProjectName } from './projects.ts';

const order: readonly string[] = ['whole', 'database', 'unit'] satisfies ProjectName[];

/** The longest files first, so that no core idles at the end of a run: whole programs, databases, then the rest. */
export class WholeFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => order.indexOf(a.project.name) - order.indexOf(b.project.name));
  }
}
